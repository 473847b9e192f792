import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import type { PersonalData } from '../../src/messages/driver-central.ts';
import type { SupplyView, TicketView } from '../../src/messages/entities.ts';
import type { DriverMe, EngineView, PanelPoint, PanelSupply } from '../../src/messages/live-stream.ts';
import { ApiRefused, createApiClient, refusalOf } from '../../src/testing/api-client.ts';
import { energyDifferences, readJournals } from '../../src/testing/engine-journals.ts';
import { allSupplies, brokenBooks } from '../../src/testing/network-database.ts';
import type { DriverPerson } from '../../src/testing/network-driver.ts';
import { type Network, STEP_WITHIN_MS, startNetwork } from '../../src/testing/network-processes.ts';
import { until, untilAsked } from '../../src/testing/until.ts';

/** Long enough for hands on a busy machine; one test waits for it. */
const PLUG_TIMEOUT_MS = '20000';

let network: Network;
let ana: DriverPerson;
before(async () => {
  network = await startNetwork({ points: 2, drivers: 2, env: { ENGINE_SPEED: '20', PLUG_TIMEOUT_MS } });
  await network.untilPoint('CP001', 'AVAILABLE');
  await network.untilPoint('CP002', 'AVAILABLE');
  ana = await network.newDriver('ANA');
});
after(() => network?.stop());

test('a supply from the button to the ticket: each step is seen on the driver page, the point page and the panel', async () => {
  const point = network.point('CP001');
  const pages = { driver: ana.page(), point: point.page(), panel: network.panelPage() };
  const secondApp = await network.logIn('ANA', 'DRV002');
  const secondPage = secondApp.page();
  try {
    await until('all pages are live', () =>
      Boolean(
        pages.driver.entity('me', 'me', 'me') &&
          pages.point.entity('engine', 'engine', 'engine') &&
          pages.panel.entity('panel', 'points', 'CP001'),
      ),
    );
    const driverSteps = pages.driver.steps((page) => page.entity<DriverMe>('me', 'me', 'me')?.openSupply?.state);
    const pointSteps = pages.point.steps((page) => page.entity<EngineView>('engine', 'engine', 'engine')?.phase);
    const panelSteps = pages.panel.steps((page) => page.entity<PanelPoint>('panel', 'points', 'CP001')?.state);
    const panelPhases = pages.panel.steps((page) => page.entity<PanelPoint>('panel', 'points', 'CP001')?.phase);
    const driverFigures = pages.driver.steps((page) => page.entity<DriverMe>('me', 'me', 'me')?.openSupply?.energyWh);
    const pointFigures = pages.point.steps(
      (page) => page.entity<EngineView>('engine', 'engine', 'engine')?.supply?.energyWh,
    );
    const panelFigures = pages.panel.steps((page) => panelWh(page, 'CP001'));

    const supply = await ana.charge('CP001');
    await until(
      'all pages wait for the plug',
      () =>
        driverSteps.at(-1) === 'PREPARING' && pointSteps.at(-1) === 'AUTHORISED' && panelPhases.at(-1) === 'PREPARING',
    );
    await point.plug();
    const isMoving = (figures: unknown[]) => new Set(figures.filter((wh) => Number(wh) > 0)).size >= 3;
    await until(
      'live figures move on all three pages',
      () => [driverFigures, pointFigures, panelFigures].every(isMoving),
      STEP_WITHIN_MS,
    );
    await untilAsked(
      'the second app shows it too',
      async () => (await secondApp.state()).openSupply?.supplyId === supply.supplyId,
    );
    await point.unplug();
    const ticket = await ana.ticketOf(supply.supplyId);

    assert.equal(ticket.endReason, 'UNPLUGGED');
    assert.equal(ticket.energyWh, (await readJournals(network.local.folder)).get(supply.supplyId)?.endedWh);
    assert.equal((await ana.state()).balanceCents, -ticket.amountCents);
    await network.untilPoint('CP001', 'AVAILABLE');
    await until('the point page has its ticket', () => {
      const last = pages.point.entity<EngineView>('engine', 'engine', 'engine')?.lastTicket;
      return last?.ticketNumber === ticket.ticketNumber;
    });
    await until(
      'all pages show the point free',
      () => driverSteps.at(-1) === undefined && pointSteps.at(-1) === 'IDLE' && panelSteps.at(-1) === 'AVAILABLE',
    );
    await until(
      'the ticket is on the page of the second app',
      () => secondPage.entity('me', 'tickets', String(ticket.ticketNumber)) !== undefined,
    );
    assert.deepEqual(withoutDoubles(driverSteps, ['PREPARING', 'CHARGING']), ['PREPARING', 'CHARGING', undefined]);
    assert.deepEqual(withoutDoubles(pointSteps, ['AUTHORISED', 'CHARGING', 'IDLE']).at(-1), 'IDLE');
    assert.ok(pointSteps.includes('AUTHORISED') && pointSteps.includes('CHARGING'), pointSteps.join());
    assert.deepEqual([panelSteps[0], panelSteps[1], panelSteps.at(-1)], ['AVAILABLE', 'CHARGING', 'AVAILABLE']);
    assert.ok(panelPhases.includes('PREPARING') && panelPhases.includes('CHARGING'), panelPhases.join());
    for (const page of Object.values(pages)) assert.equal(page.connects, 1, 'no page had to connect again');
  } finally {
    for (const page of [...Object.values(pages), secondPage]) page.close();
  }
});

function panelWh(page: ReturnType<Network['panelPage']>, cpId: string): number | undefined {
  const supply = Object.values(page.collection<PanelSupply>('panel', 'supplies')).find((one) => one.cpId === cpId);
  return supply && page.readingWh('panel', supply.readingIndex);
}

// A step may be seen twice around a request that was not answered yet; the order of the named ones is what counts.
function withoutDoubles<Step>(steps: readonly (Step | undefined)[], named: readonly Step[]): (Step | undefined)[] {
  const told = steps.filter((step) => step !== undefined && named.includes(step));
  return steps.at(-1) === undefined ? [...told, undefined] : told;
}

test('F-17: the ticket is in the history, after a new login and in another app, and is unread until it is read', async () => {
  const [ticket] = (await ana.history()) as [TicketView];
  const again = await network.logIn('ANA');
  const elsewhere = await network.logIn('ANA', 'DRV002');
  for (const person of [again, elsewhere]) {
    const [shown] = (await person.state()).tickets;
    assert.deepEqual([shown?.ticketNumber, shown?.readAtMs], [ticket.ticketNumber, undefined]);
    assert.equal((await person.history())[0]?.ticketNumber, ticket.ticketNumber);
  }
  await again.app.post(`/api/tickets/${ticket.ticketNumber}/read`);
  // By the history, which costs no login: those are limited to some a minute.
  await untilAsked('it is read', async () => (await again.history())[0]?.readAtMs !== undefined);
  const later = await network.logIn('ANA');
  assert.notEqual((await later.state()).tickets[0]?.readAtMs, undefined, 'it is read for every later login');
});

test('an anonymous supply is asked for, plugged and stopped at the point; its ticket has no driver', async () => {
  const point = network.point('CP002');
  const requestId = crypto.randomUUID();
  await point.start(requestId);
  await point.untilPhase('AUTHORISED');
  await point.plug();
  await untilAsked('energy flows', async () => ((await point.engine()).supply?.energyWh ?? 0) > 0);
  let shown: SupplyView | undefined;
  await untilAsked('Central shows that it charges', async () => {
    const { supplies } = await network.panel.get<{ supplies: SupplyView[] }>('/api/supplies');
    shown = supplies.find((one) => one.requestId === requestId);
    return shown?.state === 'CHARGING';
  });
  assert.deepEqual([shown?.origin, shown?.driverId], ['POINT', undefined]);
  await point.stop();
  await untilAsked(
    'the point has its ticket',
    async () => (await point.engine()).lastTicket?.ticketNumber !== undefined,
  );
  const { lastTicket } = await point.engine();
  assert.deepEqual([lastTicket?.supplyId, lastTicket?.endReason], [shown?.supplyId, 'LOCAL_STOP']);
  await network.untilPoint('CP002', 'AVAILABLE');
});

test('F-16: the driver stops the supply by the id that Central gave', async () => {
  const supply = await ana.charge('CP001');
  await network.point('CP001').plugWhenAuthorised();
  await ana.untilCharging(supply.supplyId);
  await ana.stop(supply.supplyId);
  assert.equal((await ana.ticketOf(supply.supplyId)).endReason, 'DRIVER_STOP');
  await network.untilPoint('CP001', 'AVAILABLE');
});

test('a driver who cancels before plugging gets a ticket of 0 Wh and the point is free at once', async () => {
  const supply = await ana.charge('CP001');
  await ana.stop(supply.supplyId);
  const ticket = await ana.ticketOf(supply.supplyId);
  assert.deepEqual([ticket.endReason, ticket.energyWh, ticket.amountCents], ['CANCELLED', 0, 0]);
  await network.untilPoint('CP001', 'AVAILABLE');
});

test('F-15: nobody plugs in: the reservation ends by itself and says so', async () => {
  const supply = await ana.charge('CP001');
  const ticket = await ana.ticketOf(supply.supplyId);
  assert.deepEqual([ticket.endReason, ticket.energyWh], ['PLUG_TIMEOUT', 0]);
  await network.untilPoint('CP001', 'AVAILABLE');
  assert.equal(
    await refusalOf(network.point('CP001').plug()),
    'NOT_AUTHORISED',
    'a plug that comes too late does not charge',
  );
});

test('F-64: asking again for the own open point gives the same supply; F-63: closing the page changes nothing for it', async () => {
  const supply = await ana.charge('CP001');
  await network.point('CP001').plugWhenAuthorised();
  const page = ana.page();
  page.close();
  const back = await network.logIn('ANA', 'DRV002');
  const requestId = await back.request('CP001');
  await untilAsked('the request is answered', async () => (await back.state()).pendingRequest === undefined);
  const state = await back.state();
  assert.equal(state.openSupply?.supplyId, supply.supplyId);
  assert.notEqual(state.lastRefusal?.requestId, requestId, JSON.stringify(state.lastRefusal));
  assert.equal((await network.point('CP001').engine()).phase, 'CHARGING');
  await network.point('CP001').unplug();
  assert.equal((await back.ticketOf(supply.supplyId)).endReason, 'UNPLUGGED');
});

test('S-DRV-15: after a logout the cookie opens nothing, while the other login of the same person goes on', async () => {
  const other = await network.logIn('ANA', 'DRV002');
  const leaving = await network.logIn('ANA', 'DRV002');
  await leaving.app.post('/api/logout');
  await assert.rejects(leaving.state(), (error) => error instanceof ApiRefused && error.status === 401);
  assert.equal((await other.state()).driverId, 'ANA');
});

test('the books are whole: one ticket an end, every Wh of the points on a ticket, wallets add up, nothing waits', async () => {
  await untilAsked(
    'everything is settled',
    async () => (await brokenBooks(network.database)).length === 0,
    STEP_WITHIN_MS,
  ).catch(async () => assert.deepEqual(await brokenBooks(network.database), []));
  const supplies = await allSupplies(network.database);
  assert.deepEqual(energyDifferences(supplies, await readJournals(network.local.folder)), []);
});

test('GDPR: a driver downloads what is kept of him, without any password, and nobody else does', async () => {
  const told = await ana.app.get<PersonalData & { tickets: TicketView[] }>('/api/me/personal-data');
  assert.deepEqual([told.driverId, told.name], ['ANA', 'Test ANA']);
  assert.equal(told.logins[0]?.address, '127.0.0.1');
  assert.deepEqual(told.tickets.length, (await ana.history()).length);
  assert.doesNotMatch(JSON.stringify(told), /argon2|correct horse/);
  const baseUrl = (await network.local.read()).drivers[0]?.url ?? '';
  assert.equal(await refusalOf(createApiClient({ baseUrl }).get('/api/me/personal-data')), 'NOT_LOGGED_IN');
  const audited = "SELECT 1 FROM audit_log WHERE action = 'DRIVER_EXPORTED' AND parameters->>'driverId' = 'ANA'";
  await untilAsked('it is audited', async () => (await network.database.ask(audited)).length === 1);
});

test("the README's ten-line story, pasted as it stands, ends with one ticket", async () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const story = /```\n(c\(\) \{[\s\S]*?)```/.exec(readme)?.[1];
  assert.ok(story, 'the story is there');
  const { panelUrl, points, drivers } = await network.local.read();
  const [point] = points;
  // What the reader's pauses are for, however long it takes here.
  const told = (command: string, words: string) =>
    `for try in {1..600}; do ${command} | grep -q '${words}' && break; sleep 0.2; done`;
  const waits = [
    told('c -b jar $D/api/me/state', '"state":"PREPARING"'),
    told('c $P/api/supplies', '"energyWh":[1-9]'),
    told('c -b jar $D/api/tickets', '"UNPLUGGED"'),
  ];
  const script = story
    .replace('http://127.0.0.1:5100', drivers[0]?.url ?? '')
    .replace('http://127.0.0.1:5150', point?.engineApiUrl ?? '')
    .replace('http://127.0.0.1:5000', panelUrl)
    .replaceAll(/sleep \d+/g, () => waits.shift() ?? 'false');
  await network.untilPoint('CP001', 'AVAILABLE');
  const folder = mkdtempSync(join(tmpdir(), 'ev-story-'));
  try {
    const { stdout } = await promisify(execFile)('bash', ['-c', script], { cwd: folder });
    const answers = stdout.trim().split('\n');
    const { tickets } = JSON.parse(answers.at(-1) ?? '{}') as { tickets: TicketView[] };
    assert.deepEqual(
      tickets.map(({ cpId, endReason, energyWh }) => [cpId, endReason, energyWh > 0]),
      [['CP001', 'UNPLUGGED', true]],
      stdout,
    );
    assert.match(answers.at(-3) ?? '', /"state":"CHARGING"/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
