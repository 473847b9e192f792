import assert from 'node:assert/strict';
import { test } from 'node:test';
import { levelOf, newerCount, shownLines } from './log-lines.ts';

const line = (atMs: number, code: string) => ({ atMs, code, params: {} });
const lines = [line(1, 'ENGINE_OK'), line(2, 'ENGINE_KO'), line(2, 'ENGINE_KO'), line(3, 'CHANNEL_DOWN')];

test('a level hides what is less, the newest first, and equal lines stay apart', () => {
  assert.deepEqual(
    shownLines(lines, 'warn').map(({ key }) => key),
    ['3 CHANNEL_DOWN 1', '2 ENGINE_KO 2', '2 ENGINE_KO 1'],
  );
  assert.equal(shownLines(lines, 'error').length, 2);
  assert.equal(levelOf('FROM_A_NEWER_SERVER'), 'info');
});

test('a paused log knows how much it has missed', () => {
  assert.equal(newerCount(lines, lines.slice(0, 2)), 1);
  assert.equal(newerCount(lines, lines), 0);
  assert.equal(newerCount(lines, []), 4);
});
