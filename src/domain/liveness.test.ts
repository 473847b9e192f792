import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_LIVENESS, engineHealth, isLost, startWatch, sweep, UNKNOWN_HEALTH, watchedMs } from './liveness.ts';

test('three periods without a frame are a loss, less is not (F-27)', () => {
  assert.equal(isLost(DEFAULT_LIVENESS, 1_000, 3_999), false);
  assert.equal(isLost(DEFAULT_LIVENESS, 1_000, 4_000), true);
});

test('time in which the own loop stood still is not the silence of the others', () => {
  let watch = startWatch(0);
  const heardAt = watchedMs(watch, 0);
  watch = sweep(watch, 500, 500);
  watch = sweep(watch, 500, 20_500);
  assert.equal(isLost(DEFAULT_LIVENESS, heardAt, watchedMs(watch, 20_500)), false);
  for (const nowMs of [21_000, 21_500, 22_000, 22_500]) watch = sweep(watch, 500, nowMs);
  assert.equal(isLost(DEFAULT_LIVENESS, heardAt, watchedMs(watch, 22_500)), true);
});

test('one missed answer is not KO, two are; a KO or a closed link is at once; OK clears both', () => {
  const ok = engineHealth(UNKNOWN_HEALTH, 'OK');
  const once = engineHealth(ok, 'MISSED');
  assert.deepEqual([once.isOk, engineHealth(once, 'MISSED').isOk], [true, false]);
  assert.deepEqual([engineHealth(ok, 'KO').isOk, engineHealth(ok, 'CLOSED').isOk], [false, false]);
  assert.deepEqual(engineHealth(engineHealth(ok, 'KO'), 'OK'), { misses: 0, isOk: true });
});
