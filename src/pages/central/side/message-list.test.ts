import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PanelMessage } from '../../../messages/live-stream.ts';
import { newSince, shownMessages, unreadNotices } from './message-list.ts';

function message(n: number, change: Partial<PanelMessage> = {}): PanelMessage {
  return {
    messageId: `m${n}`,
    atMs: n,
    level: 'info',
    source: 'central',
    code: 'CP_ADDED',
    params: {},
    count: 1,
    ...change,
  };
}

test('messages come newest first and by level', () => {
  const all = [message(1, { level: 'error' }), message(3), message(2, { level: 'warn' })];
  const ids = (filter: 'ALL' | 'WARN' | 'ERROR') => shownMessages(all, filter).map(({ messageId }) => messageId);
  assert.deepEqual([ids('ALL'), ids('WARN'), ids('ERROR')], [['m3', 'm2', 'm1'], ['m2', 'm1'], ['m1']]);
});

test('a held list counts what came meanwhile, repeats of known messages too, and nothing that merely left', () => {
  const held = [message(3), message(2, { count: 2 }), message(1)];
  assert.equal(newSince(held, held.slice(0, 2)), 0);
  assert.equal(newSince(held, [message(4), message(3), message(2, { count: 5, atMs: 9 })]), 4);
});

test('notices are warnings and errors that came since the bell was last opened', () => {
  const all = [message(1, { level: 'error' }), message(5, { level: 'warn' }), message(9)];
  assert.equal(unreadNotices(all, 1), 1);
  assert.equal(unreadNotices(all, 0), 2);
});
