import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  effectsOf,
  endedRecord,
  engineRecord,
  moment,
  openSupply,
  pointWith,
  SUPPLY_ID,
} from '../testing/supply-builders.ts';
import type { Supply } from './supply.ts';
import { type HelloDecision, type ReceivedHello, reconcileHello } from './supply-hello.ts';

const nothing: ReceivedHello = {
  bootId: 'boot-2',
  sequence: 4,
  isLocalHold: false,
  openSupply: null,
  unacknowledged: [],
};
const known = { engineBootId: 'boot-1', engineSequence: 9 };

function hello(open: Supply | null, change: Partial<ReceivedHello>, others: Supply[] = []): HelloDecision {
  const all = [...others, ...(open === null ? [] : [open])];
  const context = {
    ...pointWith(open),
    known: new Map(all.map((supply) => [supply.supplyId, supply])),
    position: known,
  };
  return reconcileHello(context, { ...nothing, ...change }, moment());
}

function effects(decision: HelloDecision): string[] {
  return decision.decisions.flatMap(effectsOf);
}

test('a journal with the end closes the open supply and is acknowledged in the answer (F-19, F-20)', () => {
  const decision = hello(openSupply('INTERRUPTED'), { unacknowledged: [endedRecord({ endReason: 'ENGINE_RESTART' })] });
  assert.equal(decision.openSupply, null);
  assert.deepEqual(decision.acknowledgedSupplyIds, [SUPPLY_ID]);
  assert.deepEqual(effects(decision), ['issue-ticket', 'send-supply-closed', 'notify-requester']);
});

test('an open supply that hello does not name is asked about by id, never closed on the hello alone', () => {
  const cases = [
    ['REQUESTED', []],
    ['PREPARING', ['send-supply-authorised']],
    ['CHARGING', ['send-supply-authorised']],
    ['ENDING', ['send-stop-supply FAULT BOTH']],
    ['INTERRUPTED', ['send-stop-supply FAULT BOTH']],
  ] as const;
  for (const [state, expected] of cases) {
    const decision = hello(openSupply(state), {});
    assert.deepEqual(effects(decision), expected);
    assert.equal(decision.openSupply?.state, state);
  }
});

test('what the engine still runs is brought to the state that Central wants', () => {
  const charging = { openSupply: engineRecord() };
  assert.equal(hello(openSupply('PREPARING'), charging).openSupply?.state, 'CHARGING');
  assert.deepEqual(effects(hello(openSupply('INTERRUPTED'), charging)), ['send-stop-supply FAULT BOTH']);
  assert.deepEqual(effects(hello(null, charging)), ['send-stop-supply FAULT BOTH']);
  const accepted = { openSupply: engineRecord({ phase: 'ACCEPTED' }) };
  assert.equal(hello(openSupply('REQUESTED'), accepted).openSupply?.state, 'PREPARING');
  assert.deepEqual(effects(hello(null, accepted)), ['send-cancel-supply']);
});

test('the local hold is a level: set, removed, left alone, and not undone by a repeated hello', () => {
  assert.deepEqual(hello(null, { isLocalHold: true }).hold, { add: 'LOCAL' });
  assert.equal(hello(null, {}).hold, null);
  assert.deepEqual(hello(null, {}).position, { engineBootId: 'boot-2', engineSequence: 4 });
  const repeated = hello(null, { bootId: 'boot-1', isLocalHold: true });
  assert.deepEqual([repeated.hold, repeated.position], [null, known]);
});
