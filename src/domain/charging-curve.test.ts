import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addCurvePoint, type Charge, levelPercent, meterCharge, plugVehicle } from './charging-curve.ts';

const vehicle = { batteryWh: 60_000, levelPercentAtPlug: 20, maxPowerW: 120_000 };

function after(seconds: number, stepMs = 1_000): Charge {
  let charge = plugVehicle(vehicle, 0);
  for (let nowMs = 0; nowMs <= seconds * 1_000; nowMs += stepMs) charge = meterCharge(charge, 50_000, nowMs);
  return charge;
}

test('power ramps up, holds the plateau to half of the battery, tapers and ends at full', () => {
  assert.ok(after(3).powerW < 20_000);
  assert.equal(after(60).powerW, 50_000);
  const tapering = after(2_700);
  assert.ok(tapering.powerW < 49_000 && tapering.powerW > 4_000, String(tapering.powerW));
  const full = after(14_000);
  assert.deepEqual([full.powerW, full.energyWh, levelPercent(full)], [0, 48_000, 100]);
});

test('integer Wh do not drift, however often the meter is read', () => {
  const bySecond = after(600);
  const byTenth = after(600, 100);
  assert.ok(Math.abs(bySecond.energyWh - byTenth.energyWh) <= 8, `${bySecond.energyWh} ${byTenth.energyWh}`);
  let plateau: Charge = { ...plugVehicle(vehicle, -60_000), meteredAtMs: 0, powerW: 50_000 };
  for (let nowMs = 0; nowMs <= 360_000; nowMs += 7) plateau = meterCharge(plateau, 50_000, nowMs);
  plateau = meterCharge(plateau, 50_000, 360_000);
  assert.equal(plateau.energyWh, 5_000);
});

test('a clock that goes back takes no energy away', () => {
  const charge = after(100);
  const back = meterCharge(charge, 50_000, 40_000);
  assert.deepEqual([back.energyWh, back.meteredAtMs], [charge.energyWh, charge.meteredAtMs]);
});

test('the curve of a ticket has at most 120 points, evenly spread', () => {
  let curve: number[][] = [];
  for (let second = 1; second <= 5_000; second += 1) curve = addCurvePoint(curve, [second, 50_000, second * 13]);
  assert.ok(curve.length > 60 && curve.length <= 120, String(curve.length));
  const gaps = new Set(curve.slice(1).map((point, index) => (point[0] ?? 0) - (curve[index]?.[0] ?? 0)));
  assert.equal(gaps.size, 1);
});
