import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createFakeClock } from '../../testing/fake-clock.ts';
import { ioClockOf } from '../../testing/io-clock.ts';
import { createAddressRate } from './address-rate.ts';
import { backOffDelayMs } from './back-off.ts';
import { plainAddress } from './ip-address.ts';

describe('address rate', () => {
  it('allows a burst, then so many a second, for each address by itself', () => {
    const fake = createFakeClock();
    const rate = createAddressRate({ perSecond: 2, burst: 3, clock: ioClockOf(fake) });
    const tries = (count: number, address: string) => Array.from({ length: count }, () => rate.isAllowed(address));
    assert.deepEqual(tries(5, 'a'), [true, true, true, false, false]);
    assert.deepEqual(tries(1, 'b'), [true]);
    fake.advance(1_000);
    assert.deepEqual(tries(3, 'a'), [true, true, false]);
    fake.advance(3_600_000);
    assert.deepEqual(tries(4, 'a'), [true, true, true, false]);
  });
});

describe('back-off', () => {
  it('doubles up to its most, jittered by half', () => {
    const bounds = { minMs: 100, maxMs: 1_000 };
    const longest = [1, 2, 3, 4, 5, 100].map((attempt) => backOffDelayMs(attempt, bounds, () => 1));
    assert.deepEqual(longest, [100, 200, 400, 800, 1_000, 1_000]);
    assert.equal(
      backOffDelayMs(2, bounds, () => 0),
      100,
    );
  });
});

describe('addresses', () => {
  it('are shown plainly, and what is none is nothing', () => {
    assert.deepEqual(['::ffff:10.0.0.1', '::1', 'fe80::1%eth0', 'x', '', undefined].map(plainAddress), [
      ...['10.0.0.1', '::1', 'fe80::1'],
      ...[undefined, undefined, undefined],
    ]);
  });
});
