import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { KafkaConnection } from '../../io/channels/kafka.ts';
import { newRandomId, newTimeOrderedId } from '../../io/new-id.ts';
import { isDatabaseUnavailable } from '../../io/postgres/database.ts';
import type { CentralToDriver } from '../../messages/driver-central.ts';
import type { CentralToEngine, EngineSupply } from '../../messages/engine-central.ts';
import { type CentralWorld, createCentralWorld } from '../../testing/central-world.ts';
import { OwnBroker } from '../../testing/own-broker.ts';
import { connectDriver, connectEngine, type ScriptedClient } from '../../testing/scripted-clients.ts';
import { until } from '../../testing/until.ts';
import type { RunningCentral } from './central.ts';

const PASSWORD = 'correct horse';
/** No request of these tests grows old, however long the broker takes. */
const LASTS = { ttlMs: 120_000 };
let world: CentralWorld;
let broker: OwnBroker;
let central: RunningCentral;
let kafka: KafkaConnection;
let engine: ScriptedClient;
let driver: ScriptedClient;

before(async () => {
  [world, broker] = await Promise.all([createCentralWorld(), OwnBroker.prepare()]);
  await world.addPoint('CP001');
  await world.addDriver('DRV001', PASSWORD);
});
after(async () => {
  engine?.stop();
  driver?.stop();
  await world.stop();
  await broker.remove();
});

function endOf(start: CentralToEngine['start-supply'], energyWh: number): EngineSupply {
  const { supplyId, requestId, origin, priceE4PerKwh } = start;
  const beganAtMs = Date.now() - 3_600_000;
  return {
    ...{ supplyId, requestId, origin, priceE4PerKwh, energyWh, sequence: 9, phase: 'ENDED', endReason: 'UNPLUGGED' },
    ...{ acceptedAtMs: beganAtMs, authorisedAtMs: beganAtMs, pluggedAtMs: beganAtMs, endedAtMs: Date.now() },
  };
}

async function running(): Promise<CentralToEngine['start-supply']> {
  await engine.channel.send('supply-requested', { requestId: newRandomId() }, LASTS);
  const start = await engine.next<CentralToEngine['start-supply']>('start-supply');
  await engine.channel.send('supply-accepted', { supplyId: start.supplyId });
  await engine.next('supply-authorised');
  return start;
}

/** The engine hears that this supply is closed; it may hear so more than once. */
const closed = ({ supplyId }: CentralToEngine['start-supply']) =>
  until('the engine heard it', () =>
    engine.heard.some(
      ({ type, body }) => type === 'supply-closed' && (body as { supplyId: string }).supplyId === supplyId,
    ),
  );

const ticketsOf = (supplyId: string) =>
  world.database.rows<{ energy_wh: number }>('SELECT energy_wh FROM tickets WHERE supply_id = $1', [supplyId]);

/** Cuts every connection to the test's database and lets none in, as a killed server would. */
async function setDatabaseAway(isAway: boolean): Promise<void> {
  await world.admin(`ALTER DATABASE ${world.databaseName} ALLOW_CONNECTIONS ${!isAway}`);
  if (!isAway) return;
  await world.admin(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${world.databaseName}'`);
}

test('D-19 F-02 Central starts without a broker, and is ready by itself when there is one', async () => {
  central = await world.start({ brokers: broker.address });
  assert.equal(central.rooms.late.channels?.isReading, false);
  await world.connect(central, 'CP001');
  await until('its picture needs no broker', () => central.rooms.picture.point('CP001')?.state === 'AVAILABLE');
  await broker.start();
  await central.rooms.late.channels!.ready;
  kafka = world.newKafka('clients', broker.address);
  [engine, driver] = await Promise.all([
    connectEngine(world, { kafka, cpId: 'CP001' }),
    connectDriver(world, { kafka, clientId: 'DRV900' }),
  ]);
});

test('F-19 a broker that is killed loses nothing: orders wait in the outbox, the ticket comes once', async () => {
  const start = await running();
  await broker.kill();
  await central.rooms.points.apply(
    'CP001',
    { event: { kind: 'operator-stop', when: 'NOW' } },
    { entity: 'operator:ana' },
  );
  await until('the Monitor is told meanwhile', () => world.frames.some((frame) => frame.type === 'stop-supply'));
  const ending = engine.channel.send('supply-ended', { supply: endOf(start, 1_000) }).catch(() => undefined);
  await broker.start();
  await ending;
  await until('one ticket', async () => (await ticketsOf(start.supplyId)).length === 1);
  await closed(start);
  await central.rooms.points.apply('CP001', { event: { kind: 'operator-resume' } }, { entity: 'operator:ana' });
});

test('while the database is away requests are refused from memory, facts wait, and nothing is lost', async () => {
  const start = await running();
  await setDatabaseAway(true);
  await driver.channel.send('login', { driverId: 'DRV001', password: PASSWORD }, LASTS);
  const refused = await driver.next<CentralToDriver['login-refused']>('login-refused');
  assert.equal(refused.code, 'SERVICE_UNAVAILABLE');
  const supplyId = newTimeOrderedId();
  const asked = {
    requestId: newRandomId(),
    clientId: 'cp:CP001',
    driverId: null,
    origin: 'POINT',
    supplyId,
    isExpired: false,
  } as const;
  await assert.rejects(central.rooms.requests.request('CP001', asked, { entity: 'test' }), isDatabaseUnavailable);
  await engine.channel.send('supply-ended', { supply: endOf(start, 2_000) });
  await until('the panel is told', () => central.rooms.late.isDatabaseUp === false);
  await setDatabaseAway(false);
  await until('one ticket', async () => (await ticketsOf(start.supplyId)).length === 1);
  await closed(start);
  await until('the picture is read again', () => central.rooms.picture.point('CP001')?.state === 'AVAILABLE');
});

test('after the outage what others write is heard again', async () => {
  await until('notices', async () => {
    await world.database.run("SELECT pg_notify('ev_point_changed', 'CP001')");
    await world.database.run("UPDATE charging_points SET address = 'Calle Nueva 2' WHERE cp_id = 'CP001'");
    return central.rooms.picture.point('CP001')?.address === 'Calle Nueva 2';
  });
});
