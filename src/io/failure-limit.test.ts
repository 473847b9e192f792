import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from './clock.ts';
import { createFailureLimit } from './failure-limit.ts';

function limitAt(start: { nowMs: number }) {
  const clock = { ...systemClock, monotonicMs: () => start.nowMs };
  return createFailureLimit({ maxFailures: 3, windowMs: 1_000, clock });
}

test('a source is barred after its failures, for the rest of the window, and nobody else is', () => {
  const time = { nowMs: 0 };
  const limit = limitAt(time);
  for (let i = 0; i < 3; i++) {
    assert.equal(limit.barredForMs('10.0.0.1'), undefined);
    limit.noteFailure('10.0.0.1');
  }
  time.nowMs = 400;
  assert.equal(limit.barredForMs('10.0.0.1'), 600);
  assert.equal(limit.barredForMs('10.0.0.2'), undefined);
  time.nowMs = 1_000;
  assert.equal(limit.barredForMs('10.0.0.1'), undefined);
});

test('a success forgives the failures before it', () => {
  const limit = limitAt({ nowMs: 0 });
  for (let i = 0; i < 2; i++) limit.noteFailure('a');
  limit.noteSuccess('a');
  limit.noteFailure('a');
  assert.equal(limit.barredForMs('a'), undefined);
});

test('ten thousand sources later the memory is still bounded and the newest is still known', () => {
  const limit = limitAt({ nowMs: 0 });
  for (let i = 0; i < 10_050; i++) for (let n = 0; n < 3; n++) limit.noteFailure(`source ${i}`);
  assert.equal(limit.barredForMs('source 0'), undefined);
  assert.equal(limit.barredForMs('source 10049'), 1_000);
});
