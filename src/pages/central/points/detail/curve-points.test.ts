import assert from 'node:assert/strict';
import { test } from 'node:test';
import { curveShape } from '../../../shared/charts/curve-shape.ts';
import { curvePoints } from './curve-points.ts';

const START_MS = 1_000_000;
const OFFSET_MS = START_MS - 5_000;

test('the curve has what was before the page was opened, then what the page saw, each moment once and as one line', () => {
  const before = [0, 10, 20, 30, 40].map((second): [number, number, number] => [
    START_MS + second * 1_000,
    20_000,
    second,
  ]);
  const seen = [33, 34, 35, 36].map((second) => ({ atMs: 5_000 + second * 1_000, powerW: 22_000, energyWh: second }));
  const points = curvePoints({ before, seen, offsetMs: OFFSET_MS, pluggedAtMs: START_MS });
  assert.deepEqual(
    points.map(([second]) => second),
    [0, 10, 20, 30, 33, 34, 35, 36],
  );
  assert.equal(curveShape(points).powerLine.match(/M/g)?.length, 1, 'no gap where it grows finer');
  assert.deepEqual(curvePoints({ before: [], seen: [], offsetMs: 0, pluggedAtMs: undefined }), []);
});

test('a minute that nobody saw is a gap in the curve', () => {
  const seen = [0, 1, 2, 62, 63].map((second) => ({ atMs: second * 1_000, powerW: 1_000, energyWh: second }));
  const points = curvePoints({ before: [], seen, offsetMs: 0, pluggedAtMs: 0 });
  assert.equal(curveShape(points).powerLine.match(/M/g)?.length, 2);
});
