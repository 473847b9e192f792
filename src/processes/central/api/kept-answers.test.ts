import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFakeClock } from '../../../testing/fake-clock.ts';
import { ioClockOf } from '../../../testing/io-clock.ts';
import { keptAnswers } from './kept-answers.ts';

test('all who ask within the time get one computation; a failure is not kept, and the oldest of too many go', async () => {
  const fake = createFakeClock();
  const clock = ioClockOf(fake);
  let made = 0;
  const ask = keptAnswers<number>({ clock, keptMs: 1_000, most: 2 });
  const make = async () => {
    made += 1;
    return made;
  };
  assert.deepEqual(await Promise.all([ask('a', make), ask('a', make)]), [1, 1]);
  fake.advance(1_001);
  assert.equal(await ask('a', make), 2);
  await assert.rejects(ask('b', () => Promise.reject(new Error('away'))));
  assert.equal(await ask('b', make), 3);
  await ask('c', make);
  assert.equal(await ask('a', make), 5, 'a was the oldest of three');
});
