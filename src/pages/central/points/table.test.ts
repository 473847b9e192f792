import assert from 'node:assert/strict';
import { test } from 'node:test';
import { panelPoint, panelSupply } from '../../testing/scenes.ts';
import { pointsCsv } from './points-csv.ts';
import { withToggled } from './selection.ts';
import { choosableColumns, readColumns, shownColumns, widthRem } from './table-columns.ts';

const operator = { mayOrder: true, isSignedIn: true };
const anybody = { mayOrder: false, isSignedIn: false };

test('without a choice the table has as many of the usual columns as fit, and never fewer than it needs', () => {
  for (const roomRem of [20, 40, 60, 80, 120]) {
    const columns = shownColumns({ chosen: undefined, roomRem, viewer: anybody });
    assert.ok(columns.length === 3 || widthRem(columns) <= roomRem, `${roomRem}: ${columns}`);
    assert.deepEqual(columns.slice(0, 3), ['id', 'state', 'detail']);
  }
  assert.deepEqual(shownColumns({ chosen: undefined, roomRem: 20, viewer: anybody }), ['id', 'state', 'detail']);
});

test('chosen columns are shown whatever the room, in their order; ticks and menus only to whoever may give orders', () => {
  const chosen = readColumns('["seen","zone","nonsense","id"]');
  assert.deepEqual(shownColumns({ chosen, roomRem: 5, viewer: operator }), ['select', 'id', 'zone', 'seen', 'actions']);
  assert.deepEqual(shownColumns({ chosen, roomRem: 5, viewer: anybody }), ['id', 'zone', 'seen']);
  assert.ok(!choosableColumns(anybody).includes('fingerprint'), 'fingerprints are for operators');
  for (const kept of [null, 'nonsense', '{"a":1}']) assert.equal(readColumns(kept), undefined);
});

test('a tick with shift takes everything since the last one along, in either direction', () => {
  const order = ['A', 'B', 'C', 'D', 'E'];
  const first = withToggled({ cpIds: new Set(), last: undefined }, 'D', order);
  const range = withToggled(first, 'B', order);
  assert.deepEqual([...range.cpIds].sort(), ['B', 'C', 'D']);
  assert.deepEqual([...withToggled(range, 'C', undefined).cpIds].sort(), ['B', 'D']);
});

test('the CSV of points has a line for each in codes and integers, an interrupted charge gives no power', () => {
  const point = panelPoint('CP001', { reasons: ['OPERATOR', 'WEATHER'], address: 'C/ Italia 5, bajo' });
  const supply = panelSupply(1, { state: 'INTERRUPTED', driverId: undefined });
  const [head, plain, interrupted, end] = pointsCsv([{ point }, { point, supply, figures: supply }]).split('\r\n');
  const column = (line: string | undefined, name: string) =>
    line?.replace('"C/ Italia 5, bajo"', 'address').split(',')[head?.split(',').indexOf(name) ?? -1];
  assert.equal(column(plain, 'reasons'), 'OPERATOR WEATHER');
  assert.equal(column(plain, 'address'), 'address');
  assert.equal(column(plain, 'energyWh'), '');
  assert.equal(column(interrupted, 'powerW'), '0');
  assert.equal(column(interrupted, 'energyWh'), '312');
  assert.equal(column(interrupted, 'driverId'), 'ANON');
  assert.equal(end, '');
});
