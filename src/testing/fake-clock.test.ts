import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFakeClock } from './fake-clock.ts';

test('timers run in order of time, also those set on the way, and can be taken back', () => {
  const clock = createFakeClock(0);
  const seen: string[] = [];
  const note = (what: string) => () => seen.push(`${what}@${clock.nowMs()}`);
  clock.after(300, note('c'));
  clock.after(100, () => clock.after(50, note('b')));
  clock.after(100, note('a'));
  clock.after(200, note('never'))();
  const stop = clock.every(400, note('tick'));
  clock.advance(850);
  stop();
  clock.advance(1_000);
  assert.deepEqual(seen, ['a@100', 'b@150', 'c@300', 'tick@400', 'tick@800']);
  assert.equal(clock.nowMs(), 1_850);
});
