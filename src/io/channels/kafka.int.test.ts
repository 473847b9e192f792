import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { OwnBroker } from '../../testing/own-broker.ts';
import { type AcquiredServices, acquireServices, uniquePrefix } from '../../testing/services.ts';
import { until } from '../../testing/until.ts';
import { systemClock } from '../clock.ts';
import { createLog } from '../log.ts';
import { KafkaConnection } from './kafka.ts';
import type { ProducerLimits } from './kafka-producer.ts';
import type { IncomingRecord } from './kafka-records.ts';

let services: AcquiredServices;
before(async () => {
  services = await acquireServices();
});
afterEach(closeAll);
after(() => services.release());

const opened: KafkaConnection[] = [];
function open(brokers: string, limits: Partial<ProducerLimits> = {}): KafkaConnection {
  const log = createLog('kafka-test', { level: 'silent' });
  const kafka = new KafkaConnection({ brokers: [brokers], clientId: 'test', clock: systemClock, log, limits });
  opened.push(kafka);
  return kafka;
}
async function closeAll(): Promise<void> {
  await Promise.all(opened.splice(0).map((kafka) => kafka.close()));
}

const record = (topic: string, text: string, more: object = {}) => ({
  topic,
  partition: 0,
  key: 'k',
  headers: { to: 'me' },
  value: Buffer.from(text),
  isUrgent: true,
  ...more,
});
const fail = (): void => assert.fail('not expected');
const textOf = (incoming: IncomingRecord) => incoming.value!.toString();

test('F-08 a record to a topic that does not exist is refused, also if it comes while another topic is asked for; the queue goes on', async () => {
  const kafka = open(services.brokers);
  const topic = uniquePrefix();
  await kafka.ensureTopics([{ topic, partitions: 1 }]);
  const good = kafka.send(record(topic, 'one'));
  const bad: Promise<unknown>[] = [];
  const putOnTop = (): void => {
    if (kafka.figures.sentRecords > 0 || bad.length > 200) return;
    bad.push(kafka.send(record(uniquePrefix(), 'nowhere')).then(fail, (error: { code: string }) => error.code));
    setImmediate(putOnTop);
  };
  setImmediate(putOnTop);
  await good;
  await kafka.send(record(topic, 'two'));
  assert.ok(bad.length > 0);
  assert.deepEqual(new Set(await Promise.all(bad)), new Set(['TOPIC_UNKNOWN']));
});

test('a follower sees everything from its position on, in order, and nothing twice when another one begins earlier', async () => {
  const kafka = open(services.brokers);
  const topic = uniquePrefix();
  await kafka.ensureTopics([{ topic, partitions: 1 }]);
  const first: string[] = [];
  const second: string[] = [];
  const follow = (fromOffset: bigint, seen: string[], to?: string) =>
    kafka.follow({ topic, partition: 0, fromOffset, to, onRecord: (r) => seen.push(textOf(r)), onLost: fail });
  await kafka.send(record(topic, '0'));
  await kafka.send(record(topic, '1'));
  follow(2n, first);
  for (let n = 2; n < 5; n += 1)
    await kafka.send(record(topic, String(n), n === 3 ? { headers: { to: 'other' } } : {}));
  await until('the first one saw them', () => first.length === 3);
  follow(0n, second, 'me');
  await until('the second one saw its own', () => second.length === 4);
  await kafka.send(record(topic, '5'));
  await until('both saw the last', () => first.length === 4 && second.length === 5);
  assert.deepEqual(first, ['2', '3', '4', '5']);
  assert.deepEqual(second, ['0', '1', '2', '4', '5']);
});

test('topics carry the time of their appending and keep an hour', async () => {
  const kafka = open(services.brokers);
  const topic = uniquePrefix();
  await kafka.ensureTopics([{ topic, partitions: 1 }]);
  await kafka.ensureTopics([{ topic, partitions: 1 }]);
  const seen: IncomingRecord[] = [];
  kafka.follow({ topic, partition: 0, fromOffset: 0n, onRecord: (r) => seen.push(r), onLost: fail });
  const beforeMs = Date.now();
  await kafka.send(record(topic, 'x'));
  const afterMs = Date.now();
  await until('it came', () => seen.length === 1);
  const { appendedAtMs } = seen[0]!;
  assert.ok(appendedAtMs >= beforeMs && appendedAtMs <= afterMs, `${appendedAtMs - beforeMs} ms after its sending`);
  assert.equal(await kafka.newestTimestampMs(topic, 0), seen[0]!.appendedAtMs);
  assert.deepEqual(await kafka.listTopics(topic), [topic]);
});

test('a position outside of the log is told to the follower, which is then free', async () => {
  const kafka = open(services.brokers);
  const topic = uniquePrefix();
  await kafka.ensureTopics([{ topic, partitions: 1 }]);
  let lost = 0;
  kafka.follow({ topic, partition: 0, fromOffset: 77n, onRecord: fail, onLost: () => (lost += 1) });
  await until('it was told', () => lost === 1);
  assert.equal(kafka.figures.followers, 0);
});

test('an unknown topic is refused by name and holds nobody else up (F-08)', async () => {
  const kafka = open(services.brokers);
  const topic = uniquePrefix();
  await kafka.ensureTopics([{ topic, partitions: 1 }]);
  const bad = kafka.send(record(`${topic}_nobody`, 'x'));
  const good = kafka.send(record(topic, 'y'));
  await assert.rejects(bad, { code: 'TOPIC_UNKNOWN' });
  await good;
});

test('before the broker exists the queue is bounded, requests expire, and the rest is sent once it does (F-02)', async () => {
  const broker = await OwnBroker.prepare();
  const topic = uniquePrefix();
  try {
    await broker.start();
    await open(broker.address).ensureTopics([{ topic, partitions: 1 }]);
    await broker.kill();
    const kafka = open(broker.address, { maxQueued: 3 });
    const facts = [kafka.send(record(topic, 'fact 1')), kafka.send(record(topic, 'fact 2'))];
    const expired = kafka.send(record(topic, 'request', { expiresAtMs: Date.now() + 300 }));
    await assert.rejects(kafka.send(record(topic, 'too many')), { code: 'QUEUE_FULL' });
    await assert.rejects(expired, { code: 'EXPIRED' });
    assert.equal(kafka.isUp, false);
    await broker.start();
    await Promise.all(facts);
    assert.equal(kafka.isUp, true);
    assert.equal(await kafka.endOffset(topic, 0), 2n);
  } finally {
    await closeAll();
    await broker.remove();
  }
});

test('kill -9 of the broker in mid-traffic loses no record, doubles none, and reading goes on', async () => {
  const broker = await OwnBroker.prepare();
  await broker.start();
  const kafka = open(broker.address);
  const topic = uniquePrefix();
  await kafka.ensureTopics([{ topic, partitions: 1 }]);
  const followed: string[] = [];
  const grouped: string[] = [];
  let nextOffset = 0n;
  kafka.follow({ topic, partition: 0, fromOffset: 0n, onRecord: (r) => followed.push(textOf(r)), onLost: fail });
  const group = kafka.groupReader({
    groupId: 'g',
    groupInstanceId: 'one',
    topics: [topic],
    isOpen: () => true,
    onRevoked: () => {
      // From the committed offset anew: what came after it comes again.
      grouped.length = Number(nextOffset);
    },
    onRecords: (records) => grouped.push(...records.map(textOf)),
  });
  try {
    await group.start();
    const changes: boolean[] = [];
    kafka.onStateChange((isUp) => changes.push(isUp));
    const sends: Array<Promise<void>> = [];
    let sent = 0;
    const sending = setInterval(() => {
      for (let n = 0; n < 5; n += 1) sends.push(kafka.send(record(topic, String(sent++), { isUrgent: n === 0 })));
    }, 10);
    for (let kill = 0; kill < 2; kill += 1) {
      await until('some traffic', () => followed.length > kill * 500 + 200);
      nextOffset = BigInt(grouped.length);
      await group.commit([{ topic, partition: 0, nextOffset }]).catch(() => undefined);
      await broker.kill();
      await until('the kill is noticed', () => changes.length > 2 * kill);
      await broker.start();
    }
    await until('traffic after the second kill', () => followed.length > 1_500);
    clearInterval(sending);
    await Promise.all(sends);
    const expected = Array.from({ length: sent }, (_, n) => String(n));
    await until('the follower has all', () => followed.length >= sent);
    await until('the group has all', () => grouped.length >= sent);
    assert.deepEqual(followed, expected);
    assert.deepEqual(grouped, expected);
    assert.deepEqual(changes, [false, true, false, true]);
  } finally {
    await closeAll();
    await broker.remove();
  }
});
