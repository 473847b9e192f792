import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PanelModule } from '../../messages/live-stream.ts';
import { panelPoint } from '../testing/scenes.ts';
import { kindHealth, modulePills } from './module-health.ts';
import { orderCsv } from './order-rows.ts';
import { stateNews, statesOf } from './state-news.ts';
import { central as en } from './texts/en.ts';
import { central as es } from './texts/es.ts';

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
    { kind: 'central', is: 'NONE', up: 0, all: 1 },
    { kind: 'kafka', is: 'ALL', up: 1, all: 1 },
    { kind: 'registry', is: 'SOME', up: 1, all: 2 },
    { kind: 'driver', is: 'NONE', up: 0, all: 1 },
  ]);
});

test('header and status line do not pass one of two Centrals off as both', async () => {
  const central = (moduleId: string, status: PanelModule['status']) => ({ moduleId, kind: 'central', status });
  const both = [central('central-1', 'UP'), central('central-2', 'UP')];
  const one = [central('central-1', 'DOWN'), central('central-2', 'UP')];
  assert.deepEqual(kindHealth(both, 'central', true), { kind: 'central', is: 'ALL', up: 2, all: 2 });
  assert.deepEqual(kindHealth(one, 'central', true), { kind: 'central', is: 'SOME', up: 1, all: 2 });
  assert.equal(kindHealth(one, 'central', false).is, 'NONE');
  const words = [es.central, en.central].map(({ statusOkSome, modules }) => [statusOkSome, modules.some]);
  assert.deepEqual(words, [
    ['Estado de CENTRAL: OK · {{up}} de {{all}} en marcha', '{{up}} de {{all}}'],
    ['CENTRAL status: OK · {{up}} of {{all}} running', '{{up}} of {{all}}'],
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
