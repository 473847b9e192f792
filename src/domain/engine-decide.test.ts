import assert from 'node:assert/strict';
import { test } from 'node:test';
import { engineEffectsOf, play, readyEngine, START_MS, SUPPLY_ID, startOrder } from '../testing/supply-builders.ts';
import { mayRequestLocally } from './engine-decide.ts';
import { helloOf, restartEngine } from './engine-journal.ts';
import { isMonitorGone } from './engine-start.ts';
import { DEFAULT_ENGINE_POLICY, type EngineEvent, type EngineJournalEntry, type EngineStep } from './engine-supply.ts';

const authorise: EngineEvent = { kind: 'supply-authorised', supplyId: SUPPLY_ID };
const accepted = play(readyEngine(), [0, startOrder()]).state;
const authorised = play(accepted, [100, authorise]).state;
const charging = play(
  authorised,
  [1_000, { kind: 'plug' }],
  [2_000, { kind: 'meter', energyWh: 13, powerW: 46_800 }],
  [3_000, { kind: 'meter', energyWh: 26, powerW: 46_800 }],
).state;

function stop(reason: 'PLUG_TIMEOUT' | 'CANCELLED' | 'OPERATOR_STOP'): EngineEvent {
  return { kind: 'stop-supply', supplyId: SUPPLY_ID, reason };
}

function endOf(step: EngineStep): unknown[] {
  const record = step.state.unacknowledged.at(-1)?.record;
  return [record?.endReason, record?.energyWh];
}

test('a fact is on disk before it is told', () => {
  assert.deepEqual(engineEffectsOf(play(readyEngine(), [0, startOrder()])), ['journal accepted', 'supply-accepted']);
  assert.deepEqual(engineEffectsOf(play(authorised, [1_000, { kind: 'plug' }])), ['journal plugged', 'supply-started']);
  assert.deepEqual(engineEffectsOf(play(charging, [4_000, { kind: 'meter', energyWh: 39, powerW: 1 }])), [
    'journal reading',
    'meter-reading',
  ]);
  assert.deepEqual(engineEffectsOf(play(charging, [4_000, { kind: 'unplug' }])), ['journal ended', 'supply-ended']);
});

test('a start is declined with its reason', () => {
  const declined = (change: object, order = {}, afterMs = 0): string[] =>
    engineEffectsOf(play(readyEngine(change), [afterMs, startOrder(order)]));
  assert.deepEqual(declined({ isFaulty: true }), ['supply-declined FAULTED']);
  assert.deepEqual(declined({ hasKey: false }), ['supply-declined NO_KEY']);
  assert.deepEqual(declined({ lastQuestionAtMs: null }), ['supply-declined NO_MONITOR']);
  assert.deepEqual(declined({ isLocalHold: true }), ['supply-declined LOCAL_HOLD']);
  assert.deepEqual(declined({ current: charging.current }, { supplyId: 'other' }), ['supply-declined BUSY']);
  assert.deepEqual(declined({}, { expiresAtMs: START_MS }), ['supply-declined EXPIRED']);
  assert.deepEqual(declined({ lastQuestionAtMs: START_MS + 4_000 }, {}, 5_000), ['supply-declined EXPIRED']);
});

test('a repeated start is accepted again without a second journal line', () => {
  assert.deepEqual(engineEffectsOf(play(accepted, [100, startOrder()])), ['supply-accepted']);
});

test('a cancel that overtakes its start is remembered for 60 s (a sweep may reorder)', () => {
  const cancel: EngineEvent = { kind: 'cancel-supply', supplyId: SUPPLY_ID };
  const late = startOrder({ expiresAtMs: START_MS + 600_000 });
  const heard: EngineEvent = { kind: 'monitor-asked', isCentralReachable: true };
  assert.deepEqual(engineEffectsOf(play(readyEngine(), [0, cancel], [1_000, late])), ['supply-declined CANCELLED']);
  assert.deepEqual(engineEffectsOf(play(readyEngine(), [0, cancel], [61_000, heard], [61_001, late])), [
    'journal accepted',
    'supply-accepted',
  ]);
  assert.equal(play(accepted, [100, cancel]).state.current, null);
  assert.equal(play(charging, [4_000, cancel]).state.current?.phase, 'CHARGING');
});

test('a supply that has ended does not start again by a doubled start', () => {
  const over = play(
    accepted,
    [200, authorise],
    [300, { kind: 'local-stop' }],
    [400, { kind: 'supply-closed', supplyId: SUPPLY_ID }],
  );
  assert.deepEqual(engineEffectsOf(play(over.state, [500, startOrder()])), ['supply-declined CANCELLED']);
});

test('a newer start replaces an acceptance that was never authorised, an older one does not', () => {
  const newer = startOrder({ supplyId: `${SUPPLY_ID}b` });
  const older = startOrder({ supplyId: '0000' });
  assert.deepEqual(engineEffectsOf(play(accepted, [100, newer])), [
    'journal dropped',
    'journal accepted',
    'supply-accepted',
  ]);
  assert.deepEqual(engineEffectsOf(play(accepted, [100, older])), ['supply-declined BUSY']);
  assert.deepEqual(engineEffectsOf(play(authorised, [100, newer])), ['supply-declined BUSY']);
});

test('the plug counts only after the authorisation, and an acceptance is forgotten after 10 s', () => {
  assert.deepEqual(play(accepted, [1_000, { kind: 'plug' }]), { state: accepted, effects: [] });
  assert.deepEqual(endOf(play(accepted, [10_000, { kind: 'tick' }])), ['CANCELLED', 0]);
  assert.deepEqual(endOf(play(accepted, [10_000, authorise])), ['CANCELLED', 0]);
  const unknown = play(readyEngine(), [0, authorise]);
  assert.deepEqual(engineEffectsOf(unknown), ['supply-ended']);
  assert.deepEqual(unknown.state.unacknowledged, []);
});

test('nobody plugs in for 120 s: PLUG_TIMEOUT with 0 Wh, also when the plug comes a moment too late (F-15)', () => {
  assert.equal(play(authorised, [120_099, { kind: 'tick' }]).state.current?.phase, 'AUTHORISED');
  assert.deepEqual(endOf(play(authorised, [120_100, { kind: 'plug' }])), ['PLUG_TIMEOUT', 0]);
});

test('a stop order is obeyed and echoed; a plugged engine ignores PLUG_TIMEOUT and says that it is plugged', () => {
  assert.deepEqual(endOf(play(charging, [4_000, stop('OPERATOR_STOP')])), ['OPERATOR_STOP', 26]);
  assert.deepEqual(endOf(play(authorised, [4_000, stop('OPERATOR_STOP')])), ['OPERATOR_STOP', 0]);
  assert.deepEqual(endOf(play(charging, [4_000, stop('CANCELLED')])), ['DRIVER_STOP', 26]);
  const ignored = play(charging, [4_000, stop('PLUG_TIMEOUT')]);
  assert.equal(ignored.state, charging);
  assert.deepEqual(engineEffectsOf(ignored), ['supply-started']);
  const again = play(charging, [4_000, stop('OPERATOR_STOP')], [4_100, stop('OPERATOR_STOP')]);
  assert.deepEqual(engineEffectsOf(again), ['supply-ended']);
  assert.equal(again.state.unacknowledged.length, 1);
});

test('the hand at the point: stop, pull the plug, fault key', () => {
  assert.deepEqual(endOf(play(charging, [4_000, { kind: 'local-stop' }])), ['LOCAL_STOP', 26]);
  assert.deepEqual(endOf(play(authorised, [4_000, { kind: 'local-stop' }])), ['CANCELLED', 0]);
  assert.deepEqual(endOf(play(charging, [4_000, { kind: 'set-faulty', isFaulty: true }])), ['FAULT', 26]);
  assert.deepEqual(engineEffectsOf(play(authorised, [4_000, { kind: 'unplug' }])), []);
});

test('readings are cumulative, numbered and never go back (F-25)', () => {
  const { state } = play(charging, [4_000, { kind: 'meter', energyWh: 5, powerW: 0 }]);
  assert.deepEqual([state.current?.energyWh, state.current?.sequence], [26, 3]);
});

test('an end is told again after 5, 10, 20, 40, 60, 60 s until it is acknowledged (F-19)', () => {
  let { state } = play(charging, [4_000, { kind: 'unplug' }]);
  const sentAt: number[] = [];
  for (let second = 5; second <= 200; second += 1) {
    const step = play(state, [second * 1_000, { kind: 'tick' }]);
    if (step.effects.length > 0) sentAt.push(second - 4);
    state = step.state;
  }
  assert.deepEqual(sentAt, [5, 15, 35, 75, 135, 195]);
  const closed = play(state, [201_000, { kind: 'supply-closed', supplyId: SUPPLY_ID }]);
  assert.deepEqual(engineEffectsOf(closed), ['journal acknowledged']);
  assert.deepEqual(play(closed.state, [202_000, { kind: 'supply-closed', supplyId: SUPPLY_ID }]).effects, []);
});

test('hello-answered acknowledges, sets the policy and repeats an order', () => {
  const answer: EngineEvent = {
    kind: 'hello-answered',
    acknowledgedSupplyIds: ['unknown'],
    openSupply: { supplyId: SUPPLY_ID, state: 'ENDING', orderedEndReason: 'OPERATOR_STOP' },
    policy: { plugTimeoutMs: 9, monitorLoss: 'stop' },
  };
  const step = play(charging, [3_000, answer]);
  assert.deepEqual(endOf(step), ['OPERATOR_STOP', 26]);
  assert.equal(step.state.policy.plugTimeoutMs, 9);
});

test('no Monitor for 3 s: nothing new starts, not even by hand; what runs goes on, or stops if so configured (D-08)', () => {
  assert.equal(isMonitorGone(readyEngine(), START_MS + 3_000), false);
  assert.equal(mayRequestLocally(readyEngine(), START_MS + 3_000), undefined);
  assert.equal(mayRequestLocally(readyEngine(), START_MS + 3_001), 'NO_MONITOR');
  assert.equal(mayRequestLocally(readyEngine({ isCentralReachable: false }), START_MS), 'NO_CENTRAL');
  assert.equal(play(charging, [9_000, { kind: 'tick' }]).state.current?.phase, 'CHARGING');
  const strict = { ...charging, policy: { ...charging.policy, monitorLoss: 'stop' as const } };
  assert.deepEqual(endOf(play(strict, [9_000, { kind: 'tick' }])), ['MONITOR_LOSS', 26]);
});

test('a restart closes what ran with the last journaled reading and remembers the rest (F-20, F-21)', () => {
  const entries: EngineJournalEntry[] = [];
  const events: [number, EngineEvent][] = [
    [0, startOrder()],
    [100, authorise],
    [1_000, { kind: 'plug' }],
    [2_000, { kind: 'meter', energyWh: 13, powerW: 46_800 }],
    [2_500, { kind: 'set-local-hold', isLocalHold: true }],
  ];
  let state = readyEngine();
  for (const event of events) {
    const step = play(state, event);
    for (const effect of step.effects) if (effect.kind === 'journal') entries.push(effect.entry);
    state = step.state;
  }
  const boot = restartEngine({ cpId: 'CP001', policy: DEFAULT_ENGINE_POLICY, entries }, START_MS + 60_000);
  const record = boot.state.unacknowledged[0]?.record;
  assert.deepEqual([record?.endReason, record?.energyWh, record?.endedAtMs], ['ENGINE_RESTART', 13, START_MS + 2_000]);
  assert.deepEqual(engineEffectsOf(boot), ['journal ended', 'supply-ended']);
  assert.equal(boot.state.isLocalHold, true);
  assert.deepEqual(helloOf(boot.state).unacknowledged, [record]);
  for (const effect of boot.effects) if (effect.kind === 'journal') entries.push(effect.entry);
  const second = restartEngine({ cpId: 'CP001', policy: DEFAULT_ENGINE_POLICY, entries }, START_MS + 61_000);
  assert.deepEqual([second.effects.length, second.state.unacknowledged.length], [0, 1]);
  entries.push({ kind: 'acknowledged', supplyId: SUPPLY_ID, atMs: START_MS + 62_000 });
  const third = restartEngine({ cpId: 'CP001', policy: DEFAULT_ENGINE_POLICY, entries }, START_MS + 61_500);
  assert.deepEqual(third.state.unacknowledged, []);
  assert.equal(third.state.remembered.has(SUPPLY_ID), true);
});
