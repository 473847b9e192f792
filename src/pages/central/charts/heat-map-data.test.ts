import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WEEK_HOURS } from '../../../messages/central-history-api.ts';
import { cellByKey, chargingPercent, HEAT_STEPS, heatStep, weekHours } from './heat-map-data.ts';

test('the heat map shows how many points charged on average in each hour of the week, Monday first', () => {
  const chargingS = Array.from({ length: WEEK_HOURS }, () => 0);
  chargingS[0] = 4 * 3_600;
  chargingS[6 * 24 + 23] = 2 * 3_600;
  const base = { timeZone: 'UTC', fromMs: 0, computedAtMs: 0, pointCount: 2, topPoints: [] };
  const days = weekHours({ ...base, chargingS });
  assert.deepEqual([days.length, days[0]?.length], [7, 24]);
  assert.deepEqual([days[0]?.[0], days[6]?.[23], days[3]?.[12]], [1, 0.5, 0]);
  assert.equal(chargingPercent(28 * 24 * 3_600), 100);
});

test('any use has a colour, none has the empty one, and the largest the deepest', () => {
  assert.deepEqual(
    [0, 0.001, 0.5, 1].map((value) => heatStep(value, 1)),
    [0, 1, 3, HEAT_STEPS - 1],
  );
  assert.equal(heatStep(0, 0), 0);
});

test('arrows walk the week and stop at its edges', () => {
  assert.deepEqual(cellByKey('ArrowLeft', { day: 0, hour: 0 }), { day: 0, hour: 0 });
  assert.deepEqual(cellByKey('ArrowDown', { day: 6, hour: 3 }), { day: 6, hour: 3 });
  assert.deepEqual(cellByKey('End', { day: 2, hour: 3 }), { day: 2, hour: 23 });
  assert.equal(cellByKey('x', { day: 2, hour: 3 }), undefined);
});
