import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startClientChannel } from '../../io/channels/client-channel.ts';
import { newRandomId } from '../../io/new-id.ts';
import { type CentralWorld, createCentralWorld, eventually } from '../../testing/central-world.ts';
import { PointWorld } from '../../testing/point-world.ts';
import { until } from '../../testing/until.ts';
import type { RunningCentral } from '../central/central.ts';
import type { Engine } from './engine-parts.ts';

let world: CentralWorld;
let central: RunningCentral;
let place: PointWorld;
let engine: Engine;

before(async () => {
  world = await createCentralWorld();
  await world.addPoint('CP001');
  central = await world.start();
  await central.rooms.late.channels!.ready;
  place = await PointWorld.create();
  const { keyId, key } = world.keyOf('CP001');
  place.central.sharedKey = { keyId, keyBase64: Buffer.from(key).toString('base64') };
  place.central.point = { ...place.central.point, zone: world.zone };
  place.central.brokers = world.brokers;
  const kafka = world.newKafka('engine');
  place.realChannel = { kafka: { open: () => kafka, close: async () => undefined }, startChannel: startClientChannel };
  await place.startCentral();
  place.startMonitor();
  engine = await place.startEngine();
  await world.connect(central, 'CP001');
});
after(async () => {
  await place?.close();
  await world?.stop();
});

type TicketRow = { energy_wh: number; amount_cents: number; end_reason: string };

function ticketOf(requestId: string): Promise<TicketRow> {
  return eventually('a ticket', async () => {
    const rows = await world.database.rows<TicketRow>(
      `SELECT t.energy_wh, t.amount_cents, t.end_reason FROM tickets t JOIN supplies s USING (supply_id)
        WHERE s.request_id = $1`,
      [requestId],
    );
    assert.ok(rows.length <= 1, 'one supply, one ticket');
    return rows[0];
  });
}

async function charge(): Promise<string> {
  await until('free', () => engine.view().startBlockedBy === undefined);
  const requestId = newRandomId();
  assert.equal(engine.start(requestId), undefined);
  await until('authorised', () => engine.view().phase === 'AUTHORISED');
  assert.equal(engine.plug(), undefined);
  await until('energy', () => (engine.view().supply?.energyWh ?? 0) > 0);
  return requestId;
}

test('S-ENG-01 S-ENG-07 a supply asked for at the point runs through Kafka and Central to its ticket', async () => {
  const requestId = await charge();
  engine.unplug();
  await until('the ticket’s number', () => engine.view().lastTicket?.ticketNumber !== undefined);
  const ticket = await ticketOf(requestId);
  const shown = engine.view().lastTicket;
  assert.deepEqual(
    [ticket.energy_wh, ticket.amount_cents, ticket.end_reason],
    [shown?.energyWh, shown?.amountCents, 'UNPLUGGED'],
  );
  assert.equal(engine.view().unacknowledgedCount, 0);
});

test('F-20 D-10 a charge that the engine did not live to end is ticketed with its last journaled reading', async () => {
  const requestId = await charge();
  const { energyWh } = engine.view().supply!;
  await place.stopNewest();
  engine = await place.startEngine();
  const ticket = await ticketOf(requestId);
  assert.equal(ticket.end_reason, 'ENGINE_RESTART');
  assert.ok(ticket.energy_wh >= energyWh, `${ticket.energy_wh} Wh, at least ${energyWh}`);
  await until('acknowledged', () => engine.view().unacknowledgedCount === 0);
});

test('the point’s own switch bars it for everybody and lets it go again', async () => {
  await until('free', () => engine.view().startBlockedBy === undefined);
  engine.setLocalHold(true);
  const isHeld = async () => {
    const held = await world.database.rows(
      "SELECT 1 FROM charging_point_holds WHERE cp_id = 'CP001' AND kind = 'LOCAL'",
    );
    return held.length === 1;
  };
  await until('held', isHeld);
  engine.setLocalHold(false);
  await until('free again', async () => !(await isHeld()));
});
