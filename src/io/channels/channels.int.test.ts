import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { ChannelWorld, newIdentity } from '../../testing/channel-parts.ts';
import { type AcquiredServices, acquireServices, uniqueZone } from '../../testing/services.ts';
import { until } from '../../testing/until.ts';
import type { KafkaConnection } from './kafka.ts';

let services: AcquiredServices;
let world: ChannelWorld;
let kafka: KafkaConnection;
let central: ReturnType<ChannelWorld['central']>;

before(async () => {
  services = await acquireServices();
  world = await ChannelWorld.create({ ...services, zone: uniqueZone() });
  kafka = world.kafka('clients');
  central = world.central({ kafka: world.kafka('central'), onMessage: receive });
  await central.channels.ready;
});

after(async () => {
  await world.close();
  await services.release();
});

async function receive(delivery: Parameters<Parameters<ChannelWorld['central']>[0]['onMessage'] & object>[0]) {
  central.deliveries.push(delivery);
}

const reading = (sequence: number, supplyId = randomUUID()) => ({
  supplyId,
  sequence,
  energyWh: sequence,
  powerW: 7_000,
  measuredAtMs: Date.now(),
});
const from = (clientId: string) => central.deliveries.filter((delivery) => delivery.clientId === clientId);

test('a charging point gets a channel with its key and both sides talk', async () => {
  const point = await world.point('CP001', { kafka }).up();
  assert.equal(point.leases.length, 1);
  assert.deepEqual(point.changes, [true]);
  await point.channel.send('meter-reading', reading(1));
  await until('the reading arrived', () => from('cp:CP001').length === 1);
  const [delivery] = from('cp:CP001');
  assert.equal(delivery!.kind, 'point');
  assert.equal(delivery!.leaseId, point.channel.leaseId);
  assert.equal(delivery!.lease?.bootId, point.bootId);
  assert.equal(delivery!.keyState, 'ACTIVE');
  const supplyId = randomUUID();
  assert.equal(
    await central.channels.sendToClient('cp:CP001', 'stop-supply', { supplyId, reason: 'OPERATOR_STOP' }),
    'SENT',
  );
  await until('the order arrived', () => point.messages.length === 1);
  assert.deepEqual(point.messages[0]!.body, { supplyId, reason: 'OPERATOR_STOP' });
});

test('a driver process agrees a session key with the Central of its CA and both sides talk', async () => {
  const driver = await world.driver('DRV001', { kafka }).up();
  await driver.channel.send('login', { driverId: 'ANA', password: 'secret-word' }, { ttlMs: 120_000 });
  await until('the login arrived', () => from('driver:DRV001').length === 1);
  const [delivery] = from('driver:DRV001');
  assert.equal(delivery!.keyState, 'SESSION');
  const outcome = await central.channels.sendToLease(
    delivery!.leaseId,
    'login-refused',
    { code: 'BAD_CREDENTIALS' },
    { correlationId: delivery!.envelope.id },
  );
  assert.equal(outcome, 'SENT');
  await until('the refusal arrived', () => driver.messages.length === 1);
  assert.equal(driver.messages[0]!.envelope.correlationId, delivery!.envelope.id);
});

test('a driver process believes no Central that our CA did not sign, and no other certificate of our CA', async () => {
  const { caPem: otherCaPem } = await newIdentity();
  const timing = { answerTimeoutMs: 3_000, firstRetryMs: 50 };
  const driver = world.driver('DRV002', { kafka, credential: { kind: 'driver', caPem: otherCaPem }, timing });
  await until(
    'the impostor was noticed twice',
    () => driver.rejected.filter((code) => code === 'IMPOSTOR_OFFER').length >= 2,
  );
  assert.equal(driver.channel.isUp, false);
  driver.channel.stop();
});

test('a point with a wrong key gets no channel and changes nothing (F-45, F-47)', async () => {
  world.addPoint('CP009');
  const rejectedBefore = central.rejections.length;
  const credential = { kind: 'point' as const, keyId: world.keys.get('CP009')!.keyId, key: new Uint8Array(32) };
  const point = world.point('CP009', { kafka, credential, timing: { answerTimeoutMs: 500 } });
  await until('the question was rejected', () => central.rejections.length > rejectedBefore);
  assert.equal(central.rejections.at(-1)!.code, 'TAMPERED');
  assert.equal(point.channel.isUp, false);
  await assert.rejects(point.channel.send('meter-reading', reading(1)), { code: 'KAFKA_UNAVAILABLE' });
  point.channel.stop();
});

test('a lease is renewed in mid-traffic without a gap, in order and without a double (D-11)', async () => {
  const short = await ChannelWorld.create({ ...services, zone: uniqueZone() });
  try {
    const shortCentral = short.central({ kafka: short.kafka('central'), leaseLengthMs: 8_000 });
    await shortCentral.channels.ready;
    const point = await short.point('CP001', { kafka: short.kafka('point') }).up();
    const supplyId = randomUUID();
    let sent = 0;
    await until('three renewals', async () => {
      sent += 1;
      await point.channel.send('meter-reading', reading(sent, supplyId));
      await shortCentral.channels.sendToClient('cp:CP001', 'stop-supply', { supplyId, reason: 'OPERATOR_STOP' });
      return point.leases.length >= 4;
    });
    await until('all readings arrived', () => shortCentral.deliveries.length === sent);
    const sequences = shortCentral.deliveries.map(({ envelope }) => (envelope.body as { sequence: number }).sequence);
    assert.deepEqual(
      sequences,
      Array.from({ length: sent }, (_, index) => index + 1),
    );
    await until('all orders arrived', () => point.messages.length === sent);
    assert.deepEqual(point.changes, [true]);
  } finally {
    await short.close();
  }
});

test('a record under a lapsed lease with a good key counts and is answered with renew-lease', async () => {
  const other = await ChannelWorld.create({ ...services, zone: uniqueZone() });
  try {
    const otherCentral = other.central({ kafka: other.kafka('central') });
    await otherCentral.channels.ready;
    const point = await other.point('CP001', { kafka: other.kafka('point') }).up();
    const formerLease = point.channel.leaseId!;
    await otherCentral.stop();
    await other.database.run('DELETE FROM channel_leases');
    const second = other.central({ kafka: other.kafka('central-2') });
    await second.channels.ready;
    await point.channel.send('meter-reading', reading(1));
    await until('the reading counted', () => second.deliveries.length === 1);
    await until('a new lease', () => point.leases.length === 2 && point.channel.leaseId !== formerLease);
  } finally {
    await other.close();
  }
});

test('another replica, and a restarted one, goes on with a driver it has never met', async () => {
  const other = await ChannelWorld.create({ ...services, zone: uniqueZone() });
  try {
    const first = other.central({ kafka: other.kafka('central') });
    await first.channels.ready;
    const driver = await other.driver('DRV001', { kafka: other.kafka('driver') }).up();
    await first.stop();
    const sending = driver.channel.send('login', { driverId: 'ANA', password: 'secret-word' }, { ttlMs: 120_000 });
    const second = other.central({ kafka: other.kafka('central-2') });
    await sending;
    await until('the login reached the new one', () => second.deliveries.length === 1);
    const { leaseId } = second.deliveries[0]!;
    await second.channels.sendToLease(leaseId, 'login-refused', { code: 'BAD_CREDENTIALS' });
    await until('its answer arrived', () => driver.messages.length === 1);
    assert.equal(driver.leases.length, 1);
  } finally {
    await other.close();
  }
});
