import assert from 'node:assert/strict';
import { test } from 'node:test';
import { panelSupply } from '../../testing/scenes.ts';
import { listedDrivers } from './driver-rows.ts';

const live = {
  drivers: [
    { driverId: 'BEA', via: 'DRV002', sinceMs: 20 },
    { driverId: 'ANA', via: 'DRV001', sinceMs: 30 },
    { driverId: 'ANA', via: 'DRV002', sinceMs: 10 },
  ],
  supplies: [panelSupply(1, { driverId: 'CLO' })],
};
const books = (driverId: string) => ({ driverId, isErased: false, supplies: 3, energyWh: 1, amountCents: 1 });

test('without a login the list has those connected or charging, and nothing of the books', () => {
  const rows = listedDrivers(live, undefined);
  assert.deepEqual(
    rows.map((row) => [row.driverId, row.via.length, row.sinceMs, row.supply?.cpId, row.books]),
    [
      ['ANA', 2, 10, undefined, undefined],
      ['BEA', 1, 20, undefined, undefined],
      ['CLO', 0, undefined, 'CP001', undefined],
    ],
  );
});

test('with the books the list has the drivers of the pages read, connected or not', () => {
  const rows = listedDrivers(live, [books('ANA'), books('ZOE')]);
  assert.deepEqual(
    rows.map((row) => [row.driverId, row.via.length, row.books?.supplies]),
    [
      ['ANA', 2, 3],
      ['ZOE', 0, 3],
    ],
  );
});
