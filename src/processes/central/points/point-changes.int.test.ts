import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { EngineSupplyRecord } from '../../../domain/engine-supply.ts';
import type { SupplyEvent } from '../../../domain/supply-decision.ts';
import { newRandomId, newTimeOrderedId } from '../../../io/new-id.ts';
import { type CentralWorld, createCentralWorld, eventually } from '../../../testing/central-world.ts';
import type { RunningCentral } from '../central.ts';
import type { Actor, PointOutcome } from '../parts.ts';

const ACTOR: Actor = { entity: 'test' };
let world: CentralWorld;
let central: RunningCentral;
let nextPoint = 0;

before(async () => {
  world = await createCentralWorld();
  central = await world.start();
});
after(() => world.stop());

async function newPoint(): Promise<string> {
  nextPoint += 1;
  const cpId = `CP${String(nextPoint).padStart(3, '0')}`;
  await world.addPoint(cpId);
  await world.connect(central, cpId);
  return cpId;
}

async function newDriver(): Promise<string> {
  nextPoint += 1;
  const driverId = `DRV${String(nextPoint).padStart(3, '0')}`;
  await world.addDriver(driverId);
  return driverId;
}

function request(cpId: string, driverId: string | null, requestId = newRandomId()): Promise<PointOutcome> {
  const clientId = driverId === null ? `cp:${cpId}` : 'driver:DRV900';
  const origin = driverId === null ? 'POINT' : 'APP';
  const supplyId = newTimeOrderedId();
  const asked = { requestId, clientId, driverId, origin, supplyId, isExpired: false } as const;
  return central.rooms.requests.request(cpId, asked, ACTOR);
}

function tell(cpId: string, event: SupplyEvent): Promise<PointOutcome> {
  return central.rooms.points.apply(cpId, { event }, ACTOR);
}

function record(supplyId: string, change: Partial<EngineSupplyRecord> = {}): EngineSupplyRecord {
  return {
    supplyId,
    requestId: newRandomId(),
    origin: 'APP',
    priceE4PerKwh: 2500,
    phase: 'CHARGING',
    acceptedAtMs: Date.now() - 3_600_000,
    pluggedAtMs: Date.now() - 3_600_000,
    energyWh: 0,
    sequence: 0,
    ...change,
  };
}

const ended = (supplyId: string, energyWh: number): SupplyEvent => ({
  kind: 'supply-ended',
  record: record(supplyId, { phase: 'ENDED', energyWh, sequence: 9, endedAtMs: Date.now(), endReason: 'UNPLUGGED' }),
});

/** Up to CHARGING; the supply's id. */
async function charging(cpId: string, driverId: string | null): Promise<string> {
  const { supply } = await request(cpId, driverId);
  assert.equal(supply?.state, 'REQUESTED');
  await tell(cpId, { kind: 'supply-accepted', supplyId: supply.supplyId });
  await tell(cpId, { kind: 'supply-started', record: record(supply.supplyId) });
  return supply.supplyId;
}

const tickets = (supplyId: string) =>
  world.database.rows<{ ticket_number: number; amount_cents: number; energy_wh: number }>(
    'SELECT * FROM tickets WHERE supply_id = $1 ORDER BY ticket_number',
    [supplyId],
  );

test('F-13 a hundred drivers ask for one point at once: exactly one gets it', async () => {
  const cpId = await newPoint();
  const drivers = await Promise.all(Array.from({ length: 100 }, newDriver));
  const outcomes = await Promise.all(drivers.map((driverId) => request(cpId, driverId)));
  assert.equal(outcomes.filter((one) => one.refusal === undefined).length, 1);
  assert.ok(outcomes.every((one) => one.refusal === undefined || one.refusal.code === 'CP_BUSY'));
  const open = await world.database.rows("SELECT 1 FROM supplies WHERE cp_id = $1 AND state = 'REQUESTED'", [cpId]);
  assert.equal(open.length, 1);
});

test('F-14 an app and the point itself ask at the same time: one of them gets it', async () => {
  const cpId = await newPoint();
  const driverId = await newDriver();
  const outcomes = await Promise.all([request(cpId, null), request(cpId, driverId)]);
  assert.equal(outcomes.filter((one) => one.refusal === undefined).length, 1);
});

test('one driver asks for ten points at once: one supply, the others DRIVER_BUSY', async () => {
  const driverId = await newDriver();
  const points = await Promise.all(Array.from({ length: 10 }, newPoint));
  const outcomes = await Promise.all(points.map((cpId) => request(cpId, driverId)));
  assert.equal(outcomes.filter((one) => one.refusal === undefined).length, 1);
  assert.equal(outcomes.filter((one) => one.refusal?.code === 'DRIVER_BUSY').length, 9);
});

test('D-05 F-16 the same request id gives the same supply, whose id is Central’s', async () => {
  const cpId = await newPoint();
  const driverId = await newDriver();
  const requestId = newRandomId();
  const outcomes = await Promise.all([1, 2, 3].map(() => request(cpId, driverId, requestId)));
  assert.equal(new Set(outcomes.map((one) => one.supply?.supplyId)).size, 1);
  assert.ok(outcomes.every((one) => one.refusal === undefined && one.supply?.supplyId !== requestId));
});

test('F-64 a driver who asks again for his own open point gets his own supply', async () => {
  const cpId = await newPoint();
  const driverId = await newDriver();
  const supplyId = await charging(cpId, driverId);
  const again = await request(cpId, driverId);
  assert.equal(again.refusal, undefined);
  assert.equal(again.supply?.supplyId, supplyId);
});

test('F-21 F-23 ten ends of one supply at once make one ticket and one debit', async () => {
  const cpId = await newPoint();
  const driverId = await newDriver();
  const supplyId = await charging(cpId, driverId);
  await Promise.all(Array.from({ length: 10 }, () => tell(cpId, ended(supplyId, 12_345))));
  const [ticket, ...more] = await tickets(supplyId);
  assert.equal(more.length, 0);
  assert.equal(ticket?.amount_cents, 309);
  const driver = await world.database.row<{ balance_cents: number }>(
    'SELECT balance_cents FROM drivers WHERE driver_id = $1',
    [driverId],
  );
  assert.equal(driver?.balance_cents, -309);
  const late = await tell(cpId, { kind: 'supply-started', record: record(supplyId) });
  assert.equal(late.supply?.state, 'ENDED');
});

test('F-22 interleaved drivers each get their own ticket', async () => {
  const pairs = await Promise.all(
    Array.from({ length: 8 }, async () => [await newPoint(), await newDriver()] as const),
  );
  const supplies = await Promise.all(pairs.map(([cpId, driverId]) => charging(cpId, driverId)));
  await Promise.all(supplies.map((supplyId, index) => tell(pairs[index]![0], ended(supplyId, 1_000 * (index + 1)))));
  for (const [index, [, driverId]] of pairs.entries()) {
    const rows = await world.database.rows<{ energy_wh: number }>(
      'SELECT t.energy_wh FROM tickets t JOIN supplies s USING (supply_id) WHERE s.driver_id = $1',
      [driverId],
    );
    assert.deepEqual(rows, [{ energy_wh: 1_000 * (index + 1) }]);
  }
});

test('F-32 a point that does not exist is refused, and stays non-existent', async () => {
  const outcome = await request('CP999X', await newDriver());
  assert.deepEqual([outcome.refusal?.code, outcome.wasKnown], ['CP_UNKNOWN', false]);
  const reading = await tell('CP999X', { kind: 'meter-reading', supplyId: newRandomId(), measuredAtMs: Date.now() });
  assert.equal(reading.wasKnown, false);
  assert.equal(await world.database.row("SELECT 1 FROM charging_points WHERE cp_id = 'CP999X'"), undefined);
});

test('F-15 a point that nobody answers for is free again: the supply is DENIED when its time is over', async () => {
  const cpId = await newPoint();
  const { supply } = await request(cpId, await newDriver());
  await world.database.run("UPDATE supplies SET deadline_at = now() - interval '1 second' WHERE supply_id = $1", [
    supply!.supplyId,
  ]);
  await eventually('denied', async () => {
    const row = await world.database.row<{ state: string; refusal: string }>(
      'SELECT state, refusal FROM supplies WHERE supply_id = $1',
      [supply!.supplyId],
    );
    return row?.state === 'DENIED' && row.refusal === 'POINT_NO_ANSWER';
  });
  await eventually('available', () => central.rooms.picture.point(cpId)?.state === 'AVAILABLE');
});

test('F-27 D-08 a lost monitor shows at once, refuses starts, and ends nothing that runs', async () => {
  const cpId = await newPoint();
  const supplyId = await charging(cpId, await newDriver());
  await central.rooms.points.apply(cpId, { edge: { kind: 'monitor-lost', epoch: 1 } }, ACTOR);
  await eventually('disconnected', () => central.rooms.picture.point(cpId)?.state === 'DISCONNECTED');
  const stillOpen = await world.database.row<{ state: string }>('SELECT state FROM supplies WHERE supply_id = $1', [
    supplyId,
  ]);
  assert.equal(stillOpen?.state, 'CHARGING');
  const refused = await request(cpId, await newDriver());
  assert.equal(refused.refusal?.code, 'CP_DISCONNECTED');
});

test('F-65 an older socket of the same point changes nothing', async () => {
  const cpId = await newPoint();
  await world.connect(central, cpId, 2);
  await central.rooms.points.apply(cpId, { edge: { kind: 'monitor-lost', epoch: 1 } }, ACTOR);
  const ko = { kind: 'engine-health', epoch: 1, isEngineOk: false, isChannelUp: false } as const;
  await central.rooms.points.apply(cpId, { edge: ko }, ACTOR);
  assert.equal((await request(cpId, await newDriver())).refusal, undefined);
});

test('D-10 a failed engine interrupts, orders the stop by both ways, and frees the driver', async () => {
  const cpId = await newPoint();
  const other = await newPoint();
  const driverId = await newDriver();
  const supplyId = await charging(cpId, driverId);
  const ko = { kind: 'engine-health', epoch: 1, isEngineOk: false, isChannelUp: true, code: 'NO_ANSWER' } as const;
  await central.rooms.points.apply(cpId, { edge: ko }, ACTOR);
  await eventually('stop by the monitor', () =>
    world.frames.find((frame) => frame.cpId === cpId && frame.type === 'stop-supply'),
  );
  assert.equal((await request(other, driverId)).refusal, undefined);
  await tell(cpId, ended(supplyId, 500));
  assert.equal((await tickets(supplyId)).length, 1);
});

test('D-04 F-40 an operator’s stop holds the point after the charge, whatever ended it', async () => {
  const cpId = await newPoint();
  const supplyId = await charging(cpId, null);
  await tell(cpId, { kind: 'operator-stop', when: 'NOW' });
  await eventually('pending', () => central.rooms.picture.point(cpId)?.pendingReasons.includes('OPERATOR'));
  await tell(cpId, ended(supplyId, 700));
  await eventually('held', () => central.rooms.picture.point(cpId)?.state === 'OUT_OF_SERVICE');
  await tell(cpId, { kind: 'operator-resume' });
  await eventually('free', () => central.rooms.picture.point(cpId)?.state === 'AVAILABLE');
});

test('D-10 an estimated ticket is corrected by the journal that turns up later; the wallet gets the difference', async () => {
  const cpId = await newPoint();
  const driverId = await newDriver();
  const supplyId = await charging(cpId, driverId);
  central.rooms.readings.put(supplyId, {
    sequence: 3,
    energyWh: 4_000,
    powerW: 0,
    measuredAtMs: Date.now(),
    receivedAtMs: Date.now(),
  });
  await tell(cpId, { kind: 'engine-ko' });
  await tell(cpId, { kind: 'operator-settle', supplyId });
  assert.deepEqual(
    (await tickets(supplyId)).map((ticket) => ticket.energy_wh),
    [4_000],
  );
  await tell(cpId, ended(supplyId, 5_000));
  await tell(cpId, ended(supplyId, 5_000));
  assert.deepEqual(
    (await tickets(supplyId)).map((ticket) => ticket.amount_cents),
    [100, 125],
  );
  const driver = await world.database.row<{ balance_cents: number }>(
    'SELECT balance_cents FROM drivers WHERE driver_id = $1',
    [driverId],
  );
  assert.equal(driver?.balance_cents, -125);
});

test('a supply that this database does not know is accepted as suspect, with a ticket', async () => {
  const cpId = await newPoint();
  const supplyId = newTimeOrderedId();
  const event = ended(supplyId, 800) as SupplyEvent & { kind: 'supply-ended' };
  await tell(cpId, { ...event, record: { ...event.record, driverId: 'GONE1' } });
  assert.equal((await tickets(supplyId)).length, 1);
  const row = await world.database.row<{ driver_id: string | null; suspect_reasons: string[] }>(
    'SELECT * FROM supplies WHERE supply_id = $1',
    [supplyId],
  );
  assert.equal(row?.driver_id, null);
  assert.ok(row?.suspect_reasons.includes('UNKNOWN_SUPPLY'));
});

test('a supply of another point is not touched', async () => {
  const cpId = await newPoint();
  const other = await newPoint();
  const supplyId = await charging(cpId, null);
  await tell(other, ended(supplyId, 100));
  assert.equal((await tickets(supplyId)).length, 0);
});

test('every change raises the version, and a repeat does not', async () => {
  const cpId = await newPoint();
  const version = async () =>
    (await world.database.row<{ version: number }>('SELECT version FROM charging_point_facts WHERE cp_id = $1', [
      cpId,
    ]))!.version;
  const first = await version();
  const supplyId = await charging(cpId, null);
  assert.equal(await version(), first + 3);
  await tell(cpId, { kind: 'supply-accepted', supplyId });
  await world.connect(central, cpId, 0);
  assert.equal(await version(), first + 3);
});

test('F-60 F-61 no transaction stays open behind the pool', async () => {
  const idle = () =>
    world.database.rows(
      "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%'",
    );
  // Central's own work goes on, and is idle between two statements; what was left open stays so until, after 15 s, the
  // server ends its session, which it counts.
  await eventually('none is idle in a transaction', async () => (await idle()).length === 0, 5_000);
  const ended = await world.database.row<{ count: number }>(
    'SELECT sessions_fatal AS count FROM pg_stat_database WHERE datname = current_database()',
  );
  assert.equal(ended?.count, 0);
});
