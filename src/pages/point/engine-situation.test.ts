import assert from 'node:assert/strict';
import { test } from 'node:test';
import { engineView, testUuid } from '../testing/scenes.ts';
import { bandState, buttonOfKey, buttonsOf, outReasons, situationOf } from './engine-situation.ts';

const supply = {
  requestId: testUuid(1),
  origin: 'APP' as const,
  energyWh: 0,
  powerW: 0,
  amountCents: 0,
  priceE4PerKwh: 2_500,
};

test('somebody’s running charge is on the screen even while the point is faulted or alone', () => {
  const view = engineView({ phase: 'CHARGING', supply, isFaulted: true, isMonitorPresent: false });
  assert.equal(situationOf(view), 'CHARGING');
  assert.equal(bandState(view), 'DISCONNECTED');
  assert.deepEqual(buttonsOf(view).slice(0, 2), ['unplug', 'stop']);
});

test('the band follows the network’s rule: monitor, fault, supply, holds', () => {
  assert.equal(bandState(engineView()), 'AVAILABLE');
  assert.equal(bandState(engineView({ isFaulted: true })), 'FAULTED');
  assert.equal(bandState(engineView({ holds: ['OPERATOR'] })), 'OUT_OF_SERVICE');
  assert.equal(bandState(engineView({ isChannelUp: false })), 'OUT_OF_SERVICE');
  assert.equal(bandState(engineView({ phase: 'REQUESTING' })), 'CHARGING');
});

test('plugging is offered only once the supply is authorised', () => {
  assert.equal(buttonsOf(engineView({ phase: 'ACCEPTED', supply })).includes('plug'), false);
  assert.equal(buttonsOf(engineView({ phase: 'AUTHORISED', supply }))[0], 'plug');
});

test('a hold set here can be lifted here', () => {
  assert.equal(buttonsOf(engineView({ isLocalHold: true, holds: ['LOCAL', 'OPERATOR'] }))[0], 'release');
  assert.equal(buttonsOf(engineView()).includes('hold'), true);
});

test('keys press only what is on the screen', () => {
  assert.equal(buttonOfKey(engineView(), 'a'), 'start');
  assert.equal(buttonOfKey(engineView(), 'E'), undefined);
  assert.equal(buttonOfKey(engineView({ phase: 'CHARGING', supply }), 'e'), 'unplug');
  assert.equal(buttonOfKey(engineView({ isFaulted: true }), 'K'), 'clearFault');
});

test('all reasons are listed, the local one as it is here', () => {
  assert.deepEqual(outReasons(engineView({ holds: ['OPERATOR', 'LOCAL'], isChannelUp: false })), [
    'OPERATOR',
    'NO_CHANNEL',
  ]);
  assert.deepEqual(outReasons(engineView({ isLocalHold: true })), ['LOCAL']);
});
