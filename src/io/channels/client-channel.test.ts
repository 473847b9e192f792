import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { centralToEngine } from '../../messages/engine-central.ts';
import { centralToEngineExamples } from '../../messages/examples.ts';
import { responseTopic, selectionResponseTopic } from '../../messages/topics.ts';
import { compileCatalogue } from '../../messages/validators.ts';
import { createFakeClock } from '../../testing/fake-clock.ts';
import { ioClockOf } from '../../testing/io-clock.ts';
import { deriveChannelKey } from '../crypto/channel-key.ts';
import { createLog } from '../log.ts';
import { newRandomId } from '../new-id.ts';
import { startClientChannel } from './client-channel.ts';
import type { KafkaConnection } from './kafka.ts';
import type { FollowOptions } from './kafka-reader.ts';
import type { IncomingRecord, OutgoingRecord } from './kafka-records.ts';
import { CENTRAL, openRecord, readHeaders, sealRecord } from './seal.ts';

const CHANNEL = 'ALC_3';
const settled = () => new Promise((resolve) => setImmediate(resolve));

/** A point's channel over a broker in the hands of the test, with Central's half of the key. */
function setUp(hears: { onMessage?(): Promise<void> } = {}) {
  const fake = createFakeClock();
  const clock = ioClockOf(fake);
  const keyId = newRandomId();
  const bytes = randomBytes(32);
  const key = deriveChannelKey(bytes);
  const following = new Set<FollowOptions>();
  const sent: OutgoingRecord[] = [];
  const told: string[] = [];
  let position = Promise.resolve(0n);
  let offset = 0n;
  const kafka = {
    isUp: true,
    onStateChange: () => () => undefined,
    positionAtEnd: () => position,
    follow(options: FollowOptions) {
      following.add(options);
      return { stop: () => void following.delete(options) };
    },
    send: async (record: OutgoingRecord) => void sent.push(record),
  };
  const channel = startClientChannel({
    ...{ kafka: kafka as unknown as KafkaConnection, clientId: 'cp:CP001', zone: 'ALC', bootId: newRandomId(), clock },
    credential: { kind: 'point', keyId, key: bytes },
    validators: compileCatalogue(centralToEngine),
    buildHello: () => ({}),
    onHelloAnswered: () => void told.push('hello'),
    onMessage: ({ type }) => {
      told.push(type);
      return hears.onMessage?.();
    },
    onStateChange: (isUp) => told.push(isUp ? 'up' : 'down'),
    log: createLog('test', { level: 'silent' }),
  });
  const incoming = (record: OutgoingRecord): IncomingRecord => ({
    ...{ topic: record.topic, partition: record.partition, offset: offset++, appendedAtMs: fake.nowMs() },
    headers: Object.entries(record.headers).map(([name, text]) => [Buffer.from(name), Buffer.from(text)] as const),
    ...{ key: null, value: Buffer.from(record.value) },
  });
  /** What the client sent last, opened. */
  const lastSent = () => {
    const record = incoming(sent.at(-1)!);
    return openRecord(record, readHeaders(record)!, key.toCentral)!;
  };
  const deliver = (topic: string, lease: string, message: { type: string; body: unknown; correlationId?: string }) => {
    const headers = { from: CENTRAL, to: 'cp:CP001', keyId, lease, sequence: Number(offset) };
    const envelope = { id: newRandomId(), sentAtMs: fake.nowMs(), ...message };
    const record = sealRecord({ topic, partition: 0, headers, envelope }, key.toClient);
    for (const follower of following) if (follower.topic === topic) follower.onRecord(incoming(record));
  };
  const offer = (leaseId: string) =>
    deliver(selectionResponseTopic('ALC'), '', {
      type: 'channel-offered',
      correlationId: lastSent().id,
      body: {
        ...{ leaseId, topic: CHANNEL, partition: 0, fromOffset: '0', expiresInMs: 600_000 },
        serverTimeMs: fake.nowMs(),
      },
    });
  const say = (leaseId: string, message: { type: string; body: unknown; correlationId?: string }) =>
    deliver(responseTopic(CHANNEL), leaseId, message);
  const answerHello = (leaseId: string, correlationId = lastSent().id) =>
    say(leaseId, { type: 'hello-answered', correlationId, body: centralToEngineExamples['hello-answered'] });
  /** Offers a lease and answers the hello under it. */
  const comeUp = async (): Promise<string> => {
    const leaseId = newRandomId();
    offer(leaseId);
    await settled();
    answerHello(leaseId);
    await settled();
    return leaseId;
  };
  return {
    ...{ channel, fake, following, sent, told, offer, say, answerHello, lastSent, comeUp },
    holdPosition: (until: Promise<bigint>) => {
      position = until;
    },
  };
}

test('a channel comes up with the answer to its hello, and a stopped one follows nothing', async () => {
  const world = setUp();
  await settled();
  await world.comeUp();
  assert.deepEqual(world.told, ['hello', 'up']);
  world.channel.stop();
  assert.deepEqual([world.told.at(-1), world.following.size], ['down', 0]);
});

test('a channel that is stopped while it asks for its place asks for nothing more: its lease was never given back', async () => {
  const position = Promise.withResolvers<bigint>();
  const world = setUp();
  await settled();
  // The next try waits for the broker.
  world.holdPosition(position.promise);
  world.fake.advance(5_000);
  await settled();
  world.fake.advance(1_000);
  await settled();
  const asked = world.sent.length;
  world.channel.stop();
  position.resolve(7n);
  await settled();
  assert.deepEqual([world.sent.length, world.following.size], [asked, 0]);
});

test('an offer that came in the moment of the stop is not taken', async () => {
  const world = setUp();
  await settled();
  world.offer(newRandomId());
  world.channel.stop();
  await settled();
  assert.deepEqual([world.sent.length, world.following.size, world.told], [1, 0, []]);
});

test('an answer to a hello that waited behind a slow message until its lease was given up makes nothing of it', async () => {
  const slow = Promise.withResolvers<void>();
  const world = setUp({ onMessage: () => slow.promise });
  await settled();
  const leaseId = newRandomId();
  world.offer(leaseId);
  await settled();
  world.say(leaseId, { type: 'supply-authorised', body: centralToEngineExamples['supply-authorised'] });
  world.answerHello(leaseId);
  await settled();
  world.fake.advance(5_000);
  await settled();
  slow.resolve();
  await settled();
  assert.equal(world.channel.leaseId, undefined, 'nobody reads that lease any more');
  assert.deepEqual(world.told, ['supply-authorised']);
  world.fake.advance(1_000);
  await settled();
  const next = await world.comeUp();
  assert.equal(world.channel.leaseId, next, 'it has asked for another');
  world.channel.stop();
});

test('what was read with the message that ended the channel is not told any more', async () => {
  const world = setUp({ onMessage: async () => world.channel.stop() });
  await settled();
  const leaseId = await world.comeUp();
  for (let count = 0; count < 2; count += 1)
    world.say(leaseId, { type: 'supply-authorised', body: centralToEngineExamples['supply-authorised'] });
  await settled();
  assert.deepEqual(world.told, ['hello', 'up', 'supply-authorised', 'down']);
});
