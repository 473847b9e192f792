import assert from 'node:assert/strict';
import { test } from 'node:test';
import { effectsOf, moment, openSupply, pointWith, START_MS } from '../testing/supply-builders.ts';
import type { DeniedSupply, OpenSupply } from './supply.ts';
import type { RequestContext, SupplyDecision, SupplyRequest } from './supply-decision.ts';
import { requestSupply } from './supply-request.ts';

const point = pointWith(null);
const driver = { driverId: 'DRV001', balanceCents: 0, openSupply: null };
const free: RequestContext = { point, openSupply: null, sameRequest: null, driver };
const press: SupplyRequest = {
  requestId: '0197a000-0000-4000-8000-000000000009',
  clientId: 'driver:DRV001',
  driverId: 'DRV001',
  origin: 'APP',
  supplyId: '0197a000-0000-7000-8000-00000000000a',
  isExpired: false,
};

function ask(context: Partial<RequestContext>, change: Partial<SupplyRequest> = {}, policy = {}): SupplyDecision {
  return requestSupply({ ...free, ...context }, { ...press, ...change }, moment(0, policy));
}

test('a free point is asked: REQUESTED for 5 s, with a start order that expires then', () => {
  const decision = ask({});
  const supply = decision.supply as OpenSupply;
  assert.deepEqual([supply.state, supply.version, supply.deadlineAtMs], ['REQUESTED', 1, START_MS + 5_000]);
  assert.deepEqual(effectsOf(decision), ['send-start-supply', 'notify-requester']);
  assert.equal(decision.effects[0]?.kind === 'send-start-supply' && decision.effects[0].expiresAtMs, START_MS + 5_000);
});

test('what hinders is said with its code and kept as a DENIED supply without order or ticket', () => {
  const facts = point.facts;
  const cases: [Partial<RequestContext>, unknown, object?][] = [
    [{ openSupply: openSupply('CHARGING', { driverId: 'DRV002' }) }, { code: 'CP_BUSY' }],
    [{ point: { ...point, facts: { ...facts, isMonitorAlive: false } } }, { code: 'CP_DISCONNECTED' }],
    [{ point: { ...point, facts: { ...facts, isEngineOk: false } } }, { code: 'CP_FAULTED' }],
    [
      { point: { ...point, facts: { ...facts, isChannelUp: false, holds: new Set(['WEATHER']) } } },
      { code: 'CP_OUT_OF_SERVICE', reasons: ['WEATHER', 'NO_CHANNEL'] },
    ],
    [
      { driver: { ...driver, openSupply: openSupply('CHARGING', { cpId: 'CP002' }) } },
      { code: 'DRIVER_BUSY', detail: 'CP002' },
    ],
    [{}, { code: 'NO_BALANCE' }, { isBalanceRequired: true }],
  ];
  for (const [context, refusal, policy] of cases) {
    const decision = ask(context, {}, policy);
    assert.deepEqual(decision.refusal, refusal);
    assert.deepEqual((decision.supply as DeniedSupply).refusal, refusal);
    assert.deepEqual(effectsOf(decision), ['notify-requester']);
  }
});

test('an unknown point or driver, and an old press, change nothing (F-10, F-32)', () => {
  for (const [decision, code] of [
    [ask({ point: null }), 'CP_UNKNOWN'],
    [ask({ driver: null }), 'DRIVER_UNKNOWN'],
    [ask({}, { isExpired: true }), 'REQUEST_EXPIRED'],
  ] as const) {
    assert.deepEqual([decision.supply, decision.effects, decision.refusal?.code], [null, [], code]);
  }
});

test('the same request gives the same supply; with a strange sender it is refused, not answered (D-05)', () => {
  const known = openSupply('PREPARING', { requestId: press.requestId });
  const again = ask({ sameRequest: known, openSupply: known });
  assert.equal(again.supply, known);
  assert.deepEqual(effectsOf(again), ['notify-requester']);
  assert.deepEqual(ask({ sameRequest: known }, { isExpired: true }), { supply: known, effects: [] });
  const strange = ask({ sameRequest: known }, { driverId: 'DRV002' });
  assert.deepEqual([strange.supply, strange.refusal?.detail], [null, 'REQUEST_ID_TAKEN']);
});

test("asking again for one's own open point re-attaches (F-64)", () => {
  const own = openSupply('CHARGING');
  const decision = ask({ openSupply: own, driver: { ...driver, openSupply: own } });
  assert.equal(decision.supply, own);
  assert.equal(decision.refusal, undefined);
});

test('the point itself asks as ANON by the same door (F-14)', () => {
  const anonymous = { driverId: null, clientId: 'cp:CP001', origin: 'POINT' } as const;
  assert.equal(ask({ driver: null }, anonymous).supply?.state, 'REQUESTED');
  const busy = ask({ driver: null, openSupply: openSupply('REQUESTED') }, anonymous);
  assert.equal(busy.refusal?.code, 'CP_BUSY');
});
