import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { systemClock } from '../../../io/clock.ts';
import { createLog } from '../../../io/log.ts';
import { newRandomId, newTimeOrderedId } from '../../../io/new-id.ts';
import { signInReplica } from '../../../io/postgres/central-replicas.ts';
import { insertOutbox, type OutboxMessage } from '../../../io/postgres/outbox.ts';
import { type CentralWorld, createCentralWorld } from '../../../testing/central-world.ts';
import { type OutboxSender, startOutboxSender } from './outbox-sender.ts';

const replicaId = newRandomId();
let world: CentralWorld;
let sender: OutboxSender;
let sent: string[];
let isBrokerUp: boolean;
let connectedPoints: Set<string>;

before(async () => {
  world = await createCentralWorld();
  await signInReplica(world.database, { replicaId, apiUrl: 'https://here', version: '1', startedAtMs: Date.now() });
  const note = async (recipient: string, type: string) => {
    if (!isBrokerUp) throw new Error('no broker');
    sent.push(`${recipient} ${type}`);
    return 'SENT' as const;
  };
  sender = startOutboxSender({
    database: world.database,
    clock: systemClock,
    log: createLog('test', { level: 'silent' }),
    replicaId,
    channels: () => ({
      sendToClient: note,
      sendToLease: note,
      publishStatus: async (zone, type) => void (await note(zone, type)),
    }),
    monitors: () => ({
      isConnected: (cpId) => connectedPoints.has(cpId),
      send: async (cpId, type) => sent.push(`${cpId} ${type}`) > 0,
    }),
    sweepEveryMs: 3_600_000,
  });
});
beforeEach(async () => {
  sent = [];
  isBrokerUp = true;
  connectedPoints = new Set();
  await world.database.run('DELETE FROM outbox');
});
after(async () => {
  await sender.stop();
  await world.stop();
});

const message = (change: Partial<OutboxMessage> = {}): OutboxMessage => ({
  messageId: newTimeOrderedId(),
  recipient: 'cp:CP001',
  transport: 'CHANNEL',
  type: 'stop-supply',
  body: {},
  ...change,
});
const waiting = async () => (await world.database.rows('SELECT 1 FROM outbox')).length;

test('a committed message goes at once and is forgotten after its acknowledgement', async () => {
  await sender.send(await insertOutbox(world.database, [message(), message({ type: 'supply-closed' })], replicaId));
  assert.deepEqual(sent, ['cp:CP001 stop-supply', 'cp:CP001 supply-closed']);
  assert.equal(await waiting(), 0);
});

test('what the broker did not take stays, and goes with a later sweep', async () => {
  isBrokerUp = false;
  await sender.send(await insertOutbox(world.database, [message()], replicaId));
  assert.equal(await waiting(), 1);
  isBrokerUp = true;
  await sender.sweep();
  assert.equal(await waiting(), 1, 'its owner lives: ten seconds are its own');
  await world.database.run("UPDATE outbox SET claimed_at = now() - interval '11 seconds'");
  await sender.sweep();
  assert.deepEqual([sent.length, await waiting()], [1, 0]);
});

test('F-12 what a dead replica left behind is sent two seconds later', async () => {
  await insertOutbox(world.database, [message()], newRandomId());
  await world.database.run("UPDATE outbox SET claimed_at = now() - interval '3 seconds'");
  await sender.sweep();
  assert.deepEqual([sent.length, await waiting()], [1, 0]);
});

test('a message for a Monitor is sent only by the replica that holds its socket', async () => {
  await insertOutbox(world.database, [message({ transport: 'MONITOR', recipient: 'CP002' })], newRandomId());
  await sender.sweep();
  assert.deepEqual([sent.length, await waiting()], [0, 1]);
  connectedPoints.add('CP002');
  await sender.sweep();
  assert.deepEqual([sent, await waiting()], [['CP002 stop-supply'], 0]);
});

test('F-10 a message that is too old is dropped, never sent', async () => {
  const rows = await insertOutbox(world.database, [message({ expiresAtMs: Date.now() - 1 })], replicaId);
  await sender.send(rows);
  assert.deepEqual([sent.length, await waiting()], [0, 0]);
});

test('two sweeps at once send a message once', async () => {
  const rows = Array.from({ length: 50 }, () => message());
  await insertOutbox(world.database, rows, newRandomId());
  await world.database.run("UPDATE outbox SET claimed_at = now() - interval '3 seconds'");
  await Promise.all([sender.sweep(), sender.sweep()]);
  assert.deepEqual([sent.length, await waiting()], [50, 0]);
});
