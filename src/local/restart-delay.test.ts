import assert from 'node:assert/strict';
import { test } from 'node:test';
import { afterDeath, restartDelayMs } from './restart-delay.ts';

test('deaths in a row double the wait, up to 15 s', () => {
  let history = { quickDeaths: 0 };
  const delays: number[] = [];
  for (let death = 0; death < 8; death += 1) {
    history = afterDeath(history, 100);
    delays.push(restartDelayMs(history));
  }
  assert.deepEqual(delays, [500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000]);
});

test('a life of 30 s makes the next death a first one again', () => {
  assert.equal(restartDelayMs(afterDeath({ quickDeaths: 6 }, 30_000)), 500);
});
