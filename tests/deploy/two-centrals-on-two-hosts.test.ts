import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { PanelModule, PanelPoint, PanelSupply } from '../../src/messages/live-stream.ts';
import { createApiClient } from '../../src/testing/api-client.ts';
import { type Computer, type Computers, makeComputers, typed } from '../../src/testing/computers.ts';
import { type DeployedNetwork, deployedNetwork } from '../../src/testing/deployed-network.ts';
import { type DeploymentGuide, readGuide } from '../../src/testing/deployment-guide.ts';
import { energyDifferences, readJournals } from '../../src/testing/engine-journals.ts';
import type { LivePage } from '../../src/testing/live-page.ts';
import { allSupplies, brokenBooks, databaseAt, type NetworkDatabase } from '../../src/testing/network-database.ts';
import type { DriverPerson } from '../../src/testing/network-driver.ts';
import { untilPointIs } from '../../src/testing/panel-points.ts';
import { until, untilAsked } from '../../src/testing/until.ts';

const FLEET = 50;
const WITHIN_MS = 180_000;

let computers: Computers<'first' | 'second' | 'points' | 'third'>;
let first: Computer;
let second: Computer;
let points: Computer;
let third: Computer;
let guide: DeploymentGuide;
let network: DeployedNetwork;
let database: NetworkDatabase;
/** The panel of the first computer, and that of the second. */
let panels: [LivePage, LivePage];
let ana: DriverPerson;
let adminPassword = '';

/** What the first computer keeps for itself. */
const secretOf = async (name: string): Promise<string> =>
  (await readFile(join(first.folder, 'var', 'secrets', name), 'utf8')).trim();

/** The first computer's database as others reach it by the login of Central or of Registry. */
async function databaseUrl(login: 'central' | 'registry'): Promise<URL> {
  const url = new URL(await secretOf(`database-${login}.url`));
  url.hostname = first.address;
  url.search = new URLSearchParams({ sslmode: 'verify-full', sslrootcert: network.caFile }).toString();
  return url;
}

const pointsOf = (panel: LivePage) => Object.values(panel.collection<PanelPoint>('panel', 'points'));
const suppliesOf = (panel: LivePage) => Object.values(panel.collection<PanelSupply>('panel', 'supplies'));
const chargingSupplies = (panel: LivePage) => suppliesOf(panel).filter(({ state }) => state === 'CHARGING');
/** None while the panel shows what was before. */
const chargingIn = (panel: LivePage) => (panel.isLive('panel') ? chargingSupplies(panel).length : 0);

async function monitorsAt(): Promise<Record<string, number>> {
  const rows = await database.ask<{ name: string; n: number }>(
    `SELECT coalesce(split_part(r.api_url, '#', 2), 'nowhere') AS name, count(*) AS n FROM charging_point_facts f
      LEFT JOIN central_replicas r ON r.replica_id = f.monitor_replica_id AND r.heartbeat_at > now() - interval '5 s'
      GROUP BY 1`,
  );
  return Object.fromEntries(rows.map(({ name, n }) => [name, n]));
}

async function areAllAt(central: string): Promise<boolean> {
  const shares = await monitorsAt();
  return Object.keys(shares).length === 1 && (shares[central] ?? 0) > FLEET;
}

function energies(panel: LivePage): Map<string, number> {
  return new Map(
    chargingSupplies(panel).map((one) => [one.supplyId, panel.readingWh('panel', one.readingIndex) ?? one.energyWh]),
  );
}

/** Every charge that the panel shows now is read again there: fifty and Ana's. */
async function untilEachIsReadAnew(panel: LivePage): Promise<void> {
  const before = energies(panel);
  assert.equal(before.size, FLEET + 1);
  const flows = () => [...before].every(([supplyId, energyWh]) => (energies(panel).get(supplyId) ?? 0) > energyWh);
  await until('every charge is read', flows, WITHIN_MS);
}

const statusOf = (panel: LivePage, central: string) => panel.entity<PanelModule>('panel', 'modules', central)?.status;

const untilAvailable = (panel: LivePage) =>
  untilPointIs(panel, { cpId: 'CP001', state: 'AVAILABLE', withinMs: WITHIN_MS });

/** An order to all points, as the administrator at that computer's panel. */
async function orderAll(computer: Computer, kind: 'STOP' | 'RESUME'): Promise<void> {
  const panel = createApiClient({ baseUrl: network.panelUrl(computer), caFile: network.caFile });
  await panel.post('/api/login', { operatorId: 'admin', password: adminPassword });
  await panel.post('/api/orders', { orderId: crypto.randomUUID(), kind, isForAll: true });
}

/** Many more points on the computer of points, with what its join has brought. */
async function startFleet(): Promise<void> {
  const enrolled = await typed(first, `./ev admin enrol --uses ${FLEET}`);
  const secrets = join(points.folder, 'var', 'EV_CP', 'secrets');
  await points.type(`setsid nohup ./ev fleet --cps ${FLEET} > var/fleet.log 2>&1 < /dev/null &`, {
    ...{ KAFKA_BROKERS: `${first.address}:9092`, KAFKA_USERNAME: 'point' },
    ...{ KAFKA_PASSWORD_FILE: join(secrets, 'kafka-point.password'), EV_CA_FILE: join(secrets, 'ca.pem') },
    ...{
      CENTRAL_SOCKETS: `${first.address}:8020,${second.address}:8020`,
      REGISTRY_URL: `https://${third.address}:5002`,
    },
    ...{ EV_ENROLMENT_TOKEN: enrolled.trim().split(' ').at(-1), EV_DATA_DIR: 'var/EV_CP/points/fleet' },
    ...{ FLEET_CHARGING: String(FLEET), ENGINE_BATTERY_WH: '1000000', ENGINE_SPEED: '20' },
  });
}

before(async () => {
  computers = await makeComputers({ first: 10, second: 13, points: 11, third: 12 });
  ({ first, second, points, third } = computers.named);
  network = deployedNetwork({ central: first, points, drivers: third });
  guide = await readGuide(
    computers.prefix,
    'Registry on the third computer',
    'A second Central on another computer',
    'Three computers',
  );
});
after(async () => {
  for (const panel of panels ?? []) panel.close();
  ana?.live.close();
  await computers?.close();
});

test('R1-29 R2-70 R1-G15: by the words of the guide Registry runs on the third computer and a second Central on a fourth, over TLS to one database', async () => {
  const further = `--second ${second.address} --second ${computers.prefix}.254`;
  assert.ok(guide.says(/--second/).includes(`--second ${second.address}`));
  const printed = await typed(first, `${guide.says(/--registry/)} ${further}`);
  adminPassword = /user admin\s+password (\S+)/.exec(printed)?.[1] ?? '';
  await typed(third, guide.says(/EV_Registry\/start\.sh \d/, printed));
  // Before there is any point: start order does not matter.
  const drivers = await typed(third, guide.says(/EV_Driver\/start\.sh \d/, printed));
  assert.doesNotMatch(drivers, /not ready yet/);
  await Promise.all([
    typed(second, guide.says(new RegExp(`${second.address} --beside`), printed)),
    typed(points, guide.says(/EV_CP\/start\.sh \d/, printed)),
  ]);
  database = databaseAt(() => databaseUrl('central'));
  panels = [network.openPanel(first), network.openPanel(second)];
  for (const panel of panels) await untilAvailable(panel);
  assert.equal(await first.listening('sport = :5002'), '', 'no Registry on the first computer');
});

test('D-16: the database takes no guest without TLS, none by another login, and a code of its kind is good for one computer', async () => {
  const plain = await databaseUrl('central');
  plain.search = '';
  await assert.rejects(databaseAt(async () => plain).ask('SELECT 1'), /no encryption/);
  await assert.rejects(databaseAt(() => databaseUrl('registry')).ask('SELECT 1'), /no pg_hba\.conf entry/);
  const code = await secretOf('join-registry.code');
  const again = await points.type(`EV_JOIN=${code} ./EV_Registry/start.sh ${first.address}`);
  assert.equal(again.exitCode, 2);
  assert.match(again.printed, /EV_JOIN: .* answers 401 .*was used or is of another kind/);
});

test('R1-G15: fifty supplies run over two Centrals on two computers, each panel shows all of them', async (t) => {
  await network.registerAna();
  ana = await network.logInAsAna();
  await startFleet();
  await ana.charge('CP001');
  await network.point().plugWhenAuthorised();
  const all = () => panels.every((panel) => chargingIn(panel) === FLEET + 1);
  await until('all charge, on both panels', all, WITHIN_MS).catch((error: Error) => {
    throw new Error(`${error.message} (${panels.map(chargingIn).join(' and ')} of ${FLEET + 1})`);
  });
  for (const panel of panels) await untilEachIsReadAnew(panel);
  let shares: Record<string, number> = {};
  const areShared = async () => {
    shares = await monitorsAt();
    return (shares['central-1'] ?? 0) > 0 && (shares[`central-${second.address}`] ?? 0) > 0;
  };
  await untilAsked('each Central has Monitors', areShared, WITHIN_MS);
  t.diagnostic(`Monitors: ${JSON.stringify(shares)}`);
});

test('F-29 R1-G15: the second computer loses its power: its points go to the first, no charge is interrupted, and the page says which Central is gone', async (t) => {
  const [panel] = panels;
  const charging = [...energies(panel).keys()].sort();
  let worst = 0;
  let interrupted = 0;
  const look = setInterval(() => {
    worst = Math.max(worst, pointsOf(panel).filter(({ state }) => state === 'DISCONNECTED').length);
    interrupted += suppliesOf(panel).filter(({ state }) => state === 'INTERRUPTED').length;
  }, 20);
  t.after(() => clearInterval(look));
  const beganMs = performance.now();
  await second.cut();
  await second.kill();
  const areAtTheFirst = () => areAllAt('central-1');
  await untilAsked('all Monitors are at the first', areAtTheFirst, WITHIN_MS);
  const attachedMs = performance.now() - beganMs;
  await untilEachIsReadAnew(panel);
  const readMs = performance.now() - beganMs;
  await until('the page says so', () => statusOf(panel, `central-${second.address}`) === 'DOWN', WITHIN_MS);
  t.diagnostic(
    `attached to the first after ${Math.round(attachedMs)} ms, all read again after ${Math.round(readMs)} ms, at most ${worst} points shown DISCONNECTED`,
  );
  assert.equal(interrupted, 0, 'no supply was INTERRUPTED at any moment');
  assert.deepEqual([...energies(panel).keys()].sort(), charging);
});

test('the second computer comes back without a code and its panel shows everything again', async () => {
  await second.restore();
  await typed(second, guide.says(/^\.\/EV_Central\/start\.sh$/));
  await until('its panel shows all charges', () => chargingIn(panels[1]) === FLEET + 1, WITHIN_MS);
  for (const panel of panels)
    await until('both are up', () => statusOf(panel, `central-${second.address}`) === 'UP', WITHIN_MS);
});

test('the first Central alone is cut off from its points: they go to the second', async (t) => {
  t.after(() => first.unwall());
  await first.wall(8_020);
  const areAtTheSecond = () => areAllAt(`central-${second.address}`);
  await untilAsked('all Monitors are at the second', areAtTheSecond, WITHIN_MS).catch(async (error: Error) => {
    const left = await database.ask(
      `SELECT f.cp_id, f.monitor_epoch, f.monitor_since, f.monitor_lost_at, r.api_url FROM charging_point_facts f
        LEFT JOIN central_replicas r ON r.replica_id = f.monitor_replica_id WHERE r.api_url NOT LIKE $1 OR r.api_url IS NULL`,
      [`%#central-${second.address}`],
    );
    throw new Error(`${error.message} (${JSON.stringify(await monitorsAt())}; elsewhere: ${JSON.stringify(left)})`);
  });
  for (const panel of panels) await untilEachIsReadAnew(panel);
});

test('after all this every Wh is on one ticket', async () => {
  await orderAll(second, 'STOP');
  // The last look is told: the fleet may ask for a charge until it has heard of the stop, and a second look would meet that.
  let broken: string[] = [];
  const isSettled = async () => {
    broken = await brokenBooks(database);
    return broken.length === 0;
  };
  await untilAsked('settled', isSettled, WITHIN_MS).catch(() => assert.deepEqual(broken, []));
  const supplies = await allSupplies(database);
  assert.ok(supplies.filter(({ state }) => state === 'ENDED').length > FLEET);
  assert.deepEqual(energyDifferences(supplies, await readJournals(join(points.folder, 'var', 'EV_CP'))), []);
});

test('--alone while it runs: Registry and the database are the first computer’s again, and its points stay', async () => {
  await typed(third, './EV_Registry/stop.sh');
  await typed(second, './EV_Central/stop.sh');
  await typed(first, './EV_Central/start.sh --alone');
  const listens = await first.listening();
  assert.match(listens, new RegExp(`${first.address}:5002 `));
  assert.doesNotMatch(listens, new RegExp(`(${first.address}|0\\.0\\.0\\.0|\\*):5432 `));
  await orderAll(first, 'RESUME');
  await untilAvailable(panels[0]);
});
