import assert from 'node:assert/strict';
import { test } from 'node:test';
import { panelPoint, panelSupply } from '../../testing/scenes.ts';
import { COLUMN_WIDTH_LIMITS_REM, readWidths, withoutWidth, withWidth } from './column-widths.ts';
import { pointsCsv } from './points-csv.ts';
import { withToggled } from './selection.ts';
import { choosableColumns, readColumns, shownColumns, tableProperties, widthRem } from './table-columns.ts';

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

test('of kept widths only those count that are a width within the limits of a column that can have one', () => {
  assert.deepEqual(readWidths('{"city":8.5,"zone":3,"address":40}'), { city: 8.5, zone: 3, address: 40 });
  assert.deepEqual(readWidths('{"city":2.9,"zone":41,"id":"8","state":null,"select":5,"nonsense":9,"price":6}'), {
    price: 6,
  });
  for (const kept of [null, '', 'nonsense', '7', '[8,9]', 'null', '{"__proto__":{"city":8}}'])
    assert.deepEqual(readWidths(kept), {}, `${kept}`);
});

test('a column made wider stays within the limits; those left of it that would give way keep what they have', () => {
  const measured = [
    { column: 'id', rem: 6.5 },
    { column: 'detail', rem: 20.03 },
    { column: 'zone', rem: 4 },
    { column: 'city', rem: 12 },
    { column: 'address', rem: 16 },
  ] as const;
  assert.deepEqual(withWidth({}, measured, { column: 'zone', rem: 5.01 }), { detail: 20, zone: 5 });
  assert.deepEqual(withWidth({ detail: 15 }, measured, { column: 'city', rem: 9 }), { detail: 15, city: 9 });
  const { least, most } = COLUMN_WIDTH_LIMITS_REM;
  assert.deepEqual(withWidth({}, measured, { column: 'id', rem: -3 }), { id: least });
  assert.deepEqual(withWidth({}, measured, { column: 'id', rem: 400 }), { id: most });
  assert.deepEqual(withoutWidth({ id: 5, city: 9 }, 'id'), { city: 9 });
});

test('a width of one’s own stands in the layout in place of the usual one, and the table is as wide as all of them', () => {
  const columns = ['id', 'city', 'zone'] as const;
  const usual = tableProperties(columns, {});
  assert.equal(usual['--table-columns'], '6.5rem minmax(6rem, 1fr) 4rem');
  const own = tableProperties(columns, { city: 14, address: 9 });
  assert.equal(own['--table-columns'], '6.5rem 14rem 4rem');
  const width = (properties: typeof own) => Number.parseFloat(properties['--table-width'] ?? '');
  assert.equal(width(own) - width(usual), 8);
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
