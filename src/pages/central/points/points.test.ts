import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PanelPoint } from '../../../messages/live-stream.ts';
import { panelPoint } from '../../testing/scenes.ts';
import { nextAttention, SOLVED_SHOWN_MS } from './attention-list.ts';
import { heldOrder, sortedPoints, worstState } from './point-order.ts';
import { countByState, placeByKey, plainRows, rowOf, rowOffsets, rowsInWindow, zoneRows } from './point-rows.ts';
import { filterCount, readQuery, toggled, wantedPoints } from './points-query.ts';

const points = [
  panelPoint('CP010'),
  panelPoint('CP002', { state: 'FAULTED', priceE4PerKwh: 3_000 }),
  panelPoint('AAA1', { zone: 'MAD', city: 'Madrid', state: 'CHARGING', address: 'Cámara 3', maxPowerW: 150_000 }),
  panelPoint('AAA2', { zone: 'MAD', state: 'OUT_OF_SERVICE', reasons: ['WEATHER'], keyState: 'REVOKED' }),
];
const query = (text: string) => readQuery(new URLSearchParams(text));
const ids = (found: readonly PanelPoint[]) => found.map(({ cpId }) => cpId);
const wanted = (text: string) => ids(wantedPoints(points, query(text)));

test('tiles keep their places by zone and number whatever their states do', () => {
  assert.deepEqual(ids(sortedPoints(points, 'zone', () => 0)), ['CP002', 'CP010', 'AAA1', 'AAA2']);
});

test('each filter narrows, several values of one widen, and accents do not matter', () => {
  assert.deepEqual(wanted('state=FAULTED,CHARGING&q=camara'), ['AAA1']);
  assert.deepEqual(wanted('state=FAULTED,CHARGING'), ['CP002', 'AAA1']);
  assert.deepEqual(wanted('zone=MAD&reason=WEATHER'), ['AAA2']);
  assert.deepEqual(wanted('kw=100'), ['AAA1']);
  assert.deepEqual(wanted('price=0.25&state=AVAILABLE'), ['CP010']);
  assert.deepEqual(wanted('key=REVOKED'), ['AAA2']);
  assert.deepEqual(wanted('city=Madrid'), ['AAA1']);
  assert.deepEqual(wanted('unregistered=1'), []);
  assert.deepEqual(wanted('q=nothing+here'), []);
  assert.equal(filterCount(query('kw=100&zone=MAD,ALC&q=x')), 2);
});

test('the filter in the address survives nonsense', () => {
  assert.deepEqual(query('state=FAULTED,nonsense,AVAILABLE').states, ['AVAILABLE', 'FAULTED']);
  const odd = query('view=cube&sort=up&kw=-3&price=abc&key=LOST&reason=RAIN');
  assert.deepEqual(
    [odd.view, odd.sort, odd.minPowerW, odd.maxPriceE4, odd.keyState, odd.reasons],
    ['wall', 'zone', undefined, undefined, undefined, []],
  );
  assert.deepEqual(toggled(['FAULTED'], 'FAULTED'), []);
});

test('attention first: worst state, then newest; and an order that changes by itself holds still', () => {
  assert.deepEqual(ids(sortedPoints(points, 'attention', () => 0)), ['CP002', 'AAA2', 'AAA1', 'CP010']);
  assert.deepEqual(ids(sortedPoints(points, 'power', (cpId) => (cpId === 'AAA1' ? 9 : 0)))[0], 'AAA1');
  assert.deepEqual(heldOrder(['A', 'B', 'C'], ['C', 'D', 'A']), ['A', 'C', 'D']);
  assert.equal(worstState(['AVAILABLE', 'OUT_OF_SERVICE', 'CHARGING']), 'OUT_OF_SERVICE');
  assert.equal(countByState([]).AVAILABLE, 0);
});

test('rows: a zone under its header, a folded one without points, and the window finds its rows', () => {
  const sorted = sortedPoints(points, 'zone', () => 0);
  const rows = zoneRows(sorted, { columns: 2, folded: ['MAD'] });
  assert.deepEqual(
    rows.map((row) => (row.kind === 'ZONE' ? `${row.zone} ${row.worst}` : row.cpIds.join())),
    ['ALC FAULTED', 'CP002,CP010', 'MAD OUT_OF_SERVICE'],
  );
  assert.equal(rowOf(rows, 'CP010'), 1);
  const offsets = rowOffsets(rows, { zonePx: 40, pointsPx: 100 });
  assert.deepEqual(offsets, [0, 40, 140, 180]);
  assert.deepEqual(rowsInWindow(offsets, { topPx: 0, bottomPx: 40 }), [0, 1]);
  assert.deepEqual(rowsInWindow(offsets, { topPx: 41, bottomPx: 141 }), [1, 3]);
  assert.deepEqual(rowsInWindow(offsets, { topPx: 900, bottomPx: 1_000 }), [3, 3]);
  assert.deepEqual(rowsInWindow(offsets, { topPx: -900, bottomPx: -800 }), [0, 1]);
  assert.equal(plainRows(['A', 'B', 'C'], 2).length, 2);
});

test('arrows, Home, End and page keys walk through all points and stop at the ends', () => {
  const list = { count: 10, columns: 3, pageRows: 2 };
  assert.deepEqual(
    ['ArrowRight', 'ArrowLeft', 'ArrowDown', 'ArrowUp', 'PageDown', 'Home', 'End', 'x'].map((key) =>
      placeByKey(key, 4, list),
    ),
    [5, 3, 7, 1, 9, 0, 9, undefined],
  );
});

test('what needs attention comes newest first; what is solved is named for ten seconds more', () => {
  const before = nextAttention([], points, 1_000);
  assert.deepEqual(before.map(({ cpId }) => cpId).sort(), ['AAA2', 'CP002']);
  const solved = nextAttention(before, [panelPoint('CP002')], 2_000);
  assert.deepEqual(
    solved.map(({ solvedAtMs }) => solvedAtMs),
    [2_000, 2_000],
  );
  assert.deepEqual(nextAttention(solved, [panelPoint('CP002')], 2_000 + SOLVED_SHOWN_MS), []);
});
