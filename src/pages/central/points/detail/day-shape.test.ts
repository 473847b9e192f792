import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dayShape } from './day-shape.ts';

const MINUTE_MS = 60_000;
const at = (minute: number, cc: number, simulated = 0) => [minute * MINUTE_MS, cc, simulated];

test('a day of temperatures: gaps are gaps, simulated readings are a line of their own, alerts have their time', () => {
  const readings = [at(0, 500), at(10, 100), at(20, -100), at(30, -50), at(40, 300, 1), at(50, 300, 1), at(120, 400)];
  const shape = dayShape(readings, { minCc: 0, maxCc: 4_000 });
  assert.equal(shape.measured.match(/M/g)?.length, 2, 'broken by the simulation and the missing hour');
  assert.equal(shape.simulated.match(/[ML]/g)?.length, 2);
  assert.deepEqual(
    shape.alerts.map(({ x, width }) => [Math.round(x), Math.round(width)]),
    [[17, 17]],
  );
  assert.ok(shape.minY !== undefined && shape.minY > 0 && shape.minY < 100);
  assert.equal(shape.maxY, undefined, '40 degrees are far away');
  assert.ok(shape.topCc >= 500 && shape.bottomCc <= -100);
});

test('a day without thresholds or change is a line in the middle of the picture', () => {
  const shape = dayShape([at(0, 1_200), at(10, 1_200)], undefined);
  assert.deepEqual([shape.minY, shape.maxY, shape.alerts], [undefined, undefined, []]);
  assert.match(shape.measured, /^M0 50L100 50$/);
});
