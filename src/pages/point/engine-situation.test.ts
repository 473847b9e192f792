import assert from 'node:assert/strict';
import { test } from 'node:test';
import { engineView, testUuid } from '../testing/scenes.ts';
import {
  aftermathOf,
  bandState,
  buttonOfKey,
  buttonsOf,
  faultSinceMs,
  freshTicket,
  outReasons,
  simulationParts,
  situationOf,
} from './engine-situation.ts';

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

const ticket = {
  ...{ supplyId: testUuid(5), energyWh: 200, amountCents: 5, priceE4PerKwh: 2_500, endedAtMs: 1_000_000 },
  ...{ endReason: 'UNPLUGGED' as const, isAcknowledged: true },
};

test('D-09 without Central an idle point is not free', () => {
  const view = engineView({ isCentralReachable: false });
  assert.equal(situationOf(view), 'NO_CENTRAL');
  assert.equal(bandState(view), 'OUT_OF_SERVICE');
  assert.equal(situationOf({ ...view, phase: 'CHARGING', supply }), 'CHARGING');
});

test('a ticket stands large for half a minute, and never over the next charge', () => {
  const view = engineView({ lastTicket: ticket });
  assert.equal(freshTicket(view, 1_029_000)?.energyWh, 200);
  assert.equal(freshTicket(view, 1_031_000), undefined);
  assert.equal(freshTicket({ ...view, supply }, 1_001_000), undefined);
});

test('D-10 after a restart or a fault the reader is told what became of the charge', () => {
  const restarted = engineView({ lastTicket: { ...ticket, endReason: 'ENGINE_RESTART', ticketNumber: 52 } });
  assert.deepEqual(aftermathOf(restarted), { kind: 'RESTART', energyWh: 200, ticketNumber: 52 });
  const unsent = engineView({ lastTicket: { ...ticket, endReason: 'ENGINE_RESTART', isAcknowledged: false } });
  assert.equal(aftermathOf(unsent)?.kind, 'RESTART_UNSENT');
  const faulted = { lastTicket: { ...ticket, endReason: 'FAULT' as const }, isFaulted: true };
  const log = [{ atMs: 7, code: 'FAULT_ON', params: {} }];
  assert.equal(aftermathOf(engineView({ ...faulted, log }))?.kind, 'FAULT');
  assert.equal(faultSinceMs(engineView({ ...faulted, log })), 7);
  assert.equal(aftermathOf(engineView({ lastTicket: ticket })), undefined);
});

test('every simulation is named, a plain charge has none', () => {
  assert.deepEqual(simulationParts(engineView()), []);
  const simulation = { speed: 10, autoPlugMs: 0, autoUnplugMs: 5_000, isLinkCut: true };
  const view = engineView({ simulation, faultCode: 'FAULT_KEY', isFaulted: true });
  assert.deepEqual(simulationParts(view), ['SPEED', 'AUTO', 'LINK', 'FAULT']);
});
