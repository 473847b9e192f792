import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { requestTopic, responseTopic, selectionTopic, statusTopic, zoneTopics } from '../../messages/topics.ts';
import { ChannelWorld } from '../../testing/channel-parts.ts';
import { OwnBroker } from '../../testing/own-broker.ts';
import { acquireServices, uniqueZone } from '../../testing/services.ts';
import { until } from '../../testing/until.ts';
import { type Clock, systemClock } from '../clock.ts';
import { type CertificateAuthority, createAuthorityMaterial, openAuthority } from '../crypto/certificate-authority.ts';
import { createLog, type Log } from '../log.ts';
import { CENTRAL_GROUP } from './central-contract.ts';
import { KafkaConnection } from './kafka.ts';
import type { KafkaAddress } from './kafka-client.ts';
import type { KafkaUser } from './kafka-login.ts';
import { BROKER_ADMIN_SUBJECT, keepBrokerUsers, setBrokerUsers } from './kafka-users.ts';

const log = createLog('kafka-secured', { level: process.env.EV_TEST_LOG ?? 'silent' });
const users = (['central', 'point', 'driver'] as const).map((username) => ({
  username,
  password: `password of ${username}`,
}));
const zone = uniqueZone();
const opened: KafkaConnection[] = [];
let ca: CertificateAuthority;
let broker: OwnBroker;

const newAuthority = async () => openAuthority(await createAuthorityMaterial('test', Date.now()));
const usersOptions = () => ({
  controller: broker.controller,
  caPem: ca.certificatePem,
  certificate: () => ca.issueLeaf({ subject: BROKER_ADMIN_SUBJECT }, Date.now()),
  users,
  groupId: CENTRAL_GROUP,
});

before(async () => {
  ca = await newAuthority();
  broker = await OwnBroker.prepareSecured(ca, 'kafka.invalid');
  await broker.start();
  await setBrokerUsers(usersOptions());
  await openZone();
});

after(async () => {
  await closeAll();
  await broker.remove();
});

async function closeAll(): Promise<void> {
  await Promise.all(opened.splice(0).map((kafka) => kafka.close()));
}

function open(user: KafkaUser, more: Partial<KafkaAddress> & { log?: Log; clock?: Clock } = {}): KafkaConnection {
  const password = `password of ${user}`;
  const kafka = new KafkaConnection({
    ...{ brokers: [broker.address], clientId: `test-${user}`, clock: systemClock, log },
    tls: { ca: ca.certificatePem },
    sasl: { mechanism: 'SCRAM-SHA-512', username: user, password },
    ...more,
  });
  opened.push(kafka);
  return kafka;
}

/** A zone's topics and rights, as Central makes them: with its own user. */
async function openZone(): Promise<void> {
  const central = open('central');
  await central.ensureRights([zone]);
  await central.ensureTopics(zoneTopics(zone));
  await closeAll();
}

const record = (topic: string) => ({
  ...{ topic, partition: 0, key: 'k', headers: {}, value: Buffer.from('x'), isUrgent: true },
});

/** A log that keeps the sentences it was given. */
function keptLog(): { log: Log; sentences: string[] } {
  const sentences: string[] = [];
  const keep = (fields: { problem?: string }) => {
    if (fields.problem !== undefined) sentences.push(fields.problem);
  };
  return { log: Object.assign(Object.create(log), { warn: keep, info: () => {} }) as Log, sentences };
}

test('R2-27: a point and a driver get their channels from a secured broker, whose rights Central makes itself', async () => {
  const services = await acquireServices();
  const world = await ChannelWorld.create({ ...services, brokers: broker.address, zone: uniqueZone() });
  try {
    const central = world.central({ kafka: open('central'), groupId: CENTRAL_GROUP });
    await central.channels.ready;
    const point = await world.point('CP001', { kafka: open('point') }).up();
    const driver = await world.driver('DRV001', { kafka: open('driver') }).up();
    await point.channel.send('local-hold', { bootId: point.bootId, sequence: 1, isHeld: true });
    await until('Central has it', () => central.deliveries.some(({ clientId }) => clientId === 'cp:CP001'));
    assert.ok(driver.channel.leaseId);
  } finally {
    await world.close();
    await closeAll();
    await services.release();
  }
});

test('R2-27: each user may what its kind needs and nothing more', async () => {
  const central = open('central');
  const [request, answer] = [requestTopic(`${zone}_0`), responseTopic(`${zone}_0`)];
  await central.send(record(statusTopic(zone)));
  await central.send(record(answer));
  for (const user of ['point', 'driver'] as const) {
    const kafka = open(user);
    await kafka.send(record(selectionTopic(zone)));
    await kafka.send(record(request));
    assert.equal(await kafka.endOffset(answer, 0), 1n);
    await assert.rejects(kafka.send(record(answer)), { code: 'KAFKA_SEND_FAILED' }, `${user} answers as Central`);
    await assert.rejects(kafka.ensureTopics([{ topic: `${zone}_own`, partitions: 1 }]), /createTopics|CreateTopics/);
    const heard: string[] = [];
    const kept = keptLog();
    const asked = { topic: request, partition: 0, fromOffset: 0n };
    open(user, { log: kept.log }).follow({ ...asked, onRecord: () => heard.push('x'), onLost: () => {} });
    const own = { topic: answer, partition: 0, fromOffset: 0n };
    const answers: string[] = [];
    open(user).follow({ ...own, onRecord: () => answers.push('x'), onLost: () => {} });
    await until('what is meant for clients is read', () => answers.length === 1);
    await until('the broker has said no', () => kept.sentences.some((one) => /has no right/.test(one)));
    assert.deepEqual(heard, [], `${user} reads what others asked`);
  }
  await assert.rejects(open('point').endOffset(statusTopic(zone), 0), 'a point reads what drivers are told');
  assert.equal(await open('driver').endOffset(statusTopic(zone), 0), 1n);
  await closeAll();
});

test('R2-27: a wrong password gives one sentence that names the variable, and is tried ever more seldom', async () => {
  const kept = keptLog();
  const delays: number[] = [];
  const hurried: Clock = {
    ...systemClock,
    setTimer: (run, delayMs) => {
      delays.push(delayMs);
      return systemClock.setTimer(run, delayMs / 50);
    },
  };
  const sasl = { mechanism: 'SCRAM-SHA-512', username: 'point', password: 'wrong' } as const;
  const kafka = open('point', { sasl, log: kept.log, clock: hurried });
  const asking = kafka.endOffset(selectionTopic(zone), 0);
  asking.catch(() => undefined);
  await until('the longest wait', () => delays.includes(10_000));
  assert.ok(delays.length <= 8, `${delays.join(' ')} ms`);
  assert.equal(kept.sentences.length, 1);
  assert.match(kept.sentences[0] ?? '', /user 'point': KAFKA_USERNAME or KAFKA_PASSWORD_FILE is wrong/);
  await closeAll();
});

test('R2-27 F-04: another authority, a plain client, a name that nobody knows: refused, each in its own words', async () => {
  const other = await newAuthority();
  const cases: [Partial<KafkaAddress>, RegExp][] = [
    [{ tls: { ca: other.certificatePem } }, /not of our authority: EV_CA_FILE/],
    [{ tls: undefined, sasl: undefined }, /speaks TLS: KAFKA_USERNAME and KAFKA_PASSWORD_FILE are needed/],
    [{ brokers: [broker.outerAddress] }, /kafka\.invalid.* does not resolve here: the broker itself .*EV_PUBLIC_HOST/],
    [{ brokers: ['nowhere.invalid:9092'] }, /nowhere\.invalid:9092 does not resolve here: KAFKA_BROKERS/],
  ];
  const soon: Clock = { ...systemClock, monotonicMs: () => systemClock.monotonicMs() * 20 };
  for (const [address, sentence] of cases) {
    const kept = keptLog();
    const kafka = open('point', { ...address, log: kept.log, clock: soon });
    kafka.endOffset(selectionTopic(zone), 0).catch(() => undefined);
    await until(String(sentence), () => kept.sentences.length > 0);
    assert.match(kept.sentences[0] ?? '', sentence);
    await kafka.close();
  }
  await closeAll();
});

test('R2-27: the controller listens to certificates of administrators only', async () => {
  const certificate = () => ca.issueLeaf({ subject: 'cp:CP001' }, Date.now());
  await assert.rejects(setBrokerUsers({ ...usersOptions(), certificate }), 'a point makes users of the broker');
  const stranger = await newAuthority();
  const foreign = () => stranger.issueLeaf({ subject: BROKER_ADMIN_SUBJECT }, Date.now());
  await assert.rejects(setBrokerUsers({ ...usersOptions(), certificate: foreign }));
});

test('R2-27: a broker that lost its data is given its users again', async () => {
  const kafka = open('central');
  await kafka.listTopics('');
  const keeping = keepBrokerUsers({ ...usersOptions(), isBrokerUp: () => kafka.isUp, clock: systemClock, log });
  try {
    await broker.forget();
    await broker.start();
    await until('Central speaks to it again', async () => (await kafka.listTopics('')).length === 0, 60_000);
  } finally {
    keeping.stop();
    await closeAll();
  }
});
