import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  decideAbout,
  effectsOf,
  endedRecord,
  engineRecord,
  moment,
  openSupply,
  pointWith,
  START_MS,
  SUPPLY_ID,
} from '../testing/supply-builders.ts';
import type { PointFacts } from './charging-point.ts';
import { type EndedSupply, newerSnapshot, type OpenSupply, type Supply } from './supply.ts';
import { decideSupply } from './supply-decide.ts';
import type { SupplyDecision, SupplyEvent } from './supply-decision.ts';
import type { EndReason, OpenSupplyState, SupplyState } from './vocabulary.ts';

interface Row {
  readonly from: OpenSupplyState;
  readonly ordered?: EndReason;
  readonly event: SupplyEvent;
  readonly atMs?: number;
  readonly to: SupplyState;
  readonly effects: readonly string[];
}

const started: SupplyEvent = { kind: 'supply-started', record: engineRecord() };
const ended: SupplyEvent = { kind: 'supply-ended', record: endedRecord() };
const forgotten: SupplyEvent = {
  kind: 'supply-ended',
  record: endedRecord({ pluggedAtMs: undefined, energyWh: 0, sequence: 0, endReason: 'CANCELLED' }),
};
const deadline: SupplyEvent = { kind: 'deadline', supplyId: SUPPLY_ID };
const driverStop: SupplyEvent = { kind: 'driver-stop', supplyId: SUPPLY_ID, driverId: 'DRV001' };
const operatorStop: SupplyEvent = { kind: 'operator-stop', when: 'NOW' };
const reading: SupplyEvent = { kind: 'meter-reading', supplyId: SUPPLY_ID, measuredAtMs: START_MS };
const accepted: SupplyEvent = { kind: 'supply-accepted', supplyId: SUPPLY_ID };
const told = 'notify-requester';
const closing = ['issue-ticket', 'send-supply-closed', told];

const rows: readonly Row[] = [
  { from: 'REQUESTED', event: accepted, to: 'PREPARING', effects: ['send-supply-authorised', told] },
  {
    from: 'REQUESTED',
    event: { kind: 'supply-declined', supplyId: SUPPLY_ID, code: 'BUSY' },
    to: 'DENIED',
    effects: ['send-cancel-supply', told],
  },
  { from: 'REQUESTED', event: deadline, atMs: 1_000, to: 'DENIED', effects: ['send-cancel-supply', told] },
  { from: 'REQUESTED', event: driverStop, to: 'DENIED', effects: ['send-cancel-supply', told] },
  { from: 'REQUESTED', event: operatorStop, to: 'DENIED', effects: ['send-cancel-supply', told] },
  { from: 'REQUESTED', event: { kind: 'engine-ko' }, to: 'DENIED', effects: ['send-cancel-supply', told] },
  { from: 'REQUESTED', event: { kind: 'monitor-lost' }, to: 'DENIED', effects: ['send-cancel-supply', told] },
  { from: 'REQUESTED', event: { kind: 'key-revoked' }, to: 'DENIED', effects: [told] },
  { from: 'PREPARING', event: started, to: 'CHARGING', effects: [told] },
  { from: 'PREPARING', event: reading, to: 'CHARGING', effects: [told] },
  {
    from: 'PREPARING',
    event: deadline,
    atMs: 1_000,
    to: 'ENDING',
    effects: ['send-stop-supply PLUG_TIMEOUT BOTH', told],
  },
  { from: 'PREPARING', event: driverStop, to: 'ENDING', effects: ['send-stop-supply CANCELLED BOTH', told] },
  { from: 'PREPARING', event: operatorStop, to: 'ENDING', effects: ['send-stop-supply OPERATOR_STOP BOTH', told] },
  {
    from: 'PREPARING',
    event: { kind: 'engine-ko' },
    to: 'INTERRUPTED',
    effects: ['send-stop-supply FAULT BOTH', told],
  },
  { from: 'PREPARING', event: { kind: 'monitor-lost' }, to: 'PREPARING', effects: [] },
  { from: 'PREPARING', event: accepted, to: 'PREPARING', effects: ['send-supply-authorised'] },
  {
    from: 'PREPARING',
    event: { kind: 'supply-declined', supplyId: SUPPLY_ID, code: 'NO_KEY' },
    to: 'PREPARING',
    effects: ['send-supply-authorised'],
  },
  { from: 'PREPARING', event: forgotten, to: 'ENDED', effects: closing },
  { from: 'CHARGING', event: driverStop, to: 'ENDING', effects: ['send-stop-supply DRIVER_STOP BOTH', told] },
  {
    from: 'CHARGING',
    event: { kind: 'key-revoked' },
    to: 'ENDING',
    effects: ['send-stop-supply KEY_REVOKED MONITOR', told],
  },
  { from: 'CHARGING', event: { kind: 'engine-ko' }, to: 'INTERRUPTED', effects: ['send-stop-supply FAULT BOTH', told] },
  { from: 'CHARGING', event: { kind: 'monitor-lost' }, to: 'CHARGING', effects: [] },
  { from: 'CHARGING', event: { kind: 'operator-stop', when: 'AFTER_SUPPLY' }, to: 'CHARGING', effects: [] },
  { from: 'CHARGING', event: { kind: 'operator-settle', supplyId: SUPPLY_ID }, to: 'CHARGING', effects: [] },
  { from: 'CHARGING', event: started, to: 'CHARGING', effects: [] },
  { from: 'CHARGING', event: reading, to: 'CHARGING', effects: [] },
  {
    from: 'ENDING',
    ordered: 'DRIVER_STOP',
    event: deadline,
    atMs: 1_000,
    to: 'INTERRUPTED',
    effects: ['send-stop-supply DRIVER_STOP BOTH', told],
  },
  {
    from: 'ENDING',
    ordered: 'DRIVER_STOP',
    event: { kind: 'engine-ko' },
    to: 'INTERRUPTED',
    effects: ['send-stop-supply DRIVER_STOP BOTH', told],
  },
  {
    from: 'ENDING',
    ordered: 'DRIVER_STOP',
    event: driverStop,
    to: 'ENDING',
    effects: ['send-stop-supply DRIVER_STOP BOTH'],
  },
  {
    from: 'ENDING',
    ordered: 'DRIVER_STOP',
    event: started,
    to: 'ENDING',
    effects: ['send-stop-supply DRIVER_STOP BOTH'],
  },
  { from: 'ENDING', ordered: 'PLUG_TIMEOUT', event: started, to: 'CHARGING', effects: [told] },
  {
    from: 'INTERRUPTED',
    ordered: 'FAULT',
    event: started,
    to: 'INTERRUPTED',
    effects: ['send-stop-supply FAULT BOTH'],
  },
  {
    from: 'INTERRUPTED',
    ordered: 'FAULT',
    event: reading,
    to: 'INTERRUPTED',
    effects: ['send-stop-supply FAULT BOTH'],
  },
  {
    from: 'INTERRUPTED',
    ordered: 'FAULT',
    event: { kind: 'engine-ok' },
    to: 'INTERRUPTED',
    effects: ['send-stop-supply FAULT BOTH'],
  },
  {
    from: 'INTERRUPTED',
    ordered: 'FAULT',
    event: { kind: 'monitor-connected' },
    to: 'INTERRUPTED',
    effects: ['send-stop-supply FAULT BOTH'],
  },
  { from: 'INTERRUPTED', ordered: 'FAULT', event: deadline, atMs: 1_000, to: 'ENDED', effects: ['issue-ticket', told] },
  {
    from: 'INTERRUPTED',
    ordered: 'FAULT',
    event: { kind: 'operator-settle', supplyId: SUPPLY_ID },
    to: 'ENDED',
    effects: ['issue-ticket', told],
  },
  { from: 'INTERRUPTED', ordered: 'FAULT', event: forgotten, to: 'ENDED', effects: ['issue-ticket', told] },
];

for (const row of rows) {
  const about = `${row.from}${row.ordered === undefined ? '' : `(${row.ordered})`} + ${row.event.kind}`;
  test(`${about} -> ${row.to}: ${row.effects.join(', ') || 'nothing to do'}`, () => {
    const decision = decideAbout(
      openSupply(row.from, { orderedEndReason: row.ordered ?? null }),
      row.event,
      moment(row.atMs ?? 0),
    );
    assert.equal(decision.supply?.state, row.to);
    assert.deepEqual(effectsOf(decision), row.effects);
  });
}

for (const state of ['REQUESTED', 'PREPARING', 'CHARGING', 'ENDING', 'INTERRUPTED'] as const) {
  test(`supply-ended closes ${state} with one ticket, wallet and acknowledgement; a repeat only acknowledges (F-21, F-24)`, () => {
    const decision = decideAbout(openSupply(state), ended);
    assert.deepEqual(effectsOf(decision), closing);
    const supply = decision.supply as EndedSupply;
    assert.deepEqual(
      [supply.state, supply.energyWh, supply.amountCents, supply.endReason, supply.isEstimated, supply.deadlineAtMs],
      ['ENDED', 40, 1, 'UNPLUGGED', false, null],
    );
    const again = decideAbout(supply, ended);
    assert.equal(again.supply, supply);
    assert.deepEqual(effectsOf(again), ['send-supply-closed']);
  });

  test(`a timer of ${state} that is not due changes nothing`, () => {
    const supply = openSupply(state);
    assert.deepEqual(decideAbout(supply, deadline, moment(999)), { supply, effects: [] });
  });
}

test('each refusal of a request that was already made says why', () => {
  const code = (event: SupplyEvent, atMs = 0): unknown => {
    const { supply } = decideAbout(openSupply('REQUESTED'), event, moment(atMs));
    return supply?.refusal;
  };
  assert.deepEqual(code(deadline, 1_000), { code: 'POINT_NO_ANSWER' });
  assert.deepEqual(code({ kind: 'supply-declined', supplyId: SUPPLY_ID, code: 'BUSY' }), {
    code: 'POINT_DECLINED',
    detail: 'BUSY',
  });
  assert.deepEqual(code(driverStop), { code: 'CANCELLED' });
  assert.deepEqual(code(operatorStop), { code: 'CP_OUT_OF_SERVICE', reasons: ['OPERATOR'] });
  assert.deepEqual(code({ kind: 'engine-ko' }), { code: 'CP_FAULTED' });
  assert.deepEqual(code({ kind: 'monitor-lost' }), { code: 'CP_DISCONNECTED' });
  assert.deepEqual(code({ kind: 'key-revoked' }), { code: 'CP_OUT_OF_SERVICE', reasons: ['KEY_REVOKED'] });
});

test('the deadlines are 135 s to plug in, 30 s to end, 24 h to come back', () => {
  const deadlineAfter = (decision: SupplyDecision): number => (decision.supply as OpenSupply).deadlineAtMs - START_MS;
  assert.equal(deadlineAfter(decideAbout(openSupply('REQUESTED'), accepted)), 135_000);
  assert.equal(deadlineAfter(decideAbout(openSupply('CHARGING'), driverStop)), 30_000);
  assert.equal(deadlineAfter(decideAbout(openSupply('CHARGING'), { kind: 'engine-ko' })), 86_400_000);
});

test('monitor lost and 60 s without readings interrupt; either alone does not (D-08)', () => {
  const lost = { isMonitorAlive: false, isEngineOk: true, isChannelUp: true, holds: new Set<never>() };
  const watched = decideAbout(openSupply('CHARGING', { deadlineAtMs: START_MS + 600_000 }), { kind: 'monitor-lost' });
  const supply = watched.supply as OpenSupply;
  assert.equal(supply.deadlineAtMs, START_MS + 60_000);
  const heard = (receivedAtMs: number): PointSnapshot => ({
    sequence: 5,
    energyWh: 60,
    powerW: 9,
    measuredAtMs: 0,
    receivedAtMs,
  });
  const due = (receivedAtMs: number, facts: PointFacts = lost): Supply | null =>
    decideSupply(pointWith(supply, { facts, snapshot: heard(receivedAtMs) }), deadline, moment(60_000)).supply;
  assert.equal(due(START_MS)?.state, 'INTERRUPTED');
  assert.equal(due(START_MS)?.orderedEndReason, 'MONITOR_LOSS');
  assert.equal(due(START_MS + 20_000)?.state, 'CHARGING');
  assert.equal(due(START_MS + 20_000)?.deadlineAtMs, START_MS + 80_000);
  assert.equal(due(START_MS, pointWith(null).facts)?.state, 'CHARGING');
});

type PointSnapshot = NonNullable<ReturnType<typeof pointWith>['snapshot']>;

test('silence while Central itself was down is not the point of the engine (D-09)', () => {
  const facts = { isMonitorAlive: false, isEngineOk: true, isChannelUp: true, holds: new Set<never>() };
  const at = { ...moment(300_000), listeningSinceMs: START_MS + 299_000 };
  const decision = decideSupply(pointWith(openSupply('CHARGING'), { facts }), deadline, at);
  assert.equal(decision.supply?.state, 'CHARGING');
  assert.equal(decision.supply?.deadlineAtMs, START_MS + 359_000);
});

test('MONITOR_LOSS=stop ends a running supply when its monitor is lost (D-08)', () => {
  const decision = decideAbout(openSupply('CHARGING'), { kind: 'monitor-lost' }, moment(0, { monitorLoss: 'stop' }));
  assert.equal(decision.supply?.state, 'ENDING');
  assert.equal(decision.supply?.orderedEndReason, 'MONITOR_LOSS');
});

test("a person's stop is not lost in a plug timeout that a plugged engine ignores", () => {
  for (const state of ['ENDING', 'INTERRUPTED'] as const) {
    const supply = openSupply(state, { orderedEndReason: 'PLUG_TIMEOUT', pluggedAtMs: null });
    assert.equal(decideAbout(supply, driverStop).supply?.orderedEndReason, 'CANCELLED');
    assert.equal(decideAbout(supply, operatorStop).supply?.orderedEndReason, 'OPERATOR_STOP');
  }
});

test('an INTERRUPTED supply that turns out to be plugged is stopped with a reason that the engine obeys', () => {
  const decision = decideAbout(
    openSupply('INTERRUPTED', { orderedEndReason: 'PLUG_TIMEOUT', pluggedAtMs: null }),
    started,
  );
  assert.deepEqual(effectsOf(decision), ['send-stop-supply FAULT BOTH']);
  assert.equal(decision.supply?.pluggedAtMs, START_MS - 7_000);
});

test('an estimated ticket has the last snapshot and is corrected by a journal that turns up later (D-10)', () => {
  const snapshot = { sequence: 9, energyWh: 4_000, powerW: 9, measuredAtMs: START_MS - 100, receivedAtMs: START_MS };
  const supply = openSupply('INTERRUPTED', { orderedEndReason: 'FAULT' });
  const settled = decideSupply(
    pointWith(supply, { snapshot }),
    { kind: 'operator-settle', supplyId: SUPPLY_ID },
    moment(),
  );
  const estimated = settled.supply as EndedSupply;
  assert.deepEqual([estimated.energyWh, estimated.amountCents, estimated.isEstimated], [4_000, 100, true]);
  const record = endedRecord({ energyWh: 4_400, endReason: 'ENGINE_RESTART' });
  const corrected = decideSupply(
    pointWith(estimated, { maxPowerW: 1_000_000 }),
    { kind: 'supply-ended', record },
    moment(),
  );
  assert.deepEqual(effectsOf(corrected), closing);
  assert.deepEqual(corrected.effects[0], {
    kind: 'issue-ticket',
    ticket: {
      supplyId: SUPPLY_ID,
      driverId: 'DRV001',
      energyWh: 4_400,
      priceE4PerKwh: 2_500,
      amountCents: 110,
      endReason: 'ENGINE_RESTART',
      isEstimated: false,
      isCorrective: true,
      walletChangeCents: -10,
    },
  });
});

test('an anonymous supply has a ticket and no wallet (D-20)', () => {
  const { effects } = decideAbout(
    openSupply('CHARGING', { driverId: null, clientId: 'cp:CP001', origin: 'POINT' }),
    ended,
  );
  assert.equal(effects[0]?.kind === 'issue-ticket' && effects[0].ticket.walletChangeCents, null);
});

test('figures that cannot be are accepted and marked', () => {
  const suspects = (change: object, context: object = {}, supply = openSupply('CHARGING')): unknown =>
    decideSupply(pointWith(supply, context), { kind: 'supply-ended', record: endedRecord(change) }, moment()).supply
      ?.suspectReasons;
  const snapshot = { sequence: 9, energyWh: 41, powerW: 9, measuredAtMs: START_MS, receivedAtMs: START_MS };
  assert.deepEqual(suspects({}), []);
  assert.deepEqual(suspects({}, { snapshot }), ['ENERGY_BELOW_SNAPSHOT']);
  assert.deepEqual(suspects({ energyWh: 2_000_000_000 }), ['ENERGY_ABOVE_POSSIBLE']);
  assert.deepEqual(suspects({ endReason: 'OPERATOR_STOP' }), ['REASON_NOT_ORDERED']);
  assert.deepEqual(suspects({ endReason: 'CANCELLED' }), ['ENERGY_WITHOUT_PLUG']);
  const unknown = decideAbout(null, ended);
  assert.deepEqual(unknown.supply?.suspectReasons, ['UNKNOWN_SUPPLY']);
  assert.deepEqual(effectsOf(unknown), closing);
});

test('an absurd energy can be stored: its amount stays in the range of the column', () => {
  const decision = decideAbout(openSupply('CHARGING', { priceE4PerKwh: 1_000_000 }), {
    kind: 'supply-ended',
    record: endedRecord({ energyWh: 2_147_483_647 }),
  });
  assert.equal(decision.supply?.amountCents, 2_147_483_647);
});

test("another point's supply is not touched, and somebody else's is not stopped (F-22)", () => {
  const foreign = decideAbout(openSupply('CHARGING', { cpId: 'CP002' }), ended);
  assert.equal(foreign.anomaly, 'FOREIGN_SUPPLY');
  assert.deepEqual(foreign.effects, []);
  const other = decideAbout(openSupply('CHARGING'), { ...driverStop, driverId: 'DRV002' } as SupplyEvent);
  assert.equal(other.refusal?.code, 'NOT_LOGGED_IN');
  assert.equal(other.supply?.state, 'CHARGING');
});

test('an operator may end one supply and leave the point in service', () => {
  const end: SupplyEvent = { kind: 'operator-end', supplyId: SUPPLY_ID };
  const running = decideAbout(openSupply('CHARGING'), end);
  assert.deepEqual(
    [running.supply?.state, running.supply?.orderedEndReason, running.hold],
    ['ENDING', 'OPERATOR_STOP', undefined],
  );
  assert.deepEqual(decideAbout(openSupply('REQUESTED'), end).supply?.refusal, { code: 'CANCELLED' });
});

test('operator stop and key revocation set their hold, resume removes only its own (F-39)', () => {
  assert.deepEqual(decideAbout(null, operatorStop).hold, { add: 'OPERATOR' });
  assert.deepEqual(decideAbout(null, { kind: 'operator-stop', when: 'AFTER_SUPPLY' }).hold, { add: 'OPERATOR' });
  assert.deepEqual(decideAbout(null, { kind: 'operator-resume' }).hold, { remove: 'OPERATOR' });
  assert.deepEqual(decideAbout(null, { kind: 'key-revoked' }).hold, { add: 'KEY_REVOKED' });
});

test('a supply that charges after all carries no order any more', () => {
  const decision = decideAbout(openSupply('ENDING', { orderedEndReason: 'PLUG_TIMEOUT', pluggedAtMs: null }), started);
  assert.equal(decision.supply?.orderedEndReason, null);
});

test('a guess with energy does not say CANCELLED', () => {
  const snapshot = { sequence: 1, energyWh: 7, powerW: 9, measuredAtMs: START_MS, receivedAtMs: START_MS };
  const supply = openSupply('INTERRUPTED', { orderedEndReason: 'CANCELLED' });
  const event: SupplyEvent = { kind: 'operator-settle', supplyId: SUPPLY_ID };
  assert.equal(decideSupply(pointWith(supply, { snapshot }), event, moment()).supply?.endReason, 'FAULT');
});

test('an engine that still charges what was settled without it is stopped; a late message of an ended one is not answered', () => {
  const closed = decideAbout(openSupply('INTERRUPTED', { orderedEndReason: 'FAULT' }), {
    kind: 'operator-settle',
    supplyId: SUPPLY_ID,
  }).supply;
  assert.deepEqual(effectsOf(decideAbout(closed, started)), ['send-stop-supply FAULT BOTH']);
  assert.deepEqual(effectsOf(decideAbout(decideAbout(openSupply('CHARGING'), ended).supply, reading)), []);
});

test('the newest reading counts, in whatever order they come (F-25)', () => {
  const at = (sequence: number) => ({ sequence, energyWh: sequence, powerW: 0, measuredAtMs: 0, receivedAtMs: 0 });
  assert.deepEqual(newerSnapshot(at(5), at(4)), at(5));
  assert.deepEqual(newerSnapshot(at(5), at(6)), at(6));
  assert.deepEqual(newerSnapshot(null, at(1)), at(1));
});
