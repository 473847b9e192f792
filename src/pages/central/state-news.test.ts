import assert from 'node:assert/strict';
import { test } from 'node:test';
import { panelPoint } from '../testing/scenes.ts';
import { modulePills } from './module-health.ts';
import { orderCsv } from './order-rows.ts';
import { stateNews, statesOf } from './state-news.ts';

const states = (points: Parameters<typeof panelPoint>[]) =>
  statesOf(Object.fromEntries(points.map(([cpId, change]) => [cpId, panelPoint(cpId, change)])));

test('points that fall into trouble together are one announcement for each state, and a new point is none', () => {
  const before = states([['CP2'], ['CP1'], ['CP3', { state: 'FAULTED' }]]);
  const now = states([
    ['CP2', { state: 'FAULTED' }],
    ['CP1', { state: 'FAULTED' }],
    ['CP3', { state: 'FAULTED' }],
    ['NEW', { state: 'DISCONNECTED' }],
  ]);
  assert.deepEqual(stateNews(before, now), [{ state: 'FAULTED', cpIds: ['CP1', 'CP2'] }]);
  assert.deepEqual(stateNews(now, before), []);
});

test('the header names each kind of module once, up while one instance is, and others only when they are down', () => {
  const pills = modulePills(
    [
      { moduleId: 'central a', kind: 'central', status: 'UP' },
      { moduleId: 'kafka', kind: 'kafka', status: 'UP' },
      { moduleId: 'registry a', kind: 'registry', status: 'DOWN' },
      { moduleId: 'registry b', kind: 'registry', status: 'UP' },
      { moduleId: 'x', kind: 'novelty', status: 'UP' },
      { moduleId: 'y', kind: 'driver', status: 'DOWN' },
    ],
    false,
  );
  assert.deepEqual(pills, [
    { kind: 'central', isUp: false },
    { kind: 'kafka', isUp: true },
    { kind: 'registry', isUp: true },
    { kind: 'driver', isUp: false },
  ]);
});

test('results of an order are one line a point', () => {
  const row = {
    orderId: 'o',
    cpId: 'CP1',
    kind: 'STOP',
    state: 'TIMED_OUT',
    orderedBy: 'ana',
    orderedAtMs: 0,
  } as const;
  assert.equal(
    orderCsv([{ ...row, settledAtMs: 10_000 }]),
    'cpId,order,result,code,orderedAt,tookMs\r\nCP1,STOP,TIMED_OUT,,1970-01-01T00:00:00.000Z,10000\r\n',
  );
});
