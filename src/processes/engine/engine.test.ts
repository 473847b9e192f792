import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { newRandomId } from '../../io/new-id.ts';
import { PointWorld } from '../../testing/point-world.ts';
import { until } from '../../testing/until.ts';
import type { Monitor } from '../monitor/monitor.ts';
import type { Engine } from './engine-parts.ts';

let world: PointWorld;
let monitor: Monitor;
let engine: Engine;
beforeEach(async () => {
  world = await PointWorld.create();
  world.isGreeting = true;
  await world.startCentral();
  monitor = world.startMonitor();
  engine = await world.startEngine();
  await ready();
});
afterEach(() => world.close());

async function ready(): Promise<void> {
  await until('ready', () => engine.view().startBlockedBy === undefined);
}

type Order = { requestId?: string; driverId?: string; expiresInMs?: number };

function orderStart({ requestId = newRandomId(), driverId = 'USR001', expiresInMs = 5_000 }: Order = {}): string {
  const supplyId = newRandomId();
  const expiresAtMs = world.channel.centralNowMs() + expiresInMs;
  world.channel.deliver('start-supply', {
    supplyId,
    requestId,
    driverId,
    origin: 'APP',
    priceE4PerKwh: 4_500,
    expiresAtMs,
  });
  return supplyId;
}

async function authorise(order: Order = {}): Promise<string> {
  const supplyId = orderStart(order);
  await until('accepted', () => world.channel.last('supply-accepted')?.supplyId === supplyId);
  world.channel.deliver('supply-authorised', { supplyId, plugDeadlineAtMs: Date.now() + 120_000 });
  await until('authorised', () => engine.view().phase === 'AUTHORISED');
  return supplyId;
}

async function charge(order: Order = {}): Promise<string> {
  const supplyId = await authorise(order);
  assert.equal(engine.plug(), undefined);
  await until('readings', () => world.channel.count('meter-reading') >= 2);
  return supplyId;
}

describe('a supply at the engine', () => {
  it('S-ENG-11 S-UI-18 S-TIM-10 the point shows its id, zone, power and price as Central has them', () => {
    const { cpId, zone, maxPowerW, priceE4PerKwh } = engine.view();
    assert.deepEqual([cpId, zone, maxPowerW, priceE4PerKwh], ['CP001', 'ALC', 50_000, 4_500]);
  });

  it('S-ENG-05 S-ENG-06 S-ENG-07 plug, readings, unplug, end, ticket', async () => {
    assert.equal(engine.plug(), 'NOT_AUTHORISED');
    const supplyId = await charge();
    assert.equal(world.channel.last('supply-started')?.supply.phase, 'CHARGING');
    const before = world.channel.last('meter-reading');
    assert.equal(engine.unplug(), undefined);
    await until('ended', () => world.channel.last('supply-ended') !== undefined);
    const { supply } = world.channel.last('supply-ended')!;
    assert.equal(supply.endReason, 'UNPLUGGED');
    assert.equal(supply.sequence, world.channel.last('meter-reading')?.sequence, 'the last reading is in the end');
    assert.ok(supply.energyWh >= before!.energyWh && before!.energyWh > 0);
    assert.equal(engine.view().phase, 'ENDED');
    assert.equal(engine.view().lastTicket?.isAcknowledged, false);
    world.channel.deliver('supply-closed', {
      supplyId,
      ticketNumber: 7,
      energyWh: supply.energyWh,
      amountCents: 12,
      endReason: 'UNPLUGGED',
    });
    assert.equal(engine.view().phase, 'IDLE');
    assert.deepEqual(
      [
        engine.view().lastTicket?.ticketNumber,
        engine.view().lastTicket?.amountCents,
        engine.view().unacknowledgedCount,
      ],
      [7, 12, 0],
    );
  });

  it('F-25 readings are cumulative and numbered, and never go back', async () => {
    await charge();
    await until('four readings', () => world.channel.count('meter-reading') >= 4);
    const readings = world.channel.sent
      .filter(({ type }) => type === 'meter-reading')
      .map(({ body }) => body as { sequence: number; energyWh: number });
    for (const [index, reading] of readings.entries()) {
      assert.equal(reading.sequence, index + 1);
      assert.ok(reading.energyWh >= (readings[index - 1]?.energyWh ?? 0));
    }
  });

  it('an order is late by Central’s clock, not by ours', async () => {
    world.channel.clockOffsetMs = 3_600_000;
    const good = orderStart();
    await until('accepted', () => world.channel.last('supply-accepted')?.supplyId === good);
    world.channel.deliver('cancel-supply', { supplyId: good, reason: 'test' });
    const late = orderStart({ expiresInMs: -1 });
    await until('declined', () => world.channel.last('supply-declined')?.supplyId === late);
    assert.equal(world.channel.last('supply-declined')?.code, 'EXPIRED');
  });

  it('an operator’s stop relayed by the Monitor ends the charge with its last reading', async () => {
    const supplyId = await charge();
    world.central.send('stop-supply', { supplyId, reason: 'OPERATOR_STOP' });
    await until('ended', () => world.channel.last('supply-ended')?.supply.endReason === 'OPERATOR_STOP');
    world.channel.deliver('stop-supply', { supplyId, reason: 'OPERATOR_STOP' });
    await until('said again', () => world.channel.count('supply-ended') >= 2);
    const [first, ...again] = world.channel.sent.filter(({ type }) => type === 'supply-ended');
    for (const one of again) assert.deepEqual(one.body, first?.body, 'one end, however often it is ordered');
  });

  it('R1-24 the fault key ends a running charge as FAULT', async () => {
    await charge();
    engine.setFault(true);
    await until('ended', () => world.channel.last('supply-ended')?.supply.endReason === 'FAULT');
    assert.equal(engine.view().startBlockedBy, 'FAULTED');
  });

  it('F-20 D-10 a charge cut by kill -9 is closed from the journal with its last reading', async () => {
    const supplyId = await charge();
    const last = world.channel.last('meter-reading');
    // The supply is not ended by stopping: what a new process finds is what a killed one leaves.
    await world.stopNewest();
    world.isGreeting = false;
    engine = await world.startEngine();
    await until('a new channel', () => world.channels.length === 2);
    const hello = world.channel.greet();
    assert.equal(hello.openSupply, undefined);
    const [closed] = hello.unacknowledged;
    assert.equal(closed?.supplyId, supplyId);
    assert.equal(closed?.endReason, 'ENGINE_RESTART');
    assert.ok(world.audit.entries.some(({ action, supplyId: of }) => action === 'CHARGE_STOP' && of === supplyId));
    assert.ok(closed.energyWh >= last!.energyWh && closed.sequence >= last!.sequence);
    world.channel.deliver('supply-closed', { supplyId, ticketNumber: 1, energyWh: closed.energyWh, amountCents: 1 });
    await until('acknowledged on disk', () => engine.view().unacknowledgedCount === 0);
    await world.stopNewest();
    engine = await world.startEngine();
    await until('a third channel', () => world.channels.length === 3);
    assert.deepEqual(world.channel.greet().unacknowledged, [], 'F-21 an acknowledged supply is not reported again');
  });

  it('F-19 an end that Central does not acknowledge is told again', async () => {
    await charge();
    engine.unplug();
    await until('told twice', () => world.channel.count('supply-ended') >= 2);
  });
});

describe('a supply asked for at the point', () => {
  it('S-ENG-01 goes to Central as a request that expires, once for one request id', async () => {
    const requestId = newRandomId();
    assert.equal(engine.start(requestId), undefined);
    assert.equal(engine.start(requestId), undefined);
    assert.equal(engine.start(newRandomId()), 'BUSY');
    assert.equal(engine.view().phase, 'REQUESTING');
    assert.deepEqual(
      world.channel.sent.filter(({ type }) => type === 'supply-requested'),
      [{ type: 'supply-requested', body: { requestId }, ttlMs: 15_000 }],
    );
    await authorise({ requestId });
    assert.equal(engine.view().supply?.requestId, requestId);
    assert.equal(engine.cancel(), undefined);
    await until('cancelled', () => world.channel.last('supply-ended')?.supply.endReason === 'CANCELLED');
  });

  it('shows Central’s refusal with its reasons', () => {
    const requestId = newRandomId();
    engine.start(requestId);
    world.channel.deliver('supply-refused', {
      requestId,
      refusal: { code: 'CP_OUT_OF_SERVICE', reasons: ['OPERATOR'] },
    });
    assert.equal(engine.view().phase, 'IDLE');
    assert.deepEqual(engine.view().lastRefusal?.refusal, { code: 'CP_OUT_OF_SERVICE', reasons: ['OPERATOR'] });
  });

  it('F-15 one that was given up is cancelled when Central starts it after all', async () => {
    const requestId = newRandomId();
    engine.start(requestId);
    assert.equal(engine.cancel(), undefined);
    const supplyId = orderStart({ requestId });
    await until('ended', () => world.channel.last('supply-ended')?.supply.supplyId === supplyId);
    assert.equal(world.channel.last('supply-ended')?.supply.endReason, 'CANCELLED');
    assert.equal(engine.view().phase === 'IDLE' || engine.view().phase === 'ENDED', true);
  });

  it('is not sent while Central holds the point', () => {
    world.channel.deliver('point-updated', {
      point: { ...world.channel.greetedPoint },
      holds: ['OPERATOR'],
      version: 2,
    });
    assert.equal(engine.start(newRandomId()), 'OUT_OF_SERVICE');
  });

  it('S-ENG-03 the point’s own switch is a level with a sequence', async () => {
    engine.setLocalHold(true);
    engine.setLocalHold(true);
    await until('told', () => world.channel.count('local-hold') === 1);
    assert.equal(world.channel.last('local-hold')?.isHeld, true);
    assert.equal(engine.view().startBlockedBy, 'LOCAL_HOLD');
    engine.setLocalHold(false);
    await until('told', () => world.channel.count('local-hold') === 2);
    assert.equal(world.channel.last('local-hold')?.sequence, 2);
  });
});

describe('an engine without its Monitor', () => {
  it('D-08 refuses starts after three seconds without a question; a running charge goes on', async () => {
    await charge();
    await monitor.stop();
    const from = world.channel.count('meter-reading');
    await until('missed', () => !engine.view().isMonitorPresent);
    await until('it charges on', () => world.channel.count('meter-reading') >= from + 2);
    engine.unplug();
    await until('ended', () => world.channel.last('supply-ended')?.supply.endReason === 'UNPLUGGED');
    await until('blocked', () => engine.view().startBlockedBy === 'NO_MONITOR');
    const refused = orderStart();
    await until('declined', () => world.channel.last('supply-declined')?.supplyId === refused);
    assert.equal(world.channel.last('supply-declined')?.code, 'NO_MONITOR');
    assert.equal(engine.start(newRandomId()), 'NO_MONITOR');
  });

  it('a restarted Monitor brings a new key, and the charge does not notice', async () => {
    const supplyId = await charge();
    const former = world.central.keyId;
    await monitor.stop();
    monitor = world.startMonitor();
    await until('the new key', () => engine.view().keyId !== former && engine.view().isMonitorPresent);
    assert.equal(world.channels.length, 1, 'the channel went on');
    assert.deepEqual(world.channel.keyIds, [former, world.central.keyId]);
    assert.equal(engine.view().supply?.supplyId, supplyId);
    assert.equal(engine.view().phase, 'CHARGING');
  });

  it('D-12 a revocation in mid-charge: the end passes under the old key, then nothing more', async () => {
    const supplyId = await charge();
    world.central.isKeyRevoked = true;
    world.central.send('key-revoked', { keyId: world.central.keyId });
    world.central.send('stop-supply', { supplyId, reason: 'KEY_REVOKED' });
    await until('ended', () => world.channel.last('supply-ended')?.supply.endReason === 'KEY_REVOKED');
    assert.equal(world.channel.isStopped, false);
    const { energyWh } = world.channel.last('supply-ended')!.supply;
    world.channel.deliver('supply-closed', { supplyId, ticketNumber: 1, energyWh, amountCents: 1 });
    await until('closed', () => world.channel.isStopped);
  });
});
