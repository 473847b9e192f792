import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ApiRefused } from '../../src/testing/api-client.ts';
import { energyDifferences, readJournals } from '../../src/testing/engine-journals.ts';
import { allSupplies, brokenBooks } from '../../src/testing/network-database.ts';
import type { DriverPerson } from '../../src/testing/network-driver.ts';
import { type Network, startNetwork } from '../../src/testing/network-processes.ts';
import { until, untilAsked } from '../../src/testing/until.ts';

const CLIENTS = ['central', 'cp001-monitor', 'cp001-engine', 'drv001'];

let network: Network;
let ana: DriverPerson;
before(async () => {
  network = await startNetwork({ points: 1, drivers: 1, env: { ENGINE_SPEED: '20' } });
  await network.untilPoint('CP001', 'AVAILABLE');
  ana = await network.newDriver('ANA');
});
after(() => network?.stop());

function answers(driver: DriverPerson, path: string): Promise<boolean> {
  return driver.app.get(path).then(
    () => true,
    () => false,
  );
}

async function charge(driver: DriverPerson): Promise<void> {
  const point = network.point('CP001');
  const supply = await driver.charge('CP001');
  await point.plugWhenAuthorised();
  await untilAsked('energy flows', async () => ((await point.engine()).supply?.energyWh ?? 0) > 0);
  await point.unplug();
  const ticket = await driver.ticketOf(supply.supplyId);
  assert.equal(ticket.endReason, 'UNPLUGGED');
  await network.untilPoint('CP001', 'AVAILABLE');
}

test('F-02: everything starts while Kafka is down; once it is there, the first request works', async () => {
  await network.local.ev('stop', 'kafka');
  for (const name of CLIENTS) await network.local.ev('stop', name);
  for (const name of CLIENTS) await network.local.ev('start', name);
  await untilAsked('the driver app answers without Kafka', () => answers(ana, '/healthz'), 60_000);
  await network.untilPoint('CP001', 'OUT_OF_SERVICE', 60_000);
  await assert.rejects(
    network.logIn('ANA'),
    (error) => error instanceof ApiRefused && error.status === 503,
    'a login without Kafka is answered, not left hanging',
  );
  await network.local.ev('start', 'kafka');
  await network.untilPoint('CP001', 'AVAILABLE', 90_000);
  await untilAsked('the driver app hears Central', () => answers(ana, '/readyz'), 60_000);
  await charge(ana);
});

test('Kafka away in mid-charge: the car goes on charging, no Wh is lost, the ticket comes when it is back', async () => {
  const point = network.point('CP001');
  const supply = await ana.charge('CP001');
  await point.plugWhenAuthorised();
  await ana.untilCharging(supply.supplyId);
  await network.local.ev('stop', 'kafka');
  const beforeWh = (await point.engine()).supply?.energyWh ?? 0;
  await untilAsked('it charges on', async () => ((await point.engine()).supply?.energyWh ?? 0) > beforeWh + 20, 30_000);
  await point.unplug();
  assert.equal((await point.engine()).unacknowledgedCount, 1);
  await network.local.ev('start', 'kafka');
  const ticket = await ana.ticketOf(supply.supplyId, 120_000);
  assert.equal(ticket.energyWh, (await readJournals(network.local.folder)).get(supply.supplyId)?.endedWh);
  assert.equal(ticket.isEstimated, false);
  await network.untilPoint('CP001', 'AVAILABLE', 90_000);
});

test('PostgreSQL away in mid-charge: requests are refused, the charge goes on, its ticket comes when it is back', async () => {
  const point = network.point('CP001');
  const supply = await ana.charge('CP001');
  await point.plugWhenAuthorised();
  await ana.untilCharging(supply.supplyId);
  await network.local.ev('stop', 'postgres');
  const beforeWh = (await point.engine()).supply?.energyWh ?? 0;
  await untilAsked('it charges on', async () => ((await point.engine()).supply?.energyWh ?? 0) > beforeWh + 20, 30_000);
  await point.unplug();
  await assert.rejects(network.logIn('ANA'), (error) => error instanceof ApiRefused && error.status === 503);
  await network.local.ev('start', 'postgres');
  const ticket = await ana.ticketOf(supply.supplyId, 120_000);
  assert.deepEqual([ticket.endReason, ticket.isEstimated], ['UNPLUGGED', false]);
  assert.equal(ticket.energyWh, (await readJournals(network.local.folder)).get(supply.supplyId)?.endedWh);
  await network.untilPoint('CP001', 'AVAILABLE', 90_000);
  await charge(ana);
});

test('F-54 F-29 F-30: Central away and back: the point is back without touching it, and a request works', async () => {
  const { connects } = ana.live;
  await network.local.ev('stop', 'central');
  await until('the driver page says so', () => ana.live.upstream('me')?.isCentralReachable === false, 60_000);
  const refused = await ana.request('CP001').catch((error: unknown) => error);
  assert.ok(refused instanceof ApiRefused && refused.code === 'CENTRAL_UNREACHABLE', String(refused));
  await network.local.ev('start', 'central');
  const isBack = async (): Promise<boolean> => (await network.freshStates())?.get('CP001') === 'AVAILABLE';
  await untilAsked('the point is back at Central', isBack, 60_000);
  await until('the driver page is live again', () => ana.live.isLive('me'), 60_000);
  assert.equal(ana.live.connects, connects, 'the page kept its socket');
  await charge(ana);
});

test('after all this the books are whole and every Wh is on a ticket', async () => {
  await untilAsked('settled', async () => (await brokenBooks(network.database)).length === 0).catch(() => undefined);
  assert.deepEqual(await brokenBooks(network.database), []);
  const supplies = await allSupplies(network.database);
  assert.deepEqual(energyDifferences(supplies, await readJournals(network.local.folder)), []);
});
