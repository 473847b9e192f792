import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { testSeed } from '../testing/seed.ts';
import { amountCents } from './tariff.ts';

const seed = testSeed('tariff');

test('whole cents, halves to the even one (F-26)', () => {
  const cases = [
    [0, 2_500, 0],
    [1_000, 2_500, 25],
    [20, 2_500, 0],
    [60, 2_500, 2],
    [100, 2_500, 2],
    [140, 2_500, 4],
    [61, 2_500, 2],
    [15_430, 2_999, 463],
    [2_147_483_647, 1_000_000, 21_474_836_470],
  ] as const;
  for (const [energyWh, priceE4, cents] of cases) assert.equal(amountCents(energyWh, priceE4), cents, `${energyWh} Wh`);
});

test('never off by more than half a cent, and it never falls when the energy grows (F-26)', () => {
  const energy = fc.integer({ min: 0, max: 2_147_483_647 });
  fc.assert(
    fc.property(energy, fc.integer({ min: 0, max: 1_000_000 }), (energyWh, priceE4) => {
      const cents = BigInt(amountCents(energyWh, priceE4));
      const rest = BigInt(energyWh) * BigInt(priceE4) - cents * 100_000n;
      assert.ok(rest >= -50_000n && rest <= 50_000n);
      assert.ok(Number(cents) <= amountCents(energyWh + 1, priceE4));
    }),
    { seed },
  );
});
