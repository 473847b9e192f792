import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PanelOrder } from '../../messages/live-stream.ts';
import { panelPoint, panelSupply, testUuid } from '../testing/scenes.ts';
import { countOrderRows, mergeOrderRows, pendingOrder } from './order-rows.ts';
import { countByState, ongoingRows, parseStates, toggleState, visiblePoints } from './points/point-list.ts';

const points = [
  panelPoint('CP010'),
  panelPoint('CP002', { state: 'FAULTED' }),
  panelPoint('AAA1', { zone: 'MAD', city: 'Madrid', state: 'CHARGING' }),
];

test('tiles keep their places by zone and number whatever their states do', () => {
  const ids = visiblePoints(points, { states: [], search: '' }).map((point) => point.cpId);
  assert.deepEqual(ids, ['CP002', 'CP010', 'AAA1']);
});

test('state chips and search work together', () => {
  assert.deepEqual(
    visiblePoints(points, { states: ['FAULTED', 'CHARGING'], search: 'madrid' }).map((point) => point.cpId),
    ['AAA1'],
  );
  assert.equal(countByState(points).FAULTED, 1);
  assert.equal(countByState([]).AVAILABLE, 0);
});

test('the filter in the address survives nonsense', () => {
  assert.deepEqual(parseStates('FAULTED,nonsense,AVAILABLE'), ['AVAILABLE', 'FAULTED']);
  assert.deepEqual(parseStates(null), []);
  assert.deepEqual(toggleState(['FAULTED'], 'FAULTED'), []);
});

test('ongoing supplies and refusals are one list, newest first', () => {
  const rows = ongoingRows(
    [panelSupply(1, { requestedAtMs: 10 }), panelSupply(2, { requestedAtMs: 30 })],
    [{ requestId: testUuid(3), cpId: 'CP9', origin: 'APP', refusal: { code: 'CP_UNKNOWN' }, atMs: 20 }],
  );
  assert.deepEqual(
    rows.map((row) => row.atMs),
    [30, 20, 10],
  );
});

function order(cpId: string, state: PanelOrder['state'], orderId = testUuid(1)): PanelOrder {
  return { orderId, cpId, kind: 'STOP', state, orderedBy: 'ana', orderedAtMs: 0 };
}

test('an order’s rows take the newest result of each point and no row of another order', () => {
  const rows = mergeOrderRows(
    testUuid(1),
    [order('CP2', 'SENT'), order('CP1', 'APPLIED')],
    [order('CP2', 'TIMED_OUT'), order('CP1', 'SENT'), order('CP3', 'APPLIED', testUuid(2))],
  );
  assert.deepEqual(
    rows.map((row) => [row.cpId, row.state]),
    [
      ['CP1', 'APPLIED'],
      ['CP2', 'TIMED_OUT'],
    ],
  );
  assert.deepEqual(countOrderRows(rows), { done: 2, total: 2, applied: 1, failed: 1 });
  assert.equal(pendingOrder([order('CP1', 'SENT')], 'CP1')?.cpId, 'CP1');
});
