import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { ChannelWorld } from '../../testing/channel-parts.ts';
import { OwnBroker } from '../../testing/own-broker.ts';
import { type AcquiredServices, acquireServices, uniqueZone } from '../../testing/services.ts';
import { until } from '../../testing/until.ts';
import type { Delivery } from './central-contract.ts';
import type { KafkaConnection } from './kafka.ts';

let services: AcquiredServices;
before(async () => {
  services = await acquireServices();
});
after(() => services.release());

const reading = (sequence: number, supplyId: string) => ({
  supplyId,
  sequence,
  energyWh: sequence,
  powerW: 7_000,
  measuredAtMs: Date.now(),
});
const sequenceOf = ({ envelope }: Delivery) => (envelope.body as { sequence: number }).sequence;

/** Notes what a Central on this connection has committed, as `topic:partition:offset`. */
function noteCommits(kafka: KafkaConnection): Set<string> {
  const committed = new Set<string>();
  const groupReader = kafka.groupReader.bind(kafka);
  kafka.groupReader = (options) => {
    const group = groupReader(options);
    const commit = group.commit.bind(group);
    group.commit = async (offsets) => {
      await commit(offsets);
      for (const { topic, partition, nextOffset } of offsets) committed.add(`${topic}:${partition}:${nextOffset}`);
    };
    return group;
  };
  return committed;
}

/** Gives the work a world of its own and clears it away. */
async function inWorld(work: (world: ChannelWorld) => Promise<void>, brokers = services.brokers): Promise<void> {
  const world = await ChannelWorld.create({ ...services, brokers, zone: uniqueZone() });
  try {
    await work(world);
  } finally {
    await world.close();
  }
}

test('work that was not finished when Central died is done again by the next one, finished work is not (F-12)', () =>
  inWorld(async (world) => {
    const supplyId = randomUUID();
    const dying = world.kafka('central');
    const committed = noteCommits(dying);
    const begun: Delivery[] = [];
    const first = world.central({
      kafka: dying,
      limits: { commitEveryMs: 50, stopWithinMs: 50 },
      onMessage: (delivery) => {
        begun.push(delivery);
        return sequenceOf(delivery) < 3 ? Promise.resolve() : new Promise(() => undefined);
      },
    });
    await first.channels.ready;
    const point = await world.point('CP001', { kafka: world.kafka('point') }).up();
    for (let sequence = 1; sequence <= 4; sequence += 1)
      await point.channel.send('meter-reading', reading(sequence, supplyId));
    await until('the third is under way, the two before it are committed', () =>
      begun.some(
        (delivery) =>
          sequenceOf(delivery) === 3 && committed.has(`${delivery.topic}:${delivery.partition}:${delivery.offset}`),
      ),
    );
    // Not stopped: cut off, as by kill -9.
    await dying.close();
    const second = world.central({ kafka: world.kafka('central-again') });
    await until('the others arrived', () => second.deliveries.length === 2);
    assert.deepEqual(second.deliveries.map(sequenceOf), [3, 4]);
  }));

test('a database that is away stops commits and loses nothing: tried again until it is back (F-12)', () =>
  inWorld(async (world) => {
    let isAway = true;
    let tries = 0;
    const central = world.central({
      kafka: world.kafka('central'),
      limits: { firstRetryMs: 20, lastRetryMs: 50 },
      onMessage: async (delivery) => {
        tries += 1;
        if (isAway) throw Object.assign(new Error('away'), { canRetry: true });
        central.deliveries.push(delivery);
      },
    });
    await central.channels.ready;
    const point = await world.point('CP001', { kafka: world.kafka('point') }).up();
    const supplyId = randomUUID();
    for (let sequence = 1; sequence <= 5; sequence += 1)
      await point.channel.send('meter-reading', reading(sequence, supplyId));
    await until('it was tried many times', () => tries > 6);
    assert.equal(central.rejections.length, 0);
    isAway = false;
    await until('all are done', () => central.deliveries.length === 5);
    assert.deepEqual(central.deliveries.map(sequenceOf), [1, 2, 3, 4, 5]);
  }));

test('a handler that fails for good is tried a few times, then its record is kept as a dead letter and the rest goes on', () =>
  inWorld(async (world) => {
    let tries = 0;
    const central = world.central({
      kafka: world.kafka('central'),
      limits: { firstRetryMs: 10 },
      onMessage: async (delivery) => {
        if (sequenceOf(delivery) === 1) {
          tries += 1;
          throw new Error('broken');
        }
        central.deliveries.push(delivery);
      },
    });
    await central.channels.ready;
    const point = await world.point('CP001', { kafka: world.kafka('point') }).up();
    const supplyId = randomUUID();
    await point.channel.send('meter-reading', reading(1, supplyId));
    await point.channel.send('meter-reading', reading(2, supplyId));
    await until('the next one was handled', () => central.deliveries.length === 1);
    assert.equal(tries, 3);
    assert.deepEqual(
      central.rejections.map(({ code }) => code),
      ['HANDLER_FAILED'],
    );
  }));

test('a slow handler of one client delays no other (F-34)', () =>
  inWorld(async (world) => {
    const door = Promise.withResolvers<void>();
    const central = world.central({
      kafka: world.kafka('central'),
      onMessage: async (delivery) => {
        if (delivery.subjectId === 'CP001') await door.promise;
        central.deliveries.push(delivery);
      },
    });
    await central.channels.ready;
    const kafka = world.kafka('points');
    const slow = await world.point('CP001', { kafka }).up();
    const quick = await world.point('CP002', { kafka }).up();
    await slow.channel.send('meter-reading', reading(1, randomUUID()));
    for (let sequence = 1; sequence <= 20; sequence += 1)
      await quick.channel.send('meter-reading', reading(sequence, randomUUID()));
    await until('the other one was served', () => central.deliveries.length === 20);
    assert.ok(
      central.deliveries.every(({ subjectId }) => subjectId === 'CP002'),
      'while the slow one still waits',
    );
    door.resolve();
    await until('the slow one too', () => central.deliveries.length === 21);
  }));

test('a zone that is added while running is read before it is advertised, and its clients are served', () =>
  inWorld(async (world) => {
    const central = world.central({ kafka: world.kafka('central') });
    await central.channels.ready;
    const zone = uniqueZone();
    await world.database.run('INSERT INTO zones (zone) VALUES ($1)', [zone]);
    const early = world.point('CP001', {
      kafka: world.kafka('point'),
      zone,
      timing: { firstRetryMs: 100, lastRetryMs: 300 },
    });
    await central.channels.addZone(zone);
    await early.up();
    assert.equal((await world.leases.byId(early.channel.leaseId!))!.zone, zone);
  }));

test('everything may start before the broker; kill -9 of it loses no fact, doubles none, and channels come up again (F-02, R1-G12)', async () => {
  const broker = await OwnBroker.prepare();
  try {
    await inWorld(async (world) => {
      const central = world.central({ kafka: world.kafka('central') });
      const point = world.point('CP001', {
        kafka: world.kafka('point'),
        timing: { firstRetryMs: 100, lastRetryMs: 500 },
      });
      const driver = world.driver('DRV001', {
        kafka: world.kafka('driver'),
        timing: { firstRetryMs: 100, lastRetryMs: 500 },
      });
      await new Promise((resolve) => setTimeout(resolve, 500));
      await broker.start();
      await Promise.all([central.channels.ready, point.up(), driver.up()]);
      const supplyId = randomUUID();
      const sends: Array<Promise<void>> = [];
      let sent = 0;
      const sending = setInterval(() => {
        sent += 1;
        sends.push(point.channel.send('meter-reading', reading(sent, supplyId), { isUrgent: sent % 5 === 0 }));
      }, 10);
      await until('some traffic', () => central.deliveries.length > 50);
      await broker.kill();
      await until('the point notices', () => !point.channel.isUp);
      await until('the driver notices', () => !driver.channel.isUp);
      await broker.start();
      await Promise.all([point.up(), driver.up()]);
      const afterKill = sent;
      await until('traffic goes on', () => sent > afterKill + 50);
      clearInterval(sending);
      await Promise.all(sends);
      await until('all arrived', () => new Set(central.deliveries.map(sequenceOf)).size === sent);
      const sequences = central.deliveries.map(sequenceOf);
      // Read again from the committed offset at most: facts are idempotent, the log itself holds each once.
      const firstOnes = sequences.filter((sequence, at) => sequences.indexOf(sequence) === at);
      assert.deepEqual(
        firstOnes,
        Array.from({ length: sent }, (_, index) => index + 1),
      );
      const offsets = new Set(
        central.deliveries.map(({ topic, partition, offset }) => `${topic}:${partition}:${offset}`),
      );
      assert.equal(offsets.size, sent);
      assert.equal(central.rejections.length, 0);
    }, broker.address);
  } finally {
    await broker.remove();
  }
});
