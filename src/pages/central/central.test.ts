import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PanelOrder } from '../../messages/live-stream.ts';
import { panelSupply, testUuid } from '../testing/scenes.ts';
import { countOrderRows, mergeOrderRows } from './order-rows.ts';
import { ongoingRows } from './side/ongoing-rows.ts';

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
});
