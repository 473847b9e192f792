import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type NetworkFile, readNetworkFile } from '../../src/local/network-file.ts';
import type { TicketView } from '../../src/messages/entities.ts';
import type { PanelPoint } from '../../src/messages/live-stream.ts';
import { type Computer, type Computers, makeComputers, typed } from '../../src/testing/computers.ts';
import { type DeployedNetwork, deployedNetwork } from '../../src/testing/deployed-network.ts';
import { type DeploymentGuide, readGuide } from '../../src/testing/deployment-guide.ts';
import type { LivePage } from '../../src/testing/live-page.ts';
import type { DriverPerson } from '../../src/testing/network-driver.ts';
import type { PointHands } from '../../src/testing/network-point.ts';
import { pointState, untilPointIs } from '../../src/testing/panel-points.ts';
import { until, untilAsked } from '../../src/testing/until.ts';

const COMES_BACK_WITHIN_MS = 120_000;
let computers: Computers<'central' | 'points' | 'drivers'>;
let central: Computer;
let points: Computer;
let drivers: Computer;
let guide: DeploymentGuide;
let network: DeployedNetwork;
let panel: LivePage;
let person: DriverPerson;
let point: PointHands;

const untilPoint = (cpId: string, state: PanelPoint['state']) =>
  untilPointIs(panel, { cpId, state, withinMs: COMES_BACK_WITHIN_MS });

/** What the app on the drivers' computer says of Central, asked there: its own cable may be pulled. */
async function appSeesCentral(): Promise<boolean> {
  const ask = `fetch('${network.appUrl}/readyz').then((answer) => answer.json()).then((one) => console.log(one.checks.central))`;
  const printed = await drivers.inNetwork('env', `NODE_EXTRA_CA_CERTS=${network.caFile}`, process.execPath, '-e', ask);
  return printed.trim() === 'true';
}

/** Tickets of the person, by supply: each supply has exactly one. */
async function requireOneTicket(supplyId: string): Promise<TicketView> {
  const ticket = await person.ticketOf(supplyId, COMES_BACK_WITHIN_MS);
  const all = (await person.history()).filter((one) => one.supplyId === supplyId);
  assert.equal(all.length, 1, `tickets of ${supplyId}`);
  return ticket;
}

/** Waits until a page notices that what it shows is from before; what it then shows live is new. */
const untilNotLive = (page: LivePage, feed: 'panel' | 'me') =>
  until('the page notices it', () => !page.isLive(feed), COMES_BACK_WITHIN_MS);

/** The driver's page is live and shows this charge. */
const untilShown = (supplyId: string) =>
  until(
    'the page shows the charge',
    () => person.live.isLive('me') && person.me()?.openSupply?.supplyId === supplyId,
    COMES_BACK_WITHIN_MS,
  );

/** What runs on the computer of points. */
async function processes(): Promise<NetworkFile['processes']> {
  return (await readNetworkFile(join(points.folder, 'var', 'EV_CP', 'network.json')))?.processes ?? [];
}

async function charging(): Promise<string> {
  const { supplyId } = await person.charge('CP001');
  await point.plugWhenAuthorised();
  await person.untilCharging(supplyId);
  await untilPoint('CP001', 'CHARGING');
  return supplyId;
}

before(async () => {
  computers = await makeComputers({ central: 10, points: 11, drivers: 12 });
  ({ central, points, drivers } = computers.named);
  network = deployedNetwork({ central, points, drivers });
  guide = await readGuide(computers.prefix, 'Three computers');
});
after(async () => {
  panel?.close();
  person?.live.close();
  await computers?.close();
});

test('R1-29 R2-70 S-OPS-03 S-OPS-04 S-OPS-05: three computers come up by the words of the guide, and a driver of the third charges at a point of the second', async () => {
  const printed = await typed(central, guide.says(/^\.\/EV_Central\/start\.sh \d/));
  await Promise.all([
    typed(points, guide.says(/EV_CP\/start\.sh \d/, printed)),
    typed(drivers, guide.says(/EV_Driver\/start\.sh \d/, printed)),
  ]);
  panel = network.openPanel();
  await untilPoint('CP001', 'AVAILABLE');
  await untilPoint('CP002', 'AVAILABLE');
  await network.registerAna();
  person = await network.logInAsAna();
  point = network.point();
  const supplyId = await charging();
  await point.unplug();
  assert.equal((await requireOneTicket(supplyId)).endReason, 'UNPLUGGED');
});

test('D-08: the cable of the points is pulled: the panel shows them disconnected, the charge goes on and has one ticket', async () => {
  const supplyId = await charging();
  await points.cut();
  await untilPoint('CP001', 'DISCONNECTED');
  await points.restore();
  await untilPoint('CP001', 'CHARGING');
  await point.unplug();
  assert.equal((await requireOneTicket(supplyId)).endReason, 'UNPLUGGED');
});

test('D-09: the cable of the drivers is pulled: their page says that Central is away, then shows the same charge again', async () => {
  const supplyId = await charging();
  await drivers.cut();
  await untilAsked('the app says that Central is away', async () => !(await appSeesCentral()), COMES_BACK_WITHIN_MS);
  assert.equal(pointState(panel, 'CP001'), 'CHARGING');
  await untilNotLive(person.live, 'me');
  await drivers.restore();
  await untilAsked('the app sees Central again', appSeesCentral, COMES_BACK_WITHIN_MS);
  await untilShown(supplyId);
  await person.stop(supplyId);
  assert.equal((await requireOneTicket(supplyId)).endReason, 'DRIVER_STOP');
});

test("D-09: Central's cable is pulled: a charge ends at the point meanwhile, and is ticketed once when Central is back", async () => {
  const supplyId = await charging();
  await central.cut();
  await untilAsked('the app says that Central is away', async () => !(await appSeesCentral()), COMES_BACK_WITHIN_MS);
  await point.unplug();
  await central.restore();
  assert.equal((await requireOneTicket(supplyId)).endReason, 'UNPLUGGED');
  await untilPoint('CP001', 'AVAILABLE');
});

test('S-OPS-04: a point is added beside those that run, and nothing of them is stopped', async () => {
  const supplyId = await charging();
  const before = await processes();
  await typed(points, guide.says(/^\.\/EV_CP\/start\.sh CP003$/));
  await untilPoint('CP003', 'AVAILABLE');
  assert.match(await typed(points, './ev status'), /^cp003-engine +\d+ +running /m);
  const now = await processes();
  assert.deepEqual(
    before.map(({ name }) => now.find((one) => one.name === name)?.pid),
    before.map(({ pid }) => pid),
  );
  await point.unplug();
  assert.equal((await requireOneTicket(supplyId)).endReason, 'UNPLUGGED');
});

test('the computer of points loses its power and is started without a code: the charge is closed from its journal', async () => {
  const supplyId = await charging();
  await points.kill();
  await untilPoint('CP001', 'DISCONNECTED');
  await typed(points, guide.says(/^\.\/EV_CP\/start\.sh$/));
  assert.equal((await requireOneTicket(supplyId)).endReason, 'ENGINE_RESTART');
  await untilPoint('CP001', 'AVAILABLE');
});

test("the drivers' computer loses its power: a charge goes on, and its driver finds it again", async () => {
  const supplyId = await charging();
  await drivers.kill();
  await untilNotLive(person.live, 'me');
  await typed(drivers, guide.says(/^\.\/EV_Driver\/start\.sh$/));
  await untilShown(supplyId);
  await point.unplug();
  await requireOneTicket(supplyId);
});

test("Central's computer loses its power: what was charging is still charging after it, nothing is lost", async () => {
  const supplyId = await charging();
  await central.kill();
  await untilNotLive(panel, 'panel');
  await typed(central, guide.says(/^\.\/EV_Central\/start\.sh$/));
  await untilPoint('CP001', 'CHARGING');
  await point.unplug();
  assert.equal((await requireOneTicket(supplyId)).endReason, 'UNPLUGGED');
  await untilPoint('CP001', 'AVAILABLE');
});

test('S-OPS-07 S-OPS-08 S-OPS-09 S-OPS-10: one point, one app and whole computers are stopped by their scripts, logs cleared when asked', async () => {
  await typed(points, guide.says(/^\.\/EV_CP\/stop\.sh CP002$/));
  await untilPoint('CP002', 'DISCONNECTED');
  assert.equal(pointState(panel, 'CP001'), 'AVAILABLE');
  assert.match(await typed(drivers, guide.says(/^\.\/EV_Driver\/stop\.sh$/)), /Everything has stopped/);
  assert.match(
    await typed(points, guide.says(/^\.\/EV_CP\/stop\.sh --clear-logs$/)),
    /Logs in .*EV_CP\/logs are removed/,
  );
  assert.match(await typed(central, guide.says(/^\.\/EV_Central\/stop\.sh$/)), /Everything has stopped/);
  for (const computer of [central, points, drivers])
    assert.equal(await computer.listening(), '', `${computer.name} listens to nobody`);
});
