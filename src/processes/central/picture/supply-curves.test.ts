import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MAX_CURVE_SAMPLES } from '../../../messages/central-api.ts';
import type { PanelSupply } from '../../../messages/live-stream.ts';
import { panelSupply } from '../../../pages/testing/scenes.ts';
import { createFakeClock } from '../../../testing/fake-clock.ts';
import { ioClockOf } from '../../../testing/io-clock.ts';
import { startSupplyCurves } from './supply-curves.ts';

test('a running charge has its curve from its start, bounded however long it lasts, gone when it is over', () => {
  const fake = createFakeClock(0);
  let supplies: PanelSupply[] = [];
  const curves = startSupplyCurves({ clock: ioClockOf(fake), picture: { supplies: () => supplies } });
  const { supplyId } = panelSupply(1);
  const hours = 24;
  for (let second = 10; second <= hours * 3_600; second += 10) {
    supplies = [panelSupply(1, { energyWh: second, powerW: 3_600 }), panelSupply(2, { state: 'PREPARING' })];
    fake.advance(10_000);
  }
  const samples = curves.read(supplyId);
  assert.ok(samples.length > MAX_CURVE_SAMPLES / 3 && samples.length <= MAX_CURVE_SAMPLES, `${samples.length}`);
  assert.ok(samples[0]![0] < 3_600_000, 'it begins near the start');
  assert.deepEqual(samples.at(-1), [hours * 3_600_000, 3_600, hours * 3_600]);
  assert.ok(
    samples.every(([atMs, , energyWh], place) => energyWh === atMs / 1_000 && atMs > (samples[place - 1]?.[0] ?? 0)),
    'in order, each as it was seen',
  );
  assert.deepEqual(curves.read(panelSupply(2).supplyId), []);
  supplies = [panelSupply(1, { state: 'INTERRUPTED', powerW: 3_600 })];
  fake.advance(10_000);
  assert.equal(curves.read(supplyId).at(-1)?.[0], hours * 3_600_000, 'nothing flows into an interrupted one');
  supplies = [];
  fake.advance(10_000);
  assert.deepEqual(curves.read(supplyId), []);
  curves.stop();
});
