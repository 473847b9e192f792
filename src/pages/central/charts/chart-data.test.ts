import assert from 'node:assert/strict';
import { test } from 'node:test';
import { panelPoint, panelSupply } from '../../testing/scenes.ts';
import { axisTop, largestFirst, loadSeries, OTHERS, powerNow, totals } from './chart-data.ts';

test('more zones than colours: the six largest by name, the rest as one, and nothing is lost', () => {
  const series = Array.from({ length: 9 }, (_, n) => ({ name: `Z${9 - n}`, values: [n, 1] }));
  const shown = largestFirst(series);
  assert.deepEqual(
    shown.map(({ name }) => name),
    ['Z1', 'Z2', 'Z3', 'Z4', 'Z5', 'Z6', OTHERS],
  );
  assert.deepEqual(totals(shown), totals(series));
});

test('the axis has four steps that are shown exactly: whole points, tenths of a kW', () => {
  assert.deepEqual(
    [0, 1, 7, 23, 118].map((largest) => axisTop(largest, 1)),
    [4, 4, 8, 24, 120],
  );
  assert.equal(axisTop(22_000, 100), 24_000);
});

test('a time without data is a gap in the curve, never zero', () => {
  const sample = (atMs: number) => ({ atMs, powerW: [100], states: [1, 0, 0, 0, 0] });
  const { timesMs, power } = loadSeries({
    everyMs: 10,
    zones: ['ALC'],
    samples: [sample(0), sample(10), sample(500)],
  });
  assert.deepEqual(timesMs, [0, 10, 20, 500]);
  assert.deepEqual(power[0]?.values, [100, 100, null, 100]);
  assert.deepEqual(totals(power), [100, 100, null, 100]);
});

test('power of the moment is added up by zone', () => {
  const points = [panelPoint('CP001'), panelPoint('MAD1', { zone: 'MAD' }), panelPoint('MAD2', { zone: 'MAD' })];
  const at = (n: number, cpId: string, powerW: number) => ({ supply: panelSupply(n, { cpId }), powerW });
  assert.deepEqual(powerNow(points, [at(1, 'CP001', 0), at(2, 'MAD1', 5), at(3, 'MAD2', 6), at(4, 'GONE', 9)]), [
    { zone: 'MAD', powerW: 11 },
  ]);
});
