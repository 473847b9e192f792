import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { centralToStatus } from '../../messages/driver-central.ts';
import { requestTopic, responseTopic, selectionTopic, statusTopic } from '../../messages/topics.ts';
import { compileCatalogue } from '../../messages/validators.ts';
import { ChannelWorld, newIdentity, type RecordingCentral } from '../../testing/channel-parts.ts';
import { type AcquiredServices, acquireServices, uniqueZone } from '../../testing/services.ts';
import { until } from '../../testing/until.ts';
import { systemClock } from '../clock.ts';
import { deriveChannelKey } from '../crypto/channel-key.ts';
import { createLog } from '../log.ts';
import { KafkaConnection } from './kafka.ts';
import type { OutgoingRecord } from './kafka-records.ts';
import { CENTRAL, plainRecord, type RecordHeaders, sealRecord, signRecord } from './seal.ts';
import { type StatusMessage, startStatusReader } from './status-reader.ts';

let services: AcquiredServices;
let world: ChannelWorld;
let kafka: KafkaConnection;
let central: RecordingCentral;
let channel: string;
/** How far Central's clock is ahead of everybody else's. */
let aheadMs = 0;

before(async () => {
  services = await acquireServices();
  world = await ChannelWorld.create({ ...services, zone: uniqueZone() });
  channel = `${world.zone}_0`;
  kafka = world.kafka('clients');
  const clock = { ...systemClock, nowMs: () => Date.now() + aheadMs };
  central = world.central({ kafka: world.kafka('central'), clock });
  await central.channels.ready;
});
after(async () => {
  await world.close();
  await services.release();
});

const reading = (sequence = 1) => ({
  supplyId: randomUUID(),
  sequence,
  energyWh: 1,
  powerW: 7_000,
  measuredAtMs: Date.now(),
});

/** A message as a client would seal it, each part changeable. */
function sealing(
  cpId: string,
  type: string,
  body: unknown,
  more: { headers?: Partial<RecordHeaders>; topic?: string; ttlMs?: number; sentAtMs?: number } = {},
) {
  const keyId = world.keys.get(cpId)?.keyId ?? randomUUID();
  const { headers, topic, ttlMs, sentAtMs } = more;
  return {
    topic: topic ?? requestTopic(channel),
    partition: 0,
    headers: { from: `cp:${cpId}`, to: CENTRAL, keyId, lease: randomUUID(), sequence: 1, ...headers },
    envelope: { id: randomUUID(), type, sentAtMs: sentAtMs ?? Date.now(), ...(ttlMs ? { ttlMs } : {}), body },
  };
}
const keysOf = (cpId: string) => deriveChannelKey(world.keys.get(cpId)!.keyBytes).toCentral;

async function isRejected(record: OutgoingRecord, code: string): Promise<void> {
  const handled = central.deliveries.length;
  const rejected = central.rejections.length;
  await kafka.send({ ...record, isUrgent: true });
  await until(`${code} was told`, () => central.rejections.length > rejected);
  assert.equal(central.rejections.at(-1)!.code, code);
  assert.equal(central.deliveries.length, handled);
}

test('plaintext, tampered, moved, re-addressed and unknown-key records change nothing and are told (F-45, F-47, F-56)', async () => {
  world.addPoint('CP001');
  world.addPoint('CP002');
  const good = sealing('CP001', 'meter-reading', reading());
  const sealed = sealRecord(good, keysOf('CP001'));
  await isRejected({ ...sealed, headers: {} }, 'PLAINTEXT');
  await isRejected(plainRecord(good), 'TAMPERED');
  await isRejected(plainRecord({ ...good, headers: { ...good.headers, keyId: 'open' } }), 'PLAINTEXT');
  const tampered = Buffer.from(sealed.value);
  tampered[20]! ^= 1;
  await isRejected({ ...sealed, value: tampered }, 'TAMPERED');
  await isRejected({ ...sealed, partition: 1 }, 'TAMPERED');
  await isRejected({ ...sealed, topic: requestTopic(`${world.zone}_5`) }, 'TAMPERED');
  await isRejected({ ...sealed, headers: { ...sealed.headers, from: 'cp:CP002' } }, 'KEY_UNKNOWN');
  await isRejected({ ...sealed, headers: { ...sealed.headers, keyId: randomUUID() } }, 'KEY_UNKNOWN');
  await isRejected({ ...sealed, headers: { ...sealed.headers, version: '9' } }, 'MALFORMED');
  await isRejected(sealRecord(sealing('CP999', 'meter-reading', reading()), keysOf('CP001')), 'KEY_UNKNOWN');
});

test('a driver process without a session, or an open message that is not a question for a channel, is refused', async () => {
  const open = { from: 'driver:DRV001', keyId: 'open', lease: '' };
  await isRejected(
    plainRecord(sealing('X', 'login', {}, { headers: open, topic: selectionTopic(world.zone) })),
    'PLAINTEXT',
  );
  await isRejected(plainRecord(sealing('X', 'login', {}, { headers: open })), 'PLAINTEXT');
  const lease = randomUUID();
  const session = { from: 'driver:DRV001', keyId: lease, lease };
  const key = deriveChannelKey(randomBytes(32)).toCentral;
  await isRejected(sealRecord(sealing('X', 'login', {}, { headers: session }), key), 'KEY_UNKNOWN');
  const point = await world.point('CP003', { kafka }).up();
  const stolen = { from: 'driver:DRV001', keyId: point.channel.leaseId!, lease: point.channel.leaseId! };
  await isRejected(sealRecord(sealing('X', 'login', {}, { headers: stolen }), key), 'KEY_UNKNOWN');
});

test('an unknown type and a body that does not fit are told, never handled (F-08)', async () => {
  await isRejected(sealRecord(sealing('CP001', 'open-sesame', {}), keysOf('CP001')), 'UNKNOWN_TYPE');
  await isRejected(sealRecord(sealing('CP001', 'meter-reading', { energyWh: -1 }), keysOf('CP001')), 'INVALID_BODY');
  await isRejected(sealRecord(sealing('CP001', 'channel-wanted', {}), keysOf('CP001')), 'UNKNOWN_TYPE');
});

test('what Central itself sends is not taken for a message to it (F-09)', async () => {
  const headers = { from: CENTRAL, to: 'cp:CP001' };
  await isRejected(
    sealRecord(sealing('CP001', 'meter-reading', reading(), { headers }), keysOf('CP001')),
    'NOT_ADDRESSED',
  );
});

test('a revoked key may only close its supply, a retired one nothing (D-12)', async () => {
  const key = world.addPoint('CP004');
  const supply = (supplyId: string) => ({
    supply: {
      supplyId,
      requestId: randomUUID(),
      origin: 'POINT',
      priceE4PerKwh: 4_000,
      phase: 'ENDED',
      acceptedAtMs: 1,
      energyWh: 5,
      sequence: 3,
      endReason: 'KEY_REVOKED',
    },
  });
  key.state = 'REVOKED';
  key.closingSupplyId = randomUUID();
  await isRejected(sealRecord(sealing('CP004', 'meter-reading', reading()), keysOf('CP004')), 'KEY_REVOKED');
  await isRejected(sealRecord(sealing('CP004', 'supply-ended', supply(randomUUID())), keysOf('CP004')), 'KEY_REVOKED');
  const handled = central.deliveries.length;
  await kafka.send(sealRecord(sealing('CP004', 'supply-ended', supply(key.closingSupplyId)), keysOf('CP004')));
  await until('the closing message passed', () => central.deliveries.length === handled + 1);
  assert.equal(central.deliveries.at(-1)!.keyState, 'REVOKED');
  key.state = 'RETIRING';
  key.acceptUntilMs = Date.now() - 1;
  await isRejected(sealRecord(sealing('CP004', 'meter-reading', reading()), keysOf('CP004')), 'KEY_RETIRED');
});

test('a request that is too old, by the broker or by its own time, is expired and not handled; facts never are (F-10, F-11)', async () => {
  const old = { ttlMs: 15_000, sentAtMs: Date.now() - 16_000 };
  const handled = central.deliveries.length;
  await kafka.send(sealRecord(sealing('CP001', 'supply-requested', { requestId: randomUUID() }, old), keysOf('CP001')));
  await until('it expired', () => central.expired.length === 1);
  assert.equal(central.expired[0]!.envelope.type, 'supply-requested');
  assert.equal(central.deliveries.length, handled);
  const oldFact = sealing('CP001', 'meter-reading', reading(), { sentAtMs: Date.now() - 3_000_000 });
  await kafka.send(sealRecord(oldFact, keysOf('CP001')));
  await until('the fact counted', () => central.deliveries.length === handled + 1);
});

test('a replayed record comes with the id, the sequence and the time of the first: old requests are refused, facts repeat harmlessly (F-10)', async () => {
  const request = sealing('CP001', 'supply-requested', { requestId: randomUUID() }, { ttlMs: 60_000 });
  const record = sealRecord(request, keysOf('CP001'));
  const before = central.deliveries.length;
  await kafka.send({ ...record, isUrgent: true });
  await until('the first counted', () => central.deliveries.length === before + 1);
  const expired = central.expired.length;
  aheadMs = 61_000;
  await kafka.send({ ...record, isUrgent: true });
  await until('the replay was refused', () => central.expired.length === expired + 1);
  aheadMs = 0;
  assert.equal(central.deliveries.length, before + 1);
  assert.equal(central.expired.at(-1)!.envelope.id, request.envelope.id);
});

test('a replayed question for a channel gives no second lease, so no order can be led astray (F-10)', async () => {
  world.addPoint('CP007');
  const asked = { topic: selectionTopic(world.zone), ttlMs: 60_000, headers: { lease: '' } };
  const question = sealRecord(
    sealing('CP007', 'channel-wanted', { clientId: 'cp:CP007', bootId: randomUUID() }, asked),
    keysOf('CP007'),
  );
  const granted = central.channels.figures.leasesGranted;
  await kafka.send({ ...question, isUrgent: true });
  await until('the first was granted', () => central.channels.figures.leasesGranted === granted + 1);
  await kafka.send({ ...question, isUrgent: true });
  await until('the replay was noticed', () => central.channels.figures.replayed === 1);
  const old = { ...asked, sentAtMs: Date.now() - 2 * 3_600_000 };
  const body = { clientId: 'cp:CP007', bootId: randomUUID() };
  const expired = central.channels.figures.expired;
  await kafka.send({ ...sealRecord(sealing('CP007', 'channel-wanted', body, old), keysOf('CP007')), isUrgent: true });
  await until('an old one was dropped', () => central.channels.figures.expired === expired + 1);
  assert.equal(central.channels.figures.leasesGranted, granted + 1);
});

test('a client whose clock is minutes off gets its channel and its requests count', async () => {
  const wrongClock = { ...systemClock, nowMs: () => Date.now() - 600_000 };
  const log = createLog('wrong-clock', { level: 'silent' });
  const own = new KafkaConnection({ brokers: [services.brokers], clientId: 'wrong-clock', clock: wrongClock, log });
  world.closing(() => own.close());
  const point = await world.point('CP008', { kafka: own, clock: wrongClock }).up();
  const handled = central.deliveries.length;
  const beforeMs = Date.now();
  await point.channel.send('supply-requested', { requestId: randomUUID() }, { ttlMs: 120_000 });
  await until('the request counted', () => central.deliveries.length === handled + 1);
  const { sentAtMs } = central.deliveries.at(-1)!.envelope;
  assert.ok(sentAtMs > beforeMs - 5_000 && sentAtMs < Date.now() + 5_000, `${sentAtMs - beforeMs} ms off`);
});

test('drivers believe what Central signed for Status_Z, and nothing else', async (t) => {
  const driver = await world.driver('DRV005', { kafka }).up();
  const { statusOffsets } = driver.answers[0] as { statusOffsets: Record<string, string> };
  const seen: StatusMessage[] = [];
  const rejected: string[] = [];
  const reader = startStatusReader({
    kafka,
    offsets: statusOffsets,
    identity: () => driver.channel.identity,
    validators: compileCatalogue(centralToStatus),
    onMessage: (message) => seen.push(message),
    onLost: () => assert.fail('lost'),
    // The broker has zones of other tests too, which other Centrals signed.
    onRejected: (code, topic) => (topic === statusTopic(world.zone) ? rejected.push(code) : undefined),
    clock: systemClock,
    log: createLog('status-test', { level: 'silent' }),
  });
  t.after(() => reader.stop());
  await central.channels.publishStatus(world.zone, 'points-changed', { points: [] });
  await until('it came', () => seen.some(({ type }) => type === 'points-changed'));
  const forged = sealing(
    'CP001',
    'points-changed',
    { points: [] },
    { topic: statusTopic(world.zone), headers: { from: CENTRAL, to: 'drivers' } },
  );
  const { identity: impostor } = await newIdentity();
  await kafka.send({ ...signRecord(forged, impostor), isUrgent: true });
  await kafka.send({ ...plainRecord(forged), isUrgent: true });
  const known = signRecord(forged, world.identity);
  await kafka.send({ ...known, value: Buffer.concat([known.value, Buffer.from(' ')]), isUrgent: true });
  await until('all three were refused', () => rejected.length >= 3).catch((error: Error) => {
    throw new Error(`${error.message}: ${rejected.length} were, from ${JSON.stringify(statusOffsets)} on`);
  });
  assert.deepEqual(rejected, ['UNREADABLE', 'UNREADABLE', 'UNREADABLE']);
  assert.equal(seen.filter(({ type }) => type === 'points-changed').length, 1);
});

test('a client believes nothing on its channel that its key did not seal', async () => {
  const point = await world.point('CP006', { kafka }).up();
  const lease = await world.leases.byId(point.channel.leaseId!);
  const order = sealing(
    'CP006',
    'stop-supply',
    { supplyId: randomUUID(), reason: 'OPERATOR_STOP' },
    {
      topic: responseTopic(`${world.zone}_${lease!.channelNumber}`),
      headers: { from: CENTRAL, to: 'cp:CP006', lease: lease!.leaseId },
    },
  );
  const placed = { ...order, partition: lease!.partition };
  await kafka.send({ ...plainRecord(placed), isUrgent: true });
  await kafka.send({ ...sealRecord(placed, keysOf('CP006')), isUrgent: true });
  await until('both were refused', () => point.rejected.length === 2);
  assert.deepEqual(point.messages, []);
});
