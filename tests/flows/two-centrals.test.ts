import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { PanelModule, PanelOrder, PanelPoint, PanelSupply } from '../../src/messages/live-stream.ts';
import { energyDifferences, readJournals } from '../../src/testing/engine-journals.ts';
import { type LivePage, openLivePage } from '../../src/testing/live-page.ts';
import { allSupplies, brokenBooks } from '../../src/testing/network-database.ts';
import type { DriverPerson } from '../../src/testing/network-driver.ts';
import { type Network, startNetwork } from '../../src/testing/network-processes.ts';
import { type ProcessesBeside, processesBeside } from '../../src/testing/processes-beside.ts';
import { until, untilAsked } from '../../src/testing/until.ts';

const POINTS = 50;
const WITHIN_MS = 120_000;

let network: Network;
let beside: ProcessesBeside;
let ana: DriverPerson;
let supplyOfAna = '';
/** The panel of the first Central, and that of the second. */
let panels: LivePage[] = [];
/** Its key is revoked, and nobody gives it a new one: what Central would tell it waits. */
let revoked = '';

before(async () => {
  network = await startNetwork({ points: 1, drivers: 1, env: { ENGINE_SPEED: '20' } });
  beside = await processesBeside(network.local);
  await beside.startCentral();
  await beside.startPanel();
  panels = [network.picture, openLivePage({ baseUrl: beside.panelUrl, path: '/live?view=public' })];
  const { centralSockets } = await network.local.read();
  await beside.startFleet({ points: POINTS, centralSockets: [centralSockets, beside.centralSockets] });
  await network.untilPoint('CP001', 'AVAILABLE');
  ana = await network.newDriver('ANA');
  await network.logInAsAdmin();
});
after(async () => {
  panels[1]?.close();
  await beside?.stop();
  await network?.stop();
});

const pointsOf = (panel: LivePage) => Object.values(panel.collection<PanelPoint>('panel', 'points'));
const suppliesOf = (panel: LivePage) => Object.values(panel.collection<PanelSupply>('panel', 'supplies'));
const chargingSupplies = (panel: LivePage) => suppliesOf(panel).filter((supply) => supply.state === 'CHARGING');
const chargingIds = (panel: LivePage) =>
  chargingSupplies(panel)
    .map(({ supplyId }) => supplyId)
    .sort();

/** How many points have their Monitor at each Central, by its name. */
async function monitorsByCentral(): Promise<Record<string, number>> {
  const rows = await network.database.ask<{ name: string; n: number }>(
    `SELECT coalesce(split_part(r.api_url, '#', 2), 'nowhere') AS name, count(*) AS n FROM charging_point_facts f
      LEFT JOIN central_replicas r ON r.replica_id = f.monitor_replica_id AND r.heartbeat_at > now() - interval '5 s'
      GROUP BY 1`,
  );
  return Object.fromEntries(rows.map(({ name, n }) => [name, n]));
}

async function pointAt(central: string): Promise<string> {
  const [row] = await network.database.ask<{ cp_id: string }>(
    `SELECT cp_id FROM charging_point_facts f JOIN central_replicas r ON r.replica_id = f.monitor_replica_id
      JOIN supplies s USING (cp_id) WHERE r.api_url LIKE '%#' || $1 AND s.state = 'CHARGING' AND cp_id LIKE 'FL%' LIMIT 1`,
    [central],
  );
  assert.ok(row, `a point charges at ${central}`);
  return row.cp_id;
}

/** Both panels show the same points in the same states, the same supplies, and energy that flows at each. */
async function untilPanelsAgree(): Promise<void> {
  const states = (panel: LivePage) =>
    pointsOf(panel)
      .map(({ cpId, state }) => `${cpId} ${state}`)
      .sort()
      .join();
  const supplyIds = (panel: LivePage) =>
    suppliesOf(panel)
      .map(({ supplyId, state }) => `${supplyId} ${state}`)
      .sort()
      .join();
  const [one, other] = panels as [LivePage, LivePage];
  await until('both are live', () => panels.every((panel) => panel.isLive('panel')), WITHIN_MS);
  await until('the same states', () => states(one) === states(other), WITHIN_MS);
  await until('the same supplies', () => supplyIds(one) === supplyIds(other), WITHIN_MS);
  for (const panel of panels) await untilEachIsReadAnew(panel, energies(panel));
}

/** Every charge that the panel showed then has been read again there. */
async function untilEachIsReadAnew(panel: LivePage, before: Map<string, number>): Promise<void> {
  assert.ok(before.size > 0, 'the panel shows charges');
  const flows = () => [...before].every(([supplyId, energyWh]) => (energies(panel).get(supplyId) ?? 0) > energyWh);
  await until('each reading reaches the panel', flows, WITHIN_MS);
}

function energies(panel: LivePage): Map<string, number> {
  return new Map(
    chargingSupplies(panel).map((one) => [one.supplyId, panel.readingWh('panel', one.readingIndex) ?? one.energyWh]),
  );
}

const doesTheSecondRead = async () => (await beside.metric('ev_kafka_assigned_partitions')) > 0;

async function untilAllCharge(): Promise<void> {
  const counts = () => panels.map((panel) => chargingSupplies(panel).length);
  const all = () => counts().every((count) => count === POINTS + 1);
  await until('all charge, on both panels', all, WITHIN_MS).catch((error: Error) => {
    throw new Error(`${error.message} (${counts().join(' and ')} of ${POINTS + 1})`);
  });
}

test('two Centrals share the points and the channels, and both panels show all of it', async (t) => {
  supplyOfAna = (await ana.charge('CP001')).supplyId;
  await network.point('CP001').plugWhenAuthorised();
  await untilAllCharge();
  await untilPanelsAgree();
  let shares: Record<string, number> = {};
  const areShared = async () => {
    shares = await monitorsByCentral();
    return (shares['central-1'] ?? 0) > 0 && (shares['central-2'] ?? 0) > 0 && shares.nowhere === undefined;
  };
  await untilAsked('each has Monitors, and no Monitor is nowhere', areShared, WITHIN_MS);
  t.diagnostic(`Monitors: ${JSON.stringify(shares)}`);
  await untilAsked('the second one reads', doesTheSecondRead, WITHIN_MS);
  for (const panel of panels) {
    const centrals = () =>
      Object.values(panel.collection<PanelModule>('panel', 'modules'))
        .filter(({ kind }) => kind === 'central')
        .map(({ moduleId, status }) => `${moduleId} ${status}`)
        .sort();
    await until('the panel shows both', () => centrals().join() === 'central-1 UP,central-2 UP', WITHIN_MS);
  }
});

test('two Centrals: orders given at one reach a point whose socket is at the other, and both show what came of them', async () => {
  const stopped = await pointAt('central-2');
  const [order] = await network.order('STOP', [stopped]);
  for (const panel of panels) {
    await until(
      'it ends',
      () => panel.entity<PanelPoint>('panel', 'points', stopped)?.state === 'OUT_OF_SERVICE',
      WITHIN_MS,
    );
  }
  const operator = openLivePage({
    baseUrl: beside.panelUrl,
    path: '/live?view=operator',
    cookie: network.panel.cookie(),
  });
  const shown = () => operator.entity<PanelOrder>('panel', 'orders', `${order?.orderId}:${stopped}`)?.state;
  await until('the other panel shows the order as applied', () => shown() === 'APPLIED', WITHIN_MS);
  operator.close();
  // A revocation's stop goes by the Monitor's socket only (D-12).
  revoked = await pointAt('central-2');
  await network.panel.post(`/api/charging_points/${revoked}/revoke-key`);
  await untilAsked(
    'its charge is closed with a ticket',
    async () =>
      (await allSupplies(network.database)).some(
        (one) => one.cp_id === revoked && one.end_reason === 'KEY_REVOKED' && one.tickets === 1,
      ),
    WITHIN_MS,
  );
  for (const panel of panels) {
    const isShown = () => !chargingSupplies(panel).some(({ cpId }) => cpId === revoked || cpId === stopped);
    await until('the panel shows both ends', isShown, WITHIN_MS);
  }
});

test('F-29: one of two Centrals is killed while all charge: the points go to the other, nothing is interrupted', async (t) => {
  const [first] = panels as [LivePage, LivePage];
  const charging = chargingIds(first);
  assert.equal(charging.length, POINTS - 1, 'all but the point stopped and the one revoked');
  let worst = 0;
  let interrupted = 0;
  const look = setInterval(() => {
    worst = Math.max(worst, pointsOf(first).filter((point) => point.state === 'DISCONNECTED').length);
    interrupted += suppliesOf(first).filter((supply) => supply.state === 'INTERRUPTED').length;
  }, 20);
  t.after(() => clearInterval(look));
  const beganMs = performance.now();
  await beside.killCentral();
  const before = energies(first);
  await untilAsked(
    'all Monitors are at the first',
    async () => (await monitorsByCentral())['central-1'] === POINTS + 1,
    WITHIN_MS,
  );
  const attachedMs = performance.now() - beganMs;
  await untilEachIsReadAnew(first, before);
  const readMs = performance.now() - beganMs;
  const isDown = () => first.entity<PanelModule>('panel', 'modules', 'central-2')?.status === 'DOWN';
  await until('the page says so', isDown, WITHIN_MS);
  t.diagnostic(
    `re-attached after ${Math.round(attachedMs)} ms, all read again after ${Math.round(readMs)} ms, at most ${worst} points shown DISCONNECTED`,
  );
  assert.deepEqual(chargingIds(first), charging);
  assert.equal(interrupted, 0, 'no supply was INTERRUPTED at any moment');
  await untilPanelsAgree();
});

test('the killed Central comes back and takes its share; the other may then be killed', async () => {
  await beside.startCentral();
  await untilAsked('it reads', doesTheSecondRead, WITHIN_MS);
  await untilPanelsAgree();
  // Its points know the second one only from what the first has told them.
  await network.killAndAwait('central');
  await untilAsked('CP001 is at a Central', async () => (await monitorsByCentral()).nowhere === undefined, WITHIN_MS);
  await untilPanelsAgree();
  await network.point('CP001').unplug();
  assert.equal((await ana.ticketOf(supplyOfAna, WITHIN_MS)).endReason, 'UNPLUGGED');
});

test('after all this every Wh is on one ticket', async () => {
  await network.order('STOP');
  const broken = async () =>
    (await brokenBooks(network.database)).filter((line) => !line.includes(`rows to cp:${revoked} `));
  // The last look is told: the fleet may ask for a charge until it has heard of the stop, and a second look would meet that.
  let left: string[] = [];
  const isSettled = async () => {
    left = await broken();
    return left.length === 0;
  };
  await untilAsked('settled', isSettled, WITHIN_MS).catch(() => assert.deepEqual(left, []));
  const supplies = await allSupplies(network.database);
  assert.ok(supplies.filter((one) => one.state === 'ENDED').length > POINTS);
  assert.deepEqual(energyDifferences(supplies, await readJournals(network.local.folder)), []);
});
