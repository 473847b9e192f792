import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { KafkaConnection } from '../../../io/channels/kafka.ts';
import { headerText, type IncomingRecord } from '../../../io/channels/kafka-records.ts';
import { newRandomId, newTimeOrderedId } from '../../../io/new-id.ts';
import { signOutReplica } from '../../../io/postgres/central-replicas.ts';
import type { PanelMessage, PanelOrder } from '../../../messages/live-stream.ts';
import { CENTRAL_LIVE_TOPIC } from '../../../messages/topics.ts';
import { type CentralWorld, createCentralWorld } from '../../../testing/central-world.ts';
import { until, untilAsked } from '../../../testing/until.ts';
import type { RunningCentral } from '../central.ts';

const HEADERS = ['version', 'from', 'to', 'keyId', 'lease', 'sequence'];
let world: CentralWorld;
let one: RunningCentral;
let other: RunningCentral;
let kafka: KafkaConnection;
const said: IncomingRecord[] = [];

before(async () => {
  world = await createCentralWorld();
  await world.addPoint('CP001');
  await world.addPoint('CP002');
  one = await world.start({ replicaName: 'central-1' });
  other = await world.start({ replicaName: 'central-2' });
  await Promise.all([one, other].map((central) => central.rooms.late.channels!.ready));
  kafka = world.newKafka('listener');
  const fromOffset = await kafka.endOffset(CENTRAL_LIVE_TOPIC, 0);
  const onRecord = (record: IncomingRecord) => void said.push(record);
  kafka.follow({ topic: CENTRAL_LIVE_TOPIC, partition: 0, fromOffset, onRecord, onLost: () => undefined });
  await until('each knows the other', () => [one, other].every((central) => central.rooms.late.replicas.length === 2));
});
after(() => world?.stop());

async function charging(cpId: string): Promise<string> {
  const supplyId = newTimeOrderedId();
  await world.database.run(
    `INSERT INTO supplies (supply_id, request_id, client_id, cp_id, origin, state, price_e4_per_kwh, requested_at,
       authorised_at, plugged_at, deadline_at)
     VALUES ($1, $2, $3, $4, 'POINT', 'CHARGING', 2500, now(), now(), now(), now() + interval '1 hour')`,
    [supplyId, newTimeOrderedId(), `cp:${cpId}`, cpId],
  );
  for (const central of [one, other]) {
    central.rooms.picture.refresh([cpId]);
    await central.rooms.picture.settled();
  }
  return supplyId;
}

const reading = (sequence: number) => ({
  sequence,
  energyWh: sequence * 100,
  powerW: 11_000,
  measuredAtMs: Date.now(),
  receivedAtMs: Date.now(),
});
const shownWh = ({ rooms }: RunningCentral) => [...rooms.picture.supplies()].map((supply) => supply.energyWh);
const messagesOf = ({ rooms }: RunningCentral) =>
  Object.values(rooms.picture.feeds.public.snapshot().collections.messages ?? {}) as PanelMessage[];

test('two Centrals: a reading that one hears is shown by both within a moment, and stored and told by one', async () => {
  const supplyId = await charging('CP001');
  one.rooms.readings.put(supplyId, reading(3));
  await until('the other shows it', () => shownWh(other)[0] === 300);
  other.rooms.readings.put(supplyId, reading(2));
  assert.deepEqual(shownWh(other), [300], 'an older one from elsewhere changes nothing');
  assert.deepEqual(other.rooms.readings.takeChanged('drivers'), [], 'drivers are told by whoever reads the channel');
  await one.rooms.readings.flush();
  const stored = await world.database.row<{ energy_wh: number }>('SELECT energy_wh FROM meter_snapshots');
  assert.equal(stored?.energy_wh, 300);
});

test('two Centrals: orders, refusals and messages of one are shown by the other; what both notice is said once by each', async () => {
  const order: PanelOrder = {
    ...{ orderId: newRandomId(), cpId: 'CP001', kind: 'STOP', state: 'SENT' },
    ...{ orderedBy: 'operator:ana', orderedAtMs: Date.now() },
  };
  one.rooms.picture.showOrder(order);
  one.rooms.picture.say({ level: 'info', source: 'panel', code: 'ORDER_GIVEN', params: { order: 'STOP', count: 1 } });
  one.rooms.picture.showRefusal({
    ...{ requestId: newRandomId(), cpId: 'CP001', origin: 'POINT', refusal: { code: 'CP_BUSY' }, atMs: Date.now() },
  });
  const ofOther = () => other.rooms.picture.feeds.operator.snapshot().collections;
  await until('the order', () => Object.values(ofOther().orders ?? {}).length === 1);
  await until('the refusal', () => Object.values(ofOther().refusals ?? {}).length === 1);
  await until('the message', () => messagesOf(other).some(({ code }) => code === 'ORDER_GIVEN'));
  await world.connect(one, 'CP002');
  const freed = (central: RunningCentral) =>
    messagesOf(central).filter(({ code, params }) => code === 'CP_STATE' && params.to === 'AVAILABLE');
  await until('both noticed the point', () => freed(one).length > 0 && freed(other).length > 0);
  // A second one, said on by either to the other, would have come with its next news.
  one.rooms.picture.say({ level: 'info', source: 'panel', code: 'ORDER_GIVEN', params: { order: 'STOP', count: 2 } });
  other.rooms.picture.say({ level: 'info', source: 'panel', code: 'ORDER_GIVEN', params: { order: 'STOP', count: 4 } });
  await until('later news', () => messagesOf(other).some(({ params }) => params.count === 2));
  await until('later news of the other', () => messagesOf(one).some(({ params }) => params.count === 4));
  for (const central of [one, other]) assert.deepEqual([freed(central).length, freed(central)[0]?.count], [1, 1]);
});

test('two Centrals: an order that one gave and the other saw carried out is shown as carried out, in whichever order the words come', async () => {
  const orderId = newRandomId();
  const common = { orderId, cpId: 'CP001', kind: 'STOP', orderedBy: 'operator:ana', orderedAtMs: Date.now() } as const;
  other.rooms.picture.showOrder({ ...common, state: 'APPLIED', settledAtMs: Date.now() });
  one.rooms.picture.showOrder({ ...common, state: 'SENT' });
  one.rooms.picture.say({ level: 'info', source: 'panel', code: 'ORDER_GIVEN', params: { order: 'STOP', count: 3 } });
  const stateAt = (central: RunningCentral) => {
    const order = central.rooms.picture.feeds.operator.snapshot().collections.orders?.[`${orderId}:CP001`];
    return (order as PanelOrder | undefined)?.state;
  };
  await until('its later news', () => messagesOf(other).some(({ params }) => params.count === 3));
  await until('the news of the other', () => stateAt(one) === 'APPLIED');
  assert.equal(stateAt(other), 'APPLIED');
});

test('F-47 F-56: what was said among Centrals is sealed; changed it is refused, sent again it changes nothing', async () => {
  const words = Buffer.concat(said.map((record) => record.value ?? Buffer.alloc(0))).toString('latin1');
  assert.ok(said.length > 0 && !words.includes('ORDER_GIVEN') && !words.includes('CP001'));
  const before = messagesOf(other).length;
  for (const record of [...said]) {
    const headers = Object.fromEntries(HEADERS.map((name) => [name, headerText(record, name)]));
    const again = { topic: CENTRAL_LIVE_TOPIC, partition: 0, key: 'centrals', headers, isUrgent: true };
    await kafka.send({ ...again, value: record.value! });
    await kafka.send({ ...again, headers: { ...headers, sequence: '999999' }, value: record.value! });
  }
  await until(
    'both refused the changed ones',
    async () => (await world.database.rows("SELECT 1 FROM dead_letters WHERE code = 'TAMPERED'")).length >= 2,
  );
  assert.equal(messagesOf(other).length, before);
  one.rooms.picture.say({ level: 'info', source: 'panel', code: 'ORDER_GIVEN', params: { order: 'RESUME', count: 1 } });
  await until('and the talk goes on', () => messagesOf(other).length === before + 1);
});

test('two Centrals: each shows which live; one that is killed is down and named, one that signs out is gone', async () => {
  const third = { replicaId: newRandomId(), version: '0.1.0', startedAtMs: Date.now() };
  const beat = (age: string) =>
    world.database.run(
      `INSERT INTO central_replicas (replica_id, api_url, version, heartbeat_at) VALUES ($1, $2, '1', now() - $3::interval)
        ON CONFLICT (replica_id) DO UPDATE SET heartbeat_at = excluded.heartbeat_at`,
      [third.replicaId, 'https://10.0.0.3:8021/#central-3', age],
    );
  const status = () =>
    [...Object.entries(one.rooms.picture.feeds.public.snapshot().collections.modules ?? {})]
      .filter(([moduleId]) => moduleId.startsWith('central-'))
      .map(([moduleId, module]) => `${moduleId} ${(module as { status: string }).status}`)
      .sort();
  const isSaid = (code: string) =>
    messagesOf(one).some((message) => message.code === code && message.params.name === 'central-3');
  // It lives for five seconds from each beat on: until it is seen it beats on.
  const living = async (isShown: () => boolean) => {
    await beat('0 s');
    return isShown();
  };
  await untilAsked('it is shown', () => living(() => status().join() === 'central-1 UP,central-2 UP,central-3 UP'));
  assert.ok(isSaid('CENTRAL_STARTED'));
  await beat('6 s');
  await until('it is down', () => status().join() === 'central-1 UP,central-2 UP,central-3 DOWN');
  assert.ok(isSaid('CENTRAL_GONE'));
  await untilAsked('it is back', () => living(() => status().includes('central-3 UP')));
  await signOutReplica(world.database, third.replicaId);
  await until('it is gone', () => status().join() === 'central-1 UP,central-2 UP');
  assert.ok(isSaid('CENTRAL_STOPPED'));
});

test('two Centrals of one name: the second waits until the first is gone', async () => {
  await world.database.run(
    "INSERT INTO central_replicas (replica_id, api_url, version) VALUES ($1, 'https://10.0.0.4:8021/#central-4', '1')",
    [newRandomId()],
  );
  let isStarted = false;
  const starting = world.start({ replicaName: 'central-4' }).then(() => {
    isStarted = true;
  });
  await until('it waits until the heartbeat of the first is old', async () => {
    const living = await world.database.rows(
      "SELECT 1 FROM central_replicas WHERE api_url LIKE '%#central-4' AND heartbeat_at > now() - interval '5 s'",
    );
    assert.ok(!isStarted || living.length < 2);
    return isStarted;
  });
  await starting;
});
