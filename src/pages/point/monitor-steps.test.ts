import assert from 'node:assert/strict';
import { test } from 'node:test';
import { monitorView } from '../testing/scenes.ts';
import { monitorSteps, nextAction } from './monitor-steps.ts';

const statuses = (view: Parameters<typeof monitorSteps>[0]) => monitorSteps(view).map(({ status }) => status);
const noKey = { isInstalled: false, isRevoked: false };
const noEngine = { ...monitorView().engine, isPaired: false, isOk: false, isChannelUp: false };

test('a point in service has all its steps done, with their times', () => {
  const view = monitorView({ log: [{ atMs: 5, code: 'AUTHENTICATED', params: {} }] });
  assert.deepEqual(statuses(view), ['DONE', 'DONE', 'DONE', 'DONE', 'DONE', 'DONE']);
  assert.equal(monitorSteps(view)[2]?.atMs, 5);
  assert.equal(nextAction(view), undefined);
});

test('a starting point is under way, not failed', () => {
  const starting = monitorView({ isRegistered: false, central: { isConnected: false }, key: noKey, engine: noEngine });
  assert.deepEqual(statuses(starting), ['NOW', 'WAITING', 'WAITING', 'WAITING', 'WAITING', 'WAITING']);
  assert.equal(nextAction(starting), 'REGISTER');
  assert.deepEqual(statuses({ ...monitorView(), engine: noEngine, key: { ...noKey, keyId: 'x' } })[4], 'NOW');
});

test('a refusal is at the step that it stopped, and the remedy is named', () => {
  const refused = monitorView({ central: { isConnected: false, refusal: 'RETIRED' }, key: noKey, engine: noEngine });
  assert.deepEqual(monitorSteps(refused)[2], { id: 'AUTHENTICATED', status: 'FAILED', code: 'RETIRED' });
  assert.equal(nextAction(refused), 'REGISTER');
});

test('D-12 a revoked key asks for a new authentication', () => {
  const revoked = monitorView({ key: { isInstalled: false, isRevoked: true }, engine: noEngine });
  assert.deepEqual(monitorSteps(revoked)[3], { id: 'KEY', status: 'FAILED', code: 'KEY_REVOKED' });
  assert.equal(nextAction(revoked), 'AUTHENTICATE');
});
