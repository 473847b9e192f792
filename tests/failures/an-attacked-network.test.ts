import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import WebSocket from 'ws';
import { createHttpClient } from '../../src/io/http/client.ts';
import type { NetworkFile } from '../../src/local/network-file.ts';
import { refusalOf } from '../../src/testing/api-client.ts';
import { attackKafka } from '../../src/testing/kafka-attacker.ts';
import { brokenBooks } from '../../src/testing/network-database.ts';
import type { DriverPerson } from '../../src/testing/network-driver.ts';
import { type Network, startNetwork } from '../../src/testing/network-processes.ts';
import { formsOf, type Secret, secretsBelow, secretsIn } from '../../src/testing/secret-hunt.ts';
import { until, untilAsked } from '../../src/testing/until.ts';

/** Sent to the stand-in with every question, as to OpenWeather. */
const OPENWEATHER_KEY = 'a key of OpenWeather that nobody may see';
const PASSPHRASE = 'a passphrase of a backup that nobody may see';
let network: Network;
let ana: DriverPerson;
let attacker: ReturnType<typeof attackKafka>;
before(async () => {
  const env = { ENGINE_SPEED: '60', OPENWEATHER_API_KEY: OPENWEATHER_KEY };
  network = await startNetwork({ points: 1, drivers: 1, env });
  await network.untilPoint('CP001', 'AVAILABLE');
  await network.logInAsAdmin();
  ana = await network.newDriver('ANA');
  const { kafkaBrokers, caFile, points } = await network.local.read();
  const zone = points[0]?.zone ?? '';
  attacker = attackKafka({ brokers: kafkaBrokers, zone, caPem: readFileSync(caFile, 'utf8') });
});
after(async () => {
  await attacker?.close();
  await network?.stop();
});

async function chargeOnce(): Promise<string> {
  const { supplyId } = await ana.charge('CP001');
  const point = network.point('CP001');
  await point.plugWhenAuthorised();
  await untilAsked('some energy', async () => ((await point.engine()).supply?.energyWh ?? 0) > 5);
  await point.unplug();
  await ana.ticketOf(supplyId);
  await network.untilPoint('CP001', 'AVAILABLE');
  return supplyId;
}

test('who poses as the driver application DRV001 gets a channel, and nothing that is for its people', async () => {
  const impostor = attacker.posingAs('driver:DRV001');
  try {
    await impostor.up();
    await chargeOnce();
    // Its own answer comes after all that was sent to it before.
    const answers = () => impostor.messages.filter(({ type }) => type === 'login-refused').length;
    await impostor.channel.send('login', { driverId: 'NOBODY', password: 'guessed' }, { ttlMs: 60_000 });
    await until('it is answered', () => answers() === 1);
  } finally {
    await impostor.channel.stop();
  }
  assert.ok(impostor.answers.length > 0, 'its hello was answered');
  assert.deepEqual(
    impostor.messages.filter(({ body }) => JSON.stringify(body).includes('ANA')).map(({ type }) => type),
    [],
  );
});

test('all that was ever sent to Central, sent again as it was, tampered and in the clear, changes nothing (F-10, F-21, F-45, F-56)', async () => {
  const before = await ana.history();
  const records = await attacker.recordedRequests();
  assert.ok(records.length > 10, `${records.length} records`);
  for (const record of records) {
    const tampered = Buffer.from(record.value ?? '');
    tampered[tampered.length >> 1] = (tampered[tampered.length >> 1] ?? 0) ^ 1;
    await attacker.send(record);
    await attacker.send(record, { value: tampered });
    await attacker.send(record, { value: Buffer.from('{"type":"supply-ended","body":{"energyWh":999999}}') });
  }
  const next = await chargeOnce();
  const after = await ana.history();
  assert.equal(after.length, before.length + 1);
  assert.equal(after.filter((ticket) => ticket.supplyId === next).length, 1);
  await untilAsked('the books are in order', async () => (await brokenBooks(network.database)).length === 0);
  const audit = () => readFileSync(join(network.local.folder, 'logs', 'audit_central.log'), 'utf8');
  await untilAsked('it is audited', () => audit().includes('"RECORD_REFUSED"'));
});

test('no password, token, key or cookie is in logs, audit, broker, database, command lines, answers or network.json (F-48)', async () => {
  const { folder } = network.local;
  const secrets = [...(await administer()), ...(await knownSecrets())];
  assert.ok(secrets.length > 40, `${secrets.length} forms of secrets`);
  const logs = join(folder, 'logs');
  // Kafka's other files are indexes of offsets, which are large and hold nothing of a record.
  const records = join(folder, 'kafka', 'data');
  assert.notDeepEqual(secretsBelow(logs, '', formsOf('a driver', 'ANA')), [], 'the hunt finds what is there');
  assert.notDeepEqual(secretsBelow(records, '.log', formsOf('a header', 'driver:DRV001')), [], 'also in records');
  const found = [
    ...secretsBelow(logs, '', secrets),
    ...secretsBelow(records, '.log', secrets),
    // What processes keep for themselves: pictures for a restart, journals. Batches and credentials need their secrets (0600).
    ...secretsBelow(join(folder, 'central-web'), '', secrets),
    ...secretsBelow(join(folder, 'weather-sim'), '', secrets),
    ...secretsBelow(join(folder, 'points'), '.ndjson', secrets),
    ...secretsIn('the backup', readFileSync(join(folder, 'network.evb')), secrets),
  ];
  const tables = await network.database.ask<{ name: string }>(
    `SELECT c.oid::regclass::text AS name FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
      WHERE relkind IN ('r', 'p') AND NOT relispartition AND nspname = 'public'`,
  );
  assert.ok(tables.length > 10, `${tables.length} tables`);
  for (const { name } of tables) {
    const rows = await network.database.ask<{ row: string }>(`SELECT t::text AS row FROM ${name} t`);
    found.push(...secretsIn(`table ${name}`, Buffer.from(rows.map(({ row }) => row).join('\n')), secrets));
  }
  const file = await network.local.read();
  found.push(...secretsIn('network.json', readFileSync(join(folder, 'network.json')), secrets));
  for (const { url, caFile } of httpServers(file)) {
    for (const path of ['/metrics', '/readyz', '/docs/json']) {
      const answer = await createHttpClient({ baseUrl: url, caFile }).send('GET', path);
      found.push(...secretsIn(`${url}${path}`, Buffer.from(JSON.stringify(answer.body ?? '')), secrets));
    }
  }
  for (const { name, pid } of file.processes) {
    // Linux only; elsewhere the command line is not a file.
    const commandLine = process.platform === 'linux' ? readFileSync(`/proc/${pid}/cmdline`) : Buffer.alloc(0);
    found.push(...secretsIn(`command line of ${name}`, commandLine, secrets));
  }
  assert.deepEqual(found, []);
});

test('files with secrets are for their owner only (F-48)', () => {
  const { folder } = network.local;
  const open = (path: string) => (statSync(path).mode & 0o077) !== 0;
  for (const name of ['secrets', 'points', 'run']) assert.equal(open(join(folder, name)), false, `${name}/`);
  const secretFiles = readdirSync(join(folder, 'secrets'))
    .filter((name) => name !== 'ca.pem')
    .map((name) => join(folder, 'secrets', name));
  assert.deepEqual([...secretFiles, join(folder, 'points', 'CP001', 'credential.json')].filter(open), []);
  // Audit and logs may be read by the owner's group, by nobody else.
  const logs = readdirSync(join(folder, 'logs')).map((name) => join(folder, 'logs', name));
  assert.deepEqual(
    logs.filter((path) => !path.endsWith('supervisor.log') && (statSync(path).mode & 0o007) !== 0),
    [],
  );
});

test('D-15: a machine token that is revoked ends at once, and with it the stream that it had open', async () => {
  const { ev } = network.local;
  const { centralApiUrl: baseUrl, caFile } = await network.local.read();
  const made = await ev('admin', 'tokens', 'create', 'guest', '--scopes', 'live:public,supplies:read');
  const token = /now: (\S+)/.exec(made)?.[1] ?? '';
  const client = createHttpClient({ baseUrl, caFile, token });
  assert.equal((await client.send('GET', '/api/supplies')).status, 200);
  const socket = new WebSocket(`${baseUrl.replace('https', 'wss')}/live?view=public`, {
    ...{ ca: readFileSync(caFile, 'utf8'), headers: { authorization: `Bearer ${token}` } },
  });
  await once(socket, 'message');
  const closed = once(socket, 'close');
  const { connects } = network.picture;
  await ev('admin', 'tokens', 'revoke', 'guest');
  const [code] = await closed;
  assert.equal(code, 4401);
  assert.equal((await client.send('GET', '/api/supplies')).status, 401);
  assert.equal(network.picture.connects, connects, 'nobody else lost theirs');
});

function httpServers(file: NetworkFile): { url: string; caFile: string }[] {
  const urls = file.processes.map(({ address }) => address).filter((address) => address.startsWith('http'));
  assert.ok(urls.length > 6, `${urls.length} servers`);
  return urls.map((url) => ({ url, caFile: file.caFile }));
}

/** What an administrator and people who mistype do; the secrets that come of it, in each form. */
async function administer(): Promise<Secret[]> {
  const { folder, ev } = network.local;
  const operator = /password: (\S+)/.exec(await ev('admin', 'operators', 'add', 'eva.lopez', 'operator'))?.[1] ?? '';
  const token =
    /now: (\S+)/.exec(await ev('admin', 'tokens', 'create', 'external', '--scopes', 'points:read'))?.[1] ?? '';
  const joinCode = /ev1\.\S+/.exec(await ev('admin', 'join-code', 'another-computer'))?.[0] ?? '';
  const enrolled = '--zone ALC --city Elche --country ES --price-e4 2500 --power-w 50000 --address Calle'.split(' ');
  const enrolment = /[A-Za-z0-9_-]{43}/.exec(await ev('admin', 'enrol', 'CP090', ...enrolled))?.[0] ?? '';
  await writeFile(join(folder, 'passphrase'), `${PASSPHRASE}\n`, { mode: 0o600 });
  await ev('admin', 'backup', join(folder, 'network.evb'), '--passphrase-file', join(folder, 'passphrase'));
  const mistyped = 'a password that was mistyped by hand';
  assert.equal(
    await refusalOf(network.panel.post('/api/login', { operatorId: 'admin', password: mistyped })),
    'BAD_CREDENTIALS',
  );
  assert.equal(await refusalOf(ana.app.post('/api/login', { driverId: 'ANA', password: mistyped })), 'BAD_CREDENTIALS');
  const badToken = 'x'.repeat(42).padStart(43, 'a');
  const { centralApiUrl: baseUrl, caFile } = await network.local.read();
  const refused = await createHttpClient({ baseUrl, caFile, token: badToken }).send('GET', '/api/charging_points');
  assert.equal(refused.status, 401);
  const { keyId: before } = await network.point('CP001').engine();
  await network.point('CP001').authenticate('NEW_KEY');
  const newKey = async () => ![before, undefined].includes((await network.point('CP001').engine()).keyId);
  await untilAsked('the engine has the new key', newKey);
  await network.untilPoint('CP001', 'AVAILABLE');
  // What was refused is on its way to the logs and tables that are searched.
  const refusals = ['login of admin refused', 'login of ANA refused'];
  const told = async () => {
    const rows = await network.database.ask<{ description: string }>('SELECT description FROM audit_log');
    return refusals.every((words) => rows.some(({ description }) => description.includes(words)));
  };
  await untilAsked('the refusals are audited', told);
  for (const [name, secret] of Object.entries({ operator, token, joinCode, enrolment }))
    assert.ok(secret.length > 20, `${name} was made`);
  return [
    ...formsOf('password of an operator', operator),
    ...formsOf('machine token', token),
    ...formsOf('token of a join code', joinCode.split('.')[2] ?? ''),
    ...formsOf('enrolment token', enrolment),
    ...formsOf('passphrase', PASSPHRASE),
    ...formsOf('mistyped password', mistyped),
    ...formsOf('refused token', badToken),
    ...formsOf('key of OpenWeather', OPENWEATHER_KEY),
  ];
}

/** Every secret of this network that a test can know, in each form in which it might be written. */
async function knownSecrets(): Promise<Secret[]> {
  const { folder } = network.local;
  const ofFiles = readdirSync(join(folder, 'secrets'))
    .filter((name) => name !== 'ca.pem')
    .flatMap((name) => secretsOfText(name, readFileSync(join(folder, 'secrets', name), 'utf8').trim()));
  const credential = JSON.parse(readFileSync(join(folder, 'points', 'CP001', 'credential.json'), 'utf8'));
  const file = await network.local.read();
  const central = createHttpClient({ baseUrl: file.centralApiUrl, caFile: file.caFile });
  const answer = await central.send('POST', '/api/authenticate', {
    body: { cpId: 'CP001', secret: credential.secret },
  });
  const { keyBase64 } = answer.body as { keyBase64: string };
  return [
    ...ofFiles,
    ...formsOf('secret of CP001', credential.secret),
    ...formsOf('key of CP001', Buffer.from(keyBase64, 'base64')),
    ...formsOf('TLS key of CP001', credential.privateKeyPem.split('\n')[1]),
    ...formsOf('password of ANA', 'correct horse battery'),
    ...formsOf('cookie of ANA', ana.app.cookie().replace(/^.*?=/, '')),
    ...formsOf('cookie of the administrator', network.panel.cookie().replace(/^.*?=/, '')),
  ];
}

function secretsOfText(name: string, text: string): Secret[] {
  if (name.endsWith('.url')) return formsOf(name, new URL(text).password);
  const password = /password (\S+)/.exec(text)?.[1];
  return formsOf(name, password ?? text);
}
