import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { KafkaConnection } from '../../io/channels/kafka.ts';
import { newRandomId } from '../../io/new-id.ts';
import { insertOrders } from '../../io/postgres/operator-orders.ts';
import type { CentralToDriver } from '../../messages/driver-central.ts';
import type { CentralToEngine, EngineSupply } from '../../messages/engine-central.ts';
import type { PointCard } from '../../messages/entities.ts';
import { type CentralWorld, createCentralWorld } from '../../testing/central-world.ts';
import { connectDriver, connectEngine, followStatus, type ScriptedClient } from '../../testing/scripted-clients.ts';
import { until } from '../../testing/until.ts';
import type { RunningCentral } from './central.ts';

const PASSWORD = 'correct horse';
/** No request of these tests grows old, however long the broker takes. */
const LASTS = { ttlMs: 120_000 };
let world: CentralWorld;
let central: RunningCentral;
let kafka: KafkaConnection;
let engine: ScriptedClient;
let driver: ScriptedClient;
let token: string;

before(async () => {
  world = await createCentralWorld();
  await world.addPoint('CP001');
  await world.addPoint('CP002');
  await world.addDriver('DRV001', PASSWORD);
  central = await world.start();
  await central.rooms.late.channels!.ready;
  kafka = world.newKafka('clients');
  [engine, driver] = await Promise.all([
    connectEngine(world, { kafka, cpId: 'CP001' }),
    connectDriver(world, { kafka, clientId: 'DRV900' }),
  ]);
  await world.connect(central, 'CP001');
});
after(async () => {
  engine?.stop();
  driver?.stop();
  await world.stop();
});

const supplyOf = (start: CentralToEngine['start-supply'], change: Partial<EngineSupply> = {}): EngineSupply => ({
  supplyId: start.supplyId,
  requestId: start.requestId,
  ...(start.driverId !== undefined && { driverId: start.driverId }),
  origin: start.origin,
  priceE4PerKwh: start.priceE4PerKwh,
  phase: 'CHARGING',
  acceptedAtMs: Date.now() - 3_600_000,
  authorisedAtMs: Date.now() - 3_600_000,
  pluggedAtMs: Date.now() - 3_600_000,
  energyWh: 0,
  sequence: 0,
  ...change,
});

async function request(cpId: string, requestId = newRandomId()): Promise<string> {
  const body = { requestId, sessionToken: token, cpId, origin: 'APP' };
  await driver.channel.send('supply-requested', body, LASTS);
  return requestId;
}

async function supplyUpdate(state: string): Promise<CentralToDriver['supply-updated']['supply']> {
  for (;;) {
    const { supply } = await driver.next<CentralToDriver['supply-updated']>('supply-updated');
    if (supply.state === state) return supply;
  }
}

test('S-DRV-03 a login over the channel gives a token and the whole state; a wrong password gives neither', async () => {
  await driver.channel.send('login', { driverId: 'DRV001', password: 'wrong' }, LASTS);
  const refused = await driver.next<CentralToDriver['login-refused']>('login-refused');
  assert.equal(refused.code, 'BAD_CREDENTIALS');
  await driver.channel.send('login', { driverId: 'DRV001', password: PASSWORD }, LASTS);
  const accepted = await driver.next<CentralToDriver['login-accepted']>('login-accepted');
  assert.deepEqual(accepted.state.history, []);
  token = accepted.sessionToken;
});

test('S-CEN-07 the snapshot of all points follows the hello', async () => {
  const answer = await driver.next<CentralToDriver['hello-answered']>('hello-answered');
  assert.equal(answer.pointCount, 2);
  const chunk = await driver.next<CentralToDriver['points-chunk']>('points-chunk');
  assert.deepEqual([chunk.points.length, chunk.isLast], [2, true]);
});

test('a supply goes from the button to the ticket through Kafka and PostgreSQL', async () => {
  await request('CP001');
  const start = await engine.next<CentralToEngine['start-supply']>('start-supply');
  assert.equal(start.driverId, 'DRV001');
  assert.equal((await supplyUpdate('REQUESTED')).supplyId, start.supplyId);

  await engine.channel.send('supply-accepted', { supplyId: start.supplyId });
  const authorised = await engine.next<CentralToEngine['supply-authorised']>('supply-authorised');
  assert.equal(authorised.supplyId, start.supplyId);
  assert.ok((await supplyUpdate('PREPARING')).plugDeadlineAtMs);

  await engine.channel.send('supply-started', { supply: supplyOf(start) });
  await supplyUpdate('CHARGING');
  const { supplyId } = start;
  const reading = { supplyId, sequence: 2, energyWh: 1_500, powerW: 11_000, measuredAtMs: Date.now() };
  await engine.channel.send('meter-reading', reading, { isUrgent: false });
  await engine.channel.send('meter-reading', { ...reading, sequence: 1, energyWh: 900 }, { isUrgent: false });
  const { readings } = await driver.next<CentralToDriver['supply-readings']>('supply-readings');
  assert.deepEqual([readings[0]?.energyWh, readings[0]?.amountCents], [1_500, 38]);

  const ended = supplyOf(start, {
    phase: 'ENDED',
    energyWh: 2_000,
    sequence: 3,
    endedAtMs: Date.now(),
    endReason: 'UNPLUGGED',
  });
  await engine.channel.send('supply-ended', { supply: ended });
  const closed = await engine.next<CentralToEngine['supply-closed']>('supply-closed');
  const issued = await driver.next<CentralToDriver['ticket-issued']>('ticket-issued');
  assert.deepEqual([closed.ticketNumber, closed.amountCents], [issued.ticket.ticketNumber, 50]);
  assert.deepEqual([issued.ticket.energyWh, issued.balanceCents, issued.driverId], [2_000, -50, 'DRV001']);
  assert.equal((await supplyUpdate('ENDED')).ticketNumber, issued.ticket.ticketNumber);
  await until('the outbox is empty', async () => (await world.database.rows('SELECT 1 FROM outbox')).length === 0);
});

test('F-10 F-21 facts that come again change nothing and are acknowledged again', async () => {
  const before = await world.database.rows('SELECT * FROM tickets');
  const start = engine.heard.find((message) => message.type === 'start-supply')
    ?.body as CentralToEngine['start-supply'];
  const ended = supplyOf(start, {
    phase: 'ENDED',
    energyWh: 2_000,
    sequence: 3,
    endedAtMs: Date.now(),
    endReason: 'UNPLUGGED',
  });
  await engine.channel.send('supply-accepted', { supplyId: start.supplyId });
  await engine.channel.send('supply-started', { supply: supplyOf(start) });
  await engine.channel.send('supply-ended', { supply: ended });
  await engine.next('supply-closed');
  assert.deepEqual(await world.database.rows('SELECT * FROM tickets'), before);
  // A second ticket would be on the channel before the answer to what is asked now.
  await driver.channel.send('resume-session', { sessionToken: token }, LASTS);
  await driver.next('session-resumed');
  assert.equal(driver.count('ticket-issued'), 1);
});

test('F-17 the ticket is in the state that the token brings, until it is confirmed', async () => {
  await driver.channel.send('resume-session', { sessionToken: token }, LASTS);
  const { state } = await driver.next<CentralToDriver['session-resumed']>('session-resumed');
  assert.equal(state.unreadTickets.length, 1);
  const ticketNumber = state.unreadTickets[0]!.ticketNumber;
  await driver.channel.send('ticket-read', { sessionToken: token, ticketNumber });
  await driver.channel.send('resume-session', { sessionToken: token }, LASTS);
  const later = await driver.next<CentralToDriver['session-resumed']>('session-resumed');
  assert.deepEqual([later.state.unreadTickets.length, later.state.history.length], [0, 1]);
});

test('refusals: an unknown point, a disconnected one, no login', async () => {
  const refusal = async () => (await driver.next<CentralToDriver['request-refused']>('request-refused')).refusal.code;
  await request('CP777');
  assert.equal(await refusal(), 'CP_UNKNOWN');
  await request('CP002');
  assert.equal((await supplyUpdate('DENIED')).refusal?.code, 'CP_DISCONNECTED');
  const body = { requestId: newRandomId(), sessionToken: 'x'.repeat(43), cpId: 'CP001', origin: 'APP' };
  await driver.channel.send('supply-requested', body, LASTS);
  assert.equal(await refusal(), 'NOT_LOGGED_IN');
});

test('an anonymous supply at the point, stopped by nobody but its own end; the refusal of a second one reaches the engine', async () => {
  await engine.channel.send('supply-requested', { requestId: newRandomId() }, LASTS);
  const start = await engine.next<CentralToEngine['start-supply']>('start-supply');
  assert.equal(start.driverId, undefined);
  await engine.channel.send('supply-requested', { requestId: newRandomId() }, LASTS);
  const refused = await engine.next<CentralToEngine['supply-refused']>('supply-refused');
  assert.equal(refused.refusal.code, 'CP_BUSY');
  await driver.channel.send('stop-requested', { sessionToken: token, supplyId: start.supplyId }, LASTS);
  const notMine = await driver.next<CentralToDriver['request-refused']>('request-refused');
  assert.equal(notMine.refusal.detail, 'NOT_YOUR_SUPPLY');
  await engine.channel.send('supply-declined', { supplyId: start.supplyId, code: 'FAULTED' });
  const declined = await engine.next<CentralToEngine['supply-refused']>('supply-refused');
  assert.equal(declined.refusal.code, 'POINT_DECLINED');
});

test('a driver’s stop before the plug cancels: an order to the engine by both ways, a ticket of 0 Wh', async () => {
  await request('CP001');
  const start = await engine.next<CentralToEngine['start-supply']>('start-supply');
  await engine.channel.send('supply-accepted', { supplyId: start.supplyId });
  await supplyUpdate('PREPARING');
  await driver.channel.send('stop-requested', { sessionToken: token, supplyId: start.supplyId }, LASTS);
  const stop = await engine.next<CentralToEngine['stop-supply']>('stop-supply');
  assert.equal(stop.reason, 'CANCELLED');
  await until('the Monitor is told too', () =>
    world.frames.some(({ cpId, type, body }) => {
      const { supplyId } = body as CentralToEngine['stop-supply'];
      return cpId === 'CP001' && type === 'stop-supply' && supplyId === start.supplyId;
    }),
  );
  const { pluggedAtMs: _none, ...unplugged } = supplyOf(start);
  await engine.channel.send('supply-ended', {
    supply: { ...unplugged, phase: 'ENDED', endedAtMs: Date.now(), endReason: 'CANCELLED' },
  });
  const issued = await driver.next<CentralToDriver['ticket-issued']>('ticket-issued');
  assert.deepEqual([issued.ticket.endReason, issued.ticket.amountCents], ['CANCELLED', 0]);
});

test('states of points reach drivers signed, and Central says that it lives', async () => {
  const answer = driver.heard.find((message) => message.type === 'hello-answered')
    ?.body as CentralToDriver['hello-answered'];
  const status = followStatus(driver, kafka, answer.statusOffsets);
  const cards = () =>
    status.heard.flatMap(({ type, body }) =>
      type === 'points-changed' ? (body as { points: PointCard[] }).points : [],
    );
  await until('CP001 is available', () => cards().some((card) => card.cpId === 'CP001' && card.state === 'AVAILABLE'));
  await until('Central lives', () => status.heard.some(({ type }) => type === 'central-alive'));
  assert.deepEqual(status.rejected, []);
  status.stop();
});

test('the local switch is a level: held, shown to the engine, dropped again', async () => {
  await engine.channel.send('local-hold', { bootId: engine.bootId, sequence: 1, isHeld: true });
  const updated = await engine.next<CentralToEngine['point-updated']>('point-updated');
  assert.deepEqual(updated.holds, ['LOCAL']);
  await until('out of service', () => central.rooms.picture.point('CP001')?.reasons.includes('LOCAL') === true);
  await engine.channel.send('local-hold', { bootId: engine.bootId, sequence: 1, isHeld: false });
  await engine.channel.send('local-hold', { bootId: engine.bootId, sequence: 2, isHeld: false });
  assert.deepEqual((await engine.next<CentralToEngine['point-updated']>('point-updated')).holds, []);
});

test('D-10 an engine that restarts hands over its journal in hello: ticket, and the acknowledgement in the answer', async () => {
  await request('CP001');
  const start = await engine.next<CentralToEngine['start-supply']>('start-supply');
  await engine.channel.send('supply-accepted', { supplyId: start.supplyId });
  await engine.channel.send('supply-started', { supply: supplyOf(start) });
  await supplyUpdate('CHARGING');
  engine.stop();
  const unacknowledged = [
    supplyOf(start, {
      phase: 'ENDED',
      energyWh: 3_000,
      sequence: 5,
      endedAtMs: Date.now(),
      endReason: 'ENGINE_RESTART',
    }),
  ];
  engine = await connectEngine(world, { kafka, cpId: 'CP001', hello: { unacknowledged } });
  const answer = await engine.next<CentralToEngine['hello-answered']>('hello-answered');
  assert.deepEqual(answer.acknowledgedSupplyIds, [start.supplyId]);
  assert.equal(answer.openSupply, undefined);
  const issued = await driver.next<CentralToDriver['ticket-issued']>('ticket-issued');
  assert.equal(issued.ticket.endReason, 'ENGINE_RESTART');
});

test('F-12 F-19 F-30 a Central that is started anew goes on: what was sent meanwhile is done once', async () => {
  await request('CP001');
  const start = await engine.next<CentralToEngine['start-supply']>('start-supply');
  await engine.channel.send('supply-accepted', { supplyId: start.supplyId });
  await engine.channel.send('supply-started', { supply: supplyOf(start) });
  await supplyUpdate('CHARGING');
  const order = { orderId: newRandomId(), kind: 'RESUME', cpIds: ['CP002'], orderedBy: 'operator:test' } as const;
  await insertOrders(world.database, { ...order, deadline: new Date(Date.now() + 3_600_000) });
  await central.stop();
  const ended = supplyOf(start, {
    phase: 'ENDED',
    energyWh: 4_000,
    sequence: 7,
    endedAtMs: Date.now(),
    endReason: 'UNPLUGGED',
  });
  await engine.channel.send('supply-ended', { supply: ended });
  central = await world.start();
  const shown = central.rooms.picture.feeds.operator.get('orders', `${order.orderId}:CP002`);
  assert.equal((shown as { state?: string } | undefined)?.state, 'SENT', 'an order of before stays in sight');
  assert.equal(central.rooms.picture.point('CP001')?.state, 'DISCONNECTED');
  const issued = await driver.next<CentralToDriver['ticket-issued']>('ticket-issued');
  assert.deepEqual([issued.ticket.supplyId, issued.ticket.energyWh], [start.supplyId, 4_000]);
  await engine.next('supply-closed');
  assert.equal((await world.database.rows('SELECT 1 FROM tickets WHERE supply_id = $1', [start.supplyId])).length, 1);
});

test('nothing that was said on either channel was unreadable', () => {
  assert.deepEqual([...engine.rejected, ...driver.rejected], []);
});
