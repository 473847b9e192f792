import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keepReading, nothingKept } from './reading-history.ts';

const reading = (second: number) => ({
  ...{ receivedAtMs: second * 1_000, powerW: 1_000 + second, energyWh: second, amountCents: 0 },
});

test('of ten minutes the last one is kept whole, what is older by one reading in ten, and no more', () => {
  const kept = nothingKept();
  for (let second = 0; second < 3_600; second += 1) keepReading(kept, reading(second));
  const seconds = [...kept.older, ...kept.recent].map(({ atMs }) => atMs / 1_000);
  assert.deepEqual(
    seconds.slice(-60),
    Array.from({ length: 60 }, (_, index) => 3_540 + index),
  );
  assert.ok(seconds.length <= 124, `${seconds.length} readings`);
  const [oldest = 0] = seconds;
  assert.ok(3_600 - oldest >= 590 && 3_600 - oldest <= 620, `back to ${3_600 - oldest} s ago`);
  assert.deepEqual(
    [...seconds].sort((one, other) => one - other),
    seconds,
    'in order',
  );
});

test('a supply that takes over the index of another begins with nothing', () => {
  const kept = nothingKept();
  for (let second = 0; second < 200; second += 1) keepReading(kept, reading(second));
  keepReading(kept, reading(1));
  assert.deepEqual([kept.older.length, kept.recent.length], [0, 1]);
});
