import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Supply } from '../../domain/supply.ts';
import {
  type AcquiredServices,
  acquireServices,
  createTestDatabase,
  type TestDatabase,
} from '../../testing/services.ts';
import { createLog } from '../log.ts';
import { newTimeOrderedId } from '../new-id.ts';
import { type Database, openDatabase } from './database.ts';
import { countDrivers, driverRows } from './driver-list.ts';
import { migrate } from './migrate.ts';
import { networkStatistics } from './network-statistics.ts';
import { networkUtilisation } from './network-utilisation.ts';
import { insertSupply } from './supplies.ts';
import { pastSupplies, supplyTotals } from './supply-history.ts';

const HOUR_MS = 3_600_000;
/** 00:30 of a summer's day in Madrid, still the day before in UTC. */
const NOW_MS = Date.parse('2026-07-10T22:30:00Z');

let services: AcquiredServices;
let own: TestDatabase;
let database: Database;
before(async () => {
  services = await acquireServices();
  own = await createTestDatabase(services.adminDatabaseUrl);
  await migrate(own.url);
  database = openDatabase({ url: own.url, log: createLog('test', { level: 'silent' }), poolSize: 2 });
  await database.run("INSERT INTO zones (zone) VALUES ('ALC'), ('MAD')");
  await database.run("INSERT INTO weather_locations (city, country) VALUES ('Alicante', 'ES')");
  for (const [cpId, zone] of [
    ['CP001', 'ALC'],
    ['CP002', 'MAD'],
  ])
    await database.run(
      `INSERT INTO charging_points (cp_id, zone, location_id, address, price_e4_per_kwh, max_power_w)
        VALUES ($1, $2, 1, 'Calle Mayor 1', 2500, 50000)`,
      [cpId, zone],
    );
  for (const driverId of ['ANA', 'ANTON', 'BEA'])
    await database.run("INSERT INTO drivers (driver_id, name, password_hash) VALUES ($1, 'A name', 'none')", [
      driverId,
    ]);
  for (let hoursAgo = 0; hoursAgo < 7; hoursAgo += 1) await insertSupply(database, endedSupply(hoursAgo));
});
after(async () => {
  await database?.close();
  await own?.drop();
  await services?.release();
});

/** 1 kWh each, 25 cents; every third anonymous, every second at CP002. */
function endedSupply(hoursAgo: number): Supply {
  const endedAtMs = NOW_MS - hoursAgo * HOUR_MS;
  return {
    supplyId: newTimeOrderedId(),
    requestId: newTimeOrderedId(),
    clientId: 'driver:DRV001',
    cpId: hoursAgo % 2 === 0 ? 'CP001' : 'CP002',
    driverId: hoursAgo % 3 === 0 ? null : 'ANA',
    origin: hoursAgo % 3 === 0 ? 'POINT' : 'APP',
    state: 'ENDED',
    version: 5,
    priceE4PerKwh: 2_500,
    requestedAtMs: endedAtMs - 60_000,
    authorisedAtMs: endedAtMs - 58_000,
    pluggedAtMs: endedAtMs - 50_000,
    endedAtMs,
    closedAtMs: endedAtMs,
    deadlineAtMs: null,
    orderedEndReason: null,
    endReason: 'UNPLUGGED',
    refusal: null,
    energyWh: 1_000,
    amountCents: 25,
    isEstimated: false,
    suspectReasons: [],
  };
}

test('pages of the history follow each other without a gap or a repeat, newest first', async () => {
  const seen: string[] = [];
  let after: { requestedAtMs: number; supplyId: string } | undefined;
  for (;;) {
    const page = await pastSupplies(database, {}, { ...(after && { after }), limit: 3 });
    seen.push(...page.map(({ supply }) => supply.supplyId));
    const last = page.at(-1)?.supply;
    if (!last) break;
    after = { requestedAtMs: last.requestedAtMs, supplyId: last.supplyId };
  }
  const rows = await database.rows<{ supply_id: string }>('SELECT supply_id FROM supplies ORDER BY requested_at DESC');
  assert.deepEqual(
    seen,
    rows.map((row) => row.supply_id),
  );
});

test('filters of the history work together, and its totals are those of all that match', async () => {
  const filter = { cpId: 'CP001', driverId: 'ANON', state: 'ENDED', fromMs: NOW_MS - 7 * HOUR_MS } as const;
  const found = await pastSupplies(database, filter, { limit: 50 });
  assert.deepEqual(
    found.map(({ supply }) => [supply.cpId, supply.driverId]),
    [
      ['CP001', null],
      ['CP001', null],
    ],
  );
  assert.deepEqual(await supplyTotals(database, filter), { supplies: 2, energyWh: 2_000, amountCents: 50 });
  assert.equal((await supplyTotals(database, { zone: 'MAD' })).supplies, 3);
  assert.equal((await supplyTotals(database, { state: 'OPEN' })).supplies, 0);
});

test('drivers come by id with what they charged, and no name', async () => {
  const [ana, anton] = await driverRows(database, { search: 'AN', limit: 10 });
  assert.deepEqual([ana?.driverId, ana?.supplies, ana?.energyWh, anton?.driverId], ['ANA', 4, 4_000, 'ANTON']);
  assert.equal(JSON.stringify([ana, anton]).includes('name'), false);
  assert.equal(await countDrivers(database, ''), 3);
});

test('days of the charts begin at midnight of the viewer, and every hour of the range is there', async () => {
  const days = await networkStatistics(database, { range: '7d', timeZone: 'Europe/Madrid', nowMs: NOW_MS });
  assert.equal(days.startsMs.length, 7);
  assert.equal(new Date(days.startsMs.at(-1)!).toISOString(), '2026-07-10T22:00:00.000Z');
  const total = (place: number) => days.zones.reduce((sum, zone) => sum + zone.supplies.at(place)!, 0);
  assert.deepEqual([total(-1), total(-2)], [1, 6]);
  const hours = await networkStatistics(database, { range: '24h', timeZone: 'UTC', nowMs: NOW_MS });
  assert.equal(hours.startsMs.length, 24);
  assert.deepEqual(
    hours.zones.map((zone) => [zone.zone, zone.energyWh.at(-1), zone.energyWh.at(-2)]),
    [
      ['ALC', 1_000, 0],
      ['MAD', 0, 1_000],
    ],
  );
  assert.equal(hours.topPoints[0]?.cpId, 'CP001');
});

test('a charge is found by the number of its ticket, also by that of a correction', async () => {
  const [supply] = await pastSupplies(database, { cpId: 'CP002' }, { limit: 1 });
  const ticket = (corrects: number | null) =>
    database.row<{ ticket_number: number }>(
      `INSERT INTO tickets (supply_id, corrects_ticket_number, energy_wh, price_e4_per_kwh, amount_cents, end_reason, is_estimated)
        VALUES ($1, $2, 1000, 2500, 25, 'UNPLUGGED', false) RETURNING ticket_number`,
      [supply?.supply.supplyId, corrects],
    );
  const first = (await ticket(null))?.ticket_number ?? 0;
  const second = (await ticket(first))?.ticket_number ?? 0;
  for (const ticketNumber of [first, second]) {
    const found = await pastSupplies(database, { ticketNumber }, { limit: 5 });
    assert.deepEqual(
      found.map(({ supply: { supplyId }, ticketNumber: newest }) => [supplyId, newest]),
      [[supply?.supply.supplyId, second]],
    );
  }
  assert.deepEqual(await pastSupplies(database, { ticketNumber: second + 1 }, { limit: 5 }), []);
});

test('utilisation has every second of charging once, in the hour and the weekday of the viewer; nothing after now', async () => {
  const charging = {
    ...endedSupply(0),
    ...{
      supplyId: newTimeOrderedId(),
      requestId: newTimeOrderedId(),
      cpId: 'CP001',
      driverId: 'BEA',
      state: 'CHARGING',
    },
    // From 23:45 of Friday to now, 00:30 of Saturday in Madrid.
    ...{ pluggedAtMs: NOW_MS - 45 * 60_000, endedAtMs: null, closedAtMs: null, endReason: null, energyWh: null },
    amountCents: null,
  } as Supply;
  await insertSupply(database, charging);
  const { chargingS, topPoints, pointCount } = await networkUtilisation(database, {
    timeZone: 'Europe/Madrid',
    nowMs: NOW_MS,
  });
  const at = (weekday: number, hour: number) => chargingS[weekday * 24 + hour];
  const endedOnTheHalf = 50;
  assert.equal(at(5, 0), 30 * 60 + endedOnTheHalf);
  assert.equal(at(4, 23), 15 * 60 + endedOnTheHalf);
  assert.equal(at(4, 22), endedOnTheHalf);
  assert.equal(
    chargingS.reduce((sum, seconds) => sum + seconds, 0),
    45 * 60 + 7 * endedOnTheHalf,
  );
  assert.deepEqual(topPoints, [
    { cpId: 'CP001', chargingS: 45 * 60 + 4 * endedOnTheHalf },
    { cpId: 'CP002', chargingS: 3 * endedOnTheHalf },
  ]);
  assert.equal(pointCount, 2);
});
