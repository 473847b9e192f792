import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { choosePlace, isLapsed, LEASE_LENGTH_MS, renewalDelayMs } from './channel-lease.ts';

const load = (channelNumber: number, partition: number, clients: number) => ({ channelNumber, partition, clients });

test('a new client goes to the emptiest place', () => {
  const loads = [load(0, 0, 3), load(0, 1, 1), load(1, 0, 2)];
  assert.deepEqual(choosePlace(loads, undefined, 0.5), { channelNumber: 0, partition: 1 });
});

test('a client stays unless another place has less than half of the clients (D-11)', () => {
  const here = { channelNumber: 0, partition: 0 };
  assert.deepEqual(choosePlace([load(0, 0, 10), load(0, 1, 5)], here, 0), here);
  assert.deepEqual(choosePlace([load(0, 0, 10), load(0, 1, 4)], here, 0), { channelNumber: 0, partition: 1 });
});

test('a place that exists no longer is left', () => {
  assert.deepEqual(choosePlace([load(0, 0, 9)], { channelNumber: 7, partition: 1 }, 0.9), {
    channelNumber: 0,
    partition: 0,
  });
});

test('many clients spread evenly, whatever is drawn', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), { minLength: 40, maxLength: 200 }),
      (draws) => {
        const loads = Array.from({ length: 20 }, (_, index) => load(Math.floor(index / 2), index % 2, 0));
        for (const draw of draws) {
          const place = choosePlace(loads, undefined, draw);
          loads.find((l) => l.channelNumber === place.channelNumber && l.partition === place.partition)!.clients += 1;
        }
        const counts = loads.map((l) => l.clients);
        assert.ok(Math.max(...counts) - Math.min(...counts) <= 1);
      },
    ),
  );
});

test('renewal comes at 8 min +- 30 s and always before the end', () => {
  assert.equal(renewalDelayMs(LEASE_LENGTH_MS, 0), 450_000);
  assert.equal(renewalDelayMs(LEASE_LENGTH_MS, 1), 510_000);
  assert.ok(renewalDelayMs(2_000, 1) < 2_000);
});

test('a lease has lapsed from its last millisecond on', () => {
  assert.equal(isLapsed({ expiresAtMs: 10 }, 9), false);
  assert.equal(isLapsed({ expiresAtMs: 10 }, 10), true);
});
