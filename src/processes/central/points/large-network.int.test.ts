import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { SupplyEvent } from '../../../domain/supply-decision.ts';
import { newRandomId, newTimeOrderedId } from '../../../io/new-id.ts';
import { createLeaseStore } from '../../../io/postgres/channel-leases.ts';
import { awaitEndUntil, findOrder, insertOrders, timeOutOrders } from '../../../io/postgres/operator-orders.ts';
import { type CentralWorld, createCentralWorld } from '../../../testing/central-world.ts';
import { engineRecord } from '../../../testing/supply-builders.ts';
import type { RunningCentral } from '../central.ts';

const POINTS = 3_000;
const CHARGES = 12;
const TABLES = [
  ...['charging_points', 'charging_point_facts', 'charging_point_holds', 'supplies', 'tickets', 'meter_snapshots'],
  ...['channel_leases', 'operator_orders', 'outbox', 'login_sessions', 'encryption_keys'],
];
let world: CentralWorld;
let central: RunningCentral;

before(async () => {
  world = await createCentralWorld();
  await fill(world);
  central = await world.start();
});
after(() => world.stop());

/** Thousands of points that have charged, are charging under a lease, and wait for an order. */
async function fill({ database, zone }: CentralWorld): Promise<void> {
  const statements = [
    `INSERT INTO charging_points (cp_id, zone, location_id, address, price_e4_per_kwh, max_power_w)
      SELECT 'FL' || n, '${zone}', 1, 'Calle Mayor 1', 2500, 50000 FROM generate_series(1, ${POINTS}) n`,
    `INSERT INTO charging_point_facts (cp_id) SELECT cp_id FROM charging_points`,
    `INSERT INTO channel_leases (lease_id, client_id, zone, topic_number, partition, boot_id, expires_at)
      SELECT gen_random_uuid(), 'cp:' || cp_id, '${zone}', 0, 0, gen_random_uuid(), now() + interval '9 minutes' FROM charging_points`,
    `INSERT INTO supplies (supply_id, request_id, client_id, cp_id, origin, state, price_e4_per_kwh, requested_at)
      SELECT gen_random_uuid(), gen_random_uuid(), 'cp:' || cp_id, cp_id, 'POINT', 'CHARGING', 2500, now() FROM charging_points`,
    `INSERT INTO meter_snapshots SELECT supply_id, 1, 10, 1000, now(), now() FROM supplies`,
    `INSERT INTO supplies (supply_id, request_id, client_id, cp_id, origin, state, price_e4_per_kwh, requested_at, end_reason, closed_at, energy_wh, amount_cents)
      SELECT gen_random_uuid(), gen_random_uuid(), 'cp:' || cp_id, cp_id, 'POINT', 'ENDED', 2500, now(), 'UNPLUGGED', now(), 10, 1 FROM charging_points`,
    `INSERT INTO tickets (supply_id, energy_wh, price_e4_per_kwh, amount_cents, end_reason, is_estimated)
      SELECT supply_id, 10, 2500, 1, 'UNPLUGGED', false FROM supplies WHERE state = 'ENDED'`,
  ];
  for (const statement of statements) await database.run(statement);
  const cpIds = (await database.rows<{ cp_id: string }>('SELECT cp_id FROM charging_points', [])).map(
    (row) => row.cp_id,
  );
  const deadline = new Date(Date.now() + 3_600_000);
  await insertOrders(database, { orderId: newRandomId(), kind: 'STOP', cpIds, orderedBy: 'test', deadline });
  await database.run('ANALYZE');
}

/** Rows that were read so far, by table: those that a scan passed over, and those that an index led to. */
async function rowsRead(): Promise<Map<string, number>> {
  // Every connection of the pool tells what it counted: each is held while the others are asked.
  await Promise.all(
    Array.from({ length: 20 }, () => world.database.run('SELECT pg_stat_force_next_flush(), pg_sleep(0.05)')),
  );
  const rows = await world.database.rows<{ name: string; count: number }>(
    `SELECT t.relname AS name, (t.seq_tup_read + coalesce(sum(i.idx_tup_read), 0))::bigint AS count
      FROM pg_stat_user_tables t LEFT JOIN pg_stat_user_indexes i USING (relid)
      WHERE t.relname = ANY($1) GROUP BY t.relname, t.seq_tup_read`,
    [TABLES],
  );
  return new Map(rows.map(({ name, count }) => [name, Number(count)]));
}

async function chargeOnce(cpId: string, driverId: string): Promise<void> {
  const actor = { entity: 'test' };
  const tell = (event: SupplyEvent) => central.rooms.points.apply(cpId, { event }, actor);
  const asked = { requestId: newRandomId(), clientId: 'driver:DRV900', driverId, origin: 'APP' } as const;
  const supplyId = newTimeOrderedId();
  const { supply } = await central.rooms.requests.request(cpId, { ...asked, supplyId, isExpired: false }, actor);
  assert.equal(supply?.state, 'REQUESTED');
  const id = supply.supplyId;
  await tell({ kind: 'supply-accepted', supplyId: id });
  await tell({ kind: 'supply-started', record: engineRecord({ supplyId: id, phase: 'CHARGING' }) });
  await tell({ kind: 'operator-stop', when: 'NOW' });
  const ended = engineRecord({ supplyId: id, phase: 'ENDED', energyWh: 500, endReason: 'OPERATOR_STOP' });
  const outcome = await tell({ kind: 'supply-ended', record: ended });
  assert.equal(outcome.supply?.state, 'ENDED');
  await tell({ kind: 'operator-resume' });
}

test('a charge among 3,000 points reads its own rows only: no table is read through, no index either', async () => {
  await world.addPoint('CP001');
  await world.connect(central, 'CP001');
  await world.addDriver('ANA01');
  await chargeOnce('CP001', 'ANA01');
  const leases = createLeaseStore(world.database);
  const readThrough = new Map<string, number>();
  let before = await rowsRead();
  for (let count = 0; count < CHARGES; count += 1) {
    await leases.newestLive('cp:FL7', Date.now());
    await leases.endOtherBoots('cp:FL8', newRandomId());
    await chargeOnce('CP001', 'ANA01');
    const after = await rowsRead();
    for (const table of TABLES) {
      const rows = (after.get(table) ?? 0) - (before.get(table) ?? 0);
      if (rows >= POINTS / 2) readThrough.set(table, (readThrough.get(table) ?? 0) + 1);
    }
    before = after;
  }
  assert.deepEqual(
    // Central itself looks through all points every few seconds, for Monitors of a dead Central, and may load its picture.
    [...readThrough].filter(([, charges]) => charges >= CHARGES / 2),
    [],
    'tables, and how many of the charges read them through',
  );
});

test('an order for thousands gives each point its ten seconds from its own turn on', async () => {
  const orderId = newRandomId();
  const nowMs = Date.now();
  const order = { kind: 'STOP', cpIds: ['FL1', 'FL2'], orderedBy: 'test' } as const;
  await insertOrders(world.database, { ...order, orderId, deadline: new Date(nowMs + 600_000) });
  await awaitEndUntil(world.database, { orderId, cpId: 'FL1', deadline: new Date(nowMs + 10_000) });
  await timeOutOrders(world.database, new Date(nowMs + 11_000));
  const rows = await findOrder(world.database, orderId);
  assert.deepEqual(
    rows.map(({ cpId, state }) => [cpId, state]),
    [
      ['FL1', 'TIMED_OUT'],
      ['FL2', 'SENT'],
    ],
  );
});
