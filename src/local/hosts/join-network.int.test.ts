import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type Audit, openAudit } from '../../io/audit/audit.ts';
import { systemClock } from '../../io/clock.ts';
import { readConfig } from '../../io/config.ts';
import { certificateFacts, covers, isUsableCertificate } from '../../io/crypto/certificate-check.ts';
import { createCertificateRequest } from '../../io/crypto/csr.ts';
import { joinCodeText } from '../../io/crypto/join-code.ts';
import { masterKeyFrom } from '../../io/crypto/master-key-settings.ts';
import { createPasswords } from '../../io/crypto/password.ts';
import { createHttpClient } from '../../io/http/client.ts';
import { createHttpServer, type HttpApp, listen } from '../../io/http/server.ts';
import { createLog } from '../../io/log.ts';
import { issueApiToken, listApiTokens } from '../../io/postgres/api-tokens.ts';
import type { SeenReplica } from '../../io/postgres/central-replicas.ts';
import { type Database, openDatabase } from '../../io/postgres/database.ts';
import { isSealedWith, type NetworkTrust, openTrust } from '../../io/postgres/network-trust.ts';
import type { TokenScope } from '../../messages/central-api.ts';
import { appUrlOf } from '../../processes/admin/admin-database.ts';
import { type AdminConfig, adminSettings, secretFiles } from '../../processes/admin/config.ts';
import { initialiseNetwork } from '../../processes/admin/init.ts';
import { createAccess } from '../../processes/central/api/access.ts';
import type { ApiParts } from '../../processes/central/api/api-parts.ts';
import { addJoinRoutes } from '../../processes/central/api/join.ts';
import { createJoining } from '../../processes/central/api/joining.ts';
import { acquireServices, createTestDatabase, type TestDatabase } from '../../testing/services.ts';
import { type NetworkFiles, networkFiles } from '../network-plan.ts';
import {
  followDatabase,
  hasJoined,
  type Joining,
  joinNetwork,
  networkAddresses,
  renewHostLeaf,
} from './join-network.ts';

const log = createLog('test', { level: 'silent' });
const DAY_MS = 24 * 3_600_000;
const REGISTRY_LOGIN = 'postgres://ev_charging_registry:secret@127.0.0.1:5432/ev_charging';
const REPLICA = { version: '1', startedAtMs: 0, seenAtMs: 0 };
const replicas: SeenReplica[] = [
  {
    ...REPLICA,
    replicaId: 'a',
    apiUrl: 'https://10.0.0.1:8021/#central-1',
    socketAddress: '10.0.0.1:8020',
    isAlive: true,
  },
  {
    ...REPLICA,
    replicaId: 'b',
    apiUrl: 'https://10.0.0.4:8021/#central-2',
    socketAddress: '10.0.0.4:8020',
    isAlive: true,
  },
  { ...REPLICA, replicaId: 'c', apiUrl: 'https://10.0.0.5:8021/#gone', socketAddress: '10.0.0.5:8020', isAlive: false },
  { ...REPLICA, replicaId: 'd', apiUrl: 'https://0.0.0.0:8021/#nowhere', isAlive: true },
];
/** As an administrator sets it; empty: this computer alone may use the database. */
let joinDatabaseAddress = '';
let joinGuests = 'registry@127.0.0.1,central@localhost';
let release: () => Promise<void>;
let testDatabase: TestDatabase;
let folder: string;
let owner: Database;
let database: Database;
let trust: NetworkTrust;
let audit: Audit;
let app: HttpApp;
let apiUrl: string;

before(async () => {
  const services = await acquireServices();
  release = services.release;
  testDatabase = await createTestDatabase(services.adminDatabaseUrl);
  folder = await mkdtemp(join(tmpdir(), 'ev-join-'));
  const admin = await initialised(services.adminDatabaseUrl);
  owner = openDatabase({ url: appUrlOf(admin), log, poolSize: 2 });
  // As Central itself: what its role may not do in the database fails here.
  const url = readFileSync(secretFiles(admin.secretsDir).centralUrl, 'utf8').trim();
  database = openDatabase({ url, log, poolSize: 4 });
  trust = await openTrust(database, masterKeyFrom(admin));
  audit = await openAudit({ component: 'central', folder, log });
  const leaf = await trust.ca.issueLeaf({ subject: 'central', ipAddresses: ['127.0.0.1'] }, Date.now());
  app = await createHttpServer({ name: 'test', log, tls: { cert: leaf.certificatePem, key: leaf.privateKeyPem } });
  const own = { databaseUrl: url, databaseAddress: '', masterKeyFile: admin.masterKeyFile, masterKeyText: '' };
  const asked = { ...own, joinRegistryDatabaseUrl: REGISTRY_LOGIN, joinRegistryUrl: 'https://10.0.0.3:5002' };
  const late = { replicas };
  const joiningParts: ApiParts['joining'] = {
    addresses: () => createJoining({ ...asked, joinDatabaseAddress, joinGuests }, late).addresses(),
    guests: (kind) => createJoining({ ...asked, joinDatabaseAddress, joinGuests }, late).guests(kind),
    heartFor: (kind) => createJoining({ ...asked, joinDatabaseAddress, joinGuests }, late).heartFor(kind),
  };
  const parts = {
    ...{ database, trust, joining: joiningParts, clock: systemClock, log, audit, isPanelPublic: true },
  } as unknown as ApiParts;
  addJoinRoutes(app, parts, createAccess(parts));
  apiUrl = `https://127.0.0.1:${(await listen(app, { host: '127.0.0.1', port: 0, hasTls: true })).port}`;
});
after(async () => {
  await app.close();
  await audit.stop();
  await database.close();
  await owner.close();
  await testDatabase.drop();
  await rm(folder, { recursive: true, force: true });
  await release();
});

async function initialised(adminDatabaseUrl: string): Promise<AdminConfig> {
  const config = readConfig(adminSettings, {
    DATABASE_ADMIN_URL: adminDatabaseUrl,
    EV_DATABASE_NAME: testDatabase.name,
    EV_SECRETS_DIR: join(folder, 'secrets'),
    EV_MASTER_KEY_FILE: join(folder, 'secrets', 'master.key'),
    EV_CA_FILE: join(folder, 'secrets', 'ca.pem'),
    EV_AUDIT_DIR: folder,
  });
  await initialiseNetwork({ config, clock: systemClock, log, passwords: createPasswords(), say: () => {} });
  return config;
}

async function codeFor(scope: TokenScope, validMs = DAY_MS): Promise<string> {
  const wanted = { name: `code-${crypto.randomUUID()}`, scopes: [scope], validMs, by: 'test', nowMs: Date.now() };
  return joinCodeText({ fingerprint: trust.ca.fingerprint, token: await issueApiToken(owner, wanted) });
}

function joining(name: string, further: Partial<Joining> = {}): Joining & { files: NetworkFiles } {
  const files = networkFiles({ varFolder: join(folder, name), projectFolder: folder });
  return { kind: 'points', apiUrl, files, wantedHost: undefined, say: () => {}, ...further };
}

const audited = () =>
  readFileSync(join(folder, 'audit_central.log'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { action: string }).action);

test('S-CON-15 R2-70: a computer with a join code and nothing else gets the authority, a certificate and tokens of its own', async () => {
  const computer = joining('points');
  const code = await codeFor('join:points');
  assert.equal(await joinNetwork(computer, code), '127.0.0.1');
  const { files } = computer;
  const leaf = readFileSync(files.pageLeaf, 'utf8');
  const caPem = readFileSync(files.ca, 'utf8');
  assert.ok(isUsableCertificate({ certificatePem: leaf, privateKeyPem: leaf, caPem }));
  assert.match(certificateFacts(leaf).subject, /^host-points-127\.0\.0\.1-/);
  for (const file of [
    files.kafkaPassword('point'),
    files.pageLeaf,
    files.hostToken,
    files.weatherToken,
    files.pointsEnrolToken,
  ])
    assert.equal((await stat(file)).mode & 0o777, 0o600, file);
  const tokens = new Map((await listApiTokens(owner)).map((one) => [one.name.split('-127')[0], one.scopes]));
  assert.deepEqual(tokens.get('host-points'), ['host:renew', 'points:enrol', 'services:announce']);
  assert.deepEqual(tokens.get('weather'), ['weather:report', 'points:read']);
  assert.ok(hasJoined(files, code) && hasJoined(files, undefined), 'the second start needs no code');
  assert.ok(!hasJoined(files, await codeFor('join:points')), 'another code joins anew');
  assert.ok(audited().includes('HOST_JOINED'));
});

test('a computer of drivers may renew its certificate, and enrol nothing', async () => {
  const computer = joining('drivers', { kind: 'drivers' });
  await joinNetwork(computer, await codeFor('join:drivers'));
  const { files } = computer;
  assert.ok(existsSync(files.kafkaPassword('driver')) && !existsSync(files.kafkaPassword('point')));
  assert.ok(!existsSync(files.pointsEnrolToken) && !existsSync(files.weatherToken));
  const first = readFileSync(files.pageLeaf, 'utf8');
  await renewHostLeaf(computer, Date.now());
  assert.equal(readFileSync(files.pageLeaf, 'utf8'), first, 'a young certificate stays');
  await renewHostLeaf(computer, Date.now() + 61 * DAY_MS);
  const second = readFileSync(files.pageLeaf, 'utf8');
  assert.notEqual(certificateFacts(second).fingerprint, certificateFacts(first).fingerprint);
  assert.ok(
    isUsableCertificate({ certificatePem: second, privateKeyPem: second, caPem: readFileSync(files.ca, 'utf8') }),
  );
  await renewHostLeaf({ ...computer, wantedHost: '127.0.0.1' }, Date.now());
  assert.equal(readFileSync(files.pageLeaf, 'utf8'), second);
  await renewHostLeaf({ ...computer, wantedHost: '127.0.0.9' }, Date.now());
  assert.notEqual(readFileSync(files.pageLeaf, 'utf8'), second, 'this computer has another address now');
});

test('a server with another authority than the code names is told nothing', async () => {
  const token = (await codeFor('join:points')).split('.')[2] ?? '';
  const code = joinCodeText({ fingerprint: 'ab'.repeat(32), token });
  const computer = joining('deceived');
  await assert.rejects(joinNetwork(computer, code), /shows another certificate authority .* nothing was sent to it/);
  assert.ok(!existsSync(computer.files.ca));
});

test('a code that expired, is of another kind or was cut is refused in one sentence that names EV_JOIN', async () => {
  const refusedWith = (code: string, sentence: RegExp) =>
    assert.rejects(joinNetwork(joining('refused'), code), sentence);
  await refusedWith(await codeFor('join:points', -1), /EV_JOIN: .* answers 401 BAD_TOKEN/);
  await refusedWith(await codeFor('points:read'), /EV_JOIN: .* answers 403 SCOPE_MISSING/);
  await refusedWith(await codeFor('join:drivers'), /EV_JOIN: .* answers 403 SCOPE_MISSING: .*of another kind/);
  await refusedWith((await codeFor('join:points')).slice(0, -5), /EV_JOIN is no join code/);
  assert.ok(audited().includes('JOIN_REFUSED'));
});

test('certificates are for the address that asks and for names that lead to it, whatever is asked for', async () => {
  const { csrPem } = await createCertificateRequest('central');
  const token = (await codeFor('join:drivers')).split('.')[2] ?? '';
  const client = createHttpClient({ baseUrl: apiUrl, caPem: trust.ca.certificatePem, token });
  const body = { kind: 'drivers', csr: csrPem, names: ['localhost', 'central.example'] };
  const answer = await client.send('POST', '/api/join', { body });
  const { certificatePem, names } = answer.body as { certificatePem: string; names: string[] };
  assert.deepEqual(names, ['localhost']);
  assert.ok(!covers(certificatePem, ['central.example']));
  const through = await client.send('POST', '/api/join', { body, headers: { 'x-ev-forwarder': token } });
  assert.equal(through.status, 403, "through the panel the address would be the panel's");
});

test('R2-70: a computer of Registry gets its login over TLS and the master key, once, and only where the database has guests', async () => {
  const code = await codeFor('join:registry');
  const computer = joining('registry', { kind: 'registry' });
  joinDatabaseAddress = '';
  await assert.rejects(joinNetwork(computer, code), /DATABASE_NOT_SHARED: .*--registry ADDRESS/);
  joinDatabaseAddress = '10.0.0.1:5432';
  joinGuests = 'registry@10.0.0.3,central@127.0.0.1';
  await assert.rejects(joinNetwork(computer, code), /COMPUTER_NOT_NAMED: it comes from 127\.0\.0\.1, which --registry/);
  assert.ok(!existsSync(computer.files.masterKey));
  joinGuests = 'registry@127.0.0.1,central@localhost';
  await joinNetwork(computer, code);
  const { files } = computer;
  const url = new URL(readFileSync(files.registryDatabaseUrl, 'utf8').trim());
  assert.deepEqual([url.host, url.username, url.password], ['10.0.0.1:5432', 'ev_charging_registry', 'secret']);
  assert.deepEqual(Object.fromEntries(url.searchParams), { sslmode: 'verify-full', sslrootcert: files.ca });
  const masterKey = masterKeyFrom({ masterKeyFile: files.masterKey, masterKeyText: '' });
  assert.ok(await isSealedWith(owner, masterKey));
  assert.ok(!existsSync(files.centralApiToken) && !existsSync(files.kafkaPassword('central')));
  const again = (from: string, to: string) => {
    followDatabase(files, { from, to });
    return new URL(readFileSync(files.registryDatabaseUrl, 'utf8').trim());
  };
  assert.equal(again('10.0.0.9', '10.0.0.2').href, url.href, 'another one has moved');
  assert.equal(again('10.0.0.1', '10.0.0.2').href, url.href.replace('10.0.0.1', '10.0.0.2'));
  assert.equal(again('10.0.0.2', 'fd00::1').host, '[fd00::1]:5432');
  assert.equal((await stat(files.registryDatabaseUrl)).mode & 0o777, 0o600);
  await assert.rejects(joinNetwork(joining('late', { kind: 'registry' }), code), /answers 401 BAD_TOKEN: .*was used/);
});

test("R1-G15: a computer of a further Central gets Central's login, the broker's and a token for its panel", async () => {
  joinDatabaseAddress = 'central.lan:5432';
  const computer = joining('central', { kind: 'central' });
  await joinNetwork(computer, await codeFor('join:central'));
  const { files } = computer;
  const url = new URL(readFileSync(files.centralDatabaseUrl, 'utf8').trim());
  assert.deepEqual([url.host, url.username], ['central.lan:5432', `${testDatabase.name}_central`]);
  assert.ok(existsSync(files.kafkaPassword('central')));
  const panel = (await listApiTokens(owner)).find(({ name }) => name.startsWith('central-web-127'));
  assert.deepEqual(panel?.scopes, ['live:public', 'live:operator', 'services:announce']);
  assert.equal((await stat(files.centralApiToken)).mode & 0o777, 0o600);
});

test('whoever has joined is told where Registry and the living Centrals are', async () => {
  const computer = joining('told');
  await joinNetwork(computer, await codeFor('join:points'));
  assert.deepEqual(await networkAddresses(computer), {
    registryUrl: 'https://10.0.0.3:5002',
    centralApiUrls: ['https://10.0.0.1:8021', 'https://10.0.0.4:8021'],
    centralSockets: ['10.0.0.1:8020', '10.0.0.4:8020'],
  });
  assert.equal(await networkAddresses({ ...computer, apiUrl: 'https://127.0.0.1:1' }), undefined);
});

test('who fails ten times waits', async () => {
  const client = createHttpClient({ baseUrl: apiUrl, caPem: trust.ca.certificatePem, token: 'x'.repeat(43) });
  const statuses: number[] = [];
  for (let tries = 0; tries < 12; tries += 1)
    statuses.push((await client.send('POST', '/api/join', { body: { kind: 'points', csr: 'x', names: [] } })).status);
  assert.equal(statuses.at(-1), 429);
});
