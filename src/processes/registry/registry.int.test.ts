import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type Audit, openAudit } from '../../io/audit/audit.ts';
import { systemClock } from '../../io/clock.ts';
import { readConfig } from '../../io/config.ts';
import { createAuthorityMaterial } from '../../io/crypto/certificate-authority.ts';
import { createCertificateRequest } from '../../io/crypto/csr.ts';
import { masterKeyFrom } from '../../io/crypto/master-key-settings.ts';
import { createPasswords } from '../../io/crypto/password.ts';
import { sha256 } from '../../io/crypto/tokens.ts';
import { announceService } from '../../io/http/announce-service.ts';
import { createHttpClient, type HttpClient } from '../../io/http/client.ts';
import { createLog } from '../../io/log.ts';
import { startAuditLogWriter } from '../../io/postgres/audit-log.ts';
import { type Database, openDatabase } from '../../io/postgres/database.ts';
import { createPointWithToken } from '../../io/postgres/enrolment.ts';
import { openTrust, TrustFault } from '../../io/postgres/network-trust.ts';
import { openOperatorSession } from '../../io/postgres/operator-logins.ts';
import { samplePoint } from '../../testing/monitor-world.ts';
import { acquireServices, createTestDatabase, type TestDatabase } from '../../testing/services.ts';
import { until, untilAsked } from '../../testing/until.ts';
import { appUrlOf } from '../admin/admin-database.ts';
import { type AdminConfig, adminSettings, secretFiles } from '../admin/config.ts';
import { initialiseNetwork } from '../admin/init.ts';
import { startRegistry } from './registry.ts';
import { watchServices } from './watch-services.ts';

const log = createLog('test', { level: 'silent' });
const said: string[] = [];
let release: () => Promise<void>;
let testDatabase: TestDatabase;
let folder: string;
let admin: AdminConfig;
let owner: Database;
let db: Database;
let registry: { port: number; client: HttpClient; stop(): Promise<void> };
let csr: string;

before(async () => {
  const services = await acquireServices();
  release = services.release;
  testDatabase = await createTestDatabase(services.adminDatabaseUrl);
  folder = await mkdtemp(join(tmpdir(), 'ev-registry-'));
  admin = readConfig(adminSettings, {
    DATABASE_ADMIN_URL: services.adminDatabaseUrl,
    EV_DATABASE_NAME: testDatabase.name,
    EV_SECRETS_DIR: join(folder, 'secrets'),
    EV_MASTER_KEY_FILE: join(folder, 'secrets', 'master.key'),
    EV_CA_FILE: join(folder, 'secrets', 'ca.pem'),
    EV_AUDIT_DIR: folder,
  });
  await init();
  owner = openDatabase({ url: appUrlOf(admin), log, poolSize: 2 });
  db = openDatabase({ url: await secretFile('registryUrl'), log, poolSize: 4 });
  registry = await start();
  csr = (await createCertificateRequest('cp:ANY')).csrPem;
});
after(async () => {
  await registry.stop();
  await db.close();
  await owner.close();
  await testDatabase.drop();
  const services = await acquireServices();
  const server = openDatabase({ url: services.adminDatabaseUrl, log, poolSize: 1 });
  for (const service of ['central', 'registry'])
    await server.run(`DROP ROLE IF EXISTS ${testDatabase.name}_${service}`);
  await server.close();
  await rm(folder, { recursive: true, force: true });
  await services.release();
  await release();
});

function init(change: Partial<AdminConfig> = {}): Promise<void> {
  const say = (line: string) => void said.push(line);
  return initialiseNetwork({
    config: { ...admin, ...change },
    clock: systemClock,
    log,
    passwords: createPasswords(),
    say,
  });
}

async function secretFile(name: keyof ReturnType<typeof secretFiles>): Promise<string> {
  return (await readFile(secretFiles(admin.secretsDir)[name], 'utf8')).trim();
}

/** A Registry as its own role, with its own audit; `client` trusts the network's authority only. */
async function start(): Promise<typeof registry> {
  const trust = await openTrust(db, masterKeyFrom(admin));
  const audit = await openAudit({ component: 'registry', folder, log });
  const writer = startAuditLogWriter({ db, clock: systemClock, log, component: 'registry', folder });
  audit.addSink(writer.sink);
  const config = { host: '127.0.0.1', port: 0, publicHosts: '', corsOrigins: '' };
  const { port, stop } = await startRegistry(config, {
    ...{ db, trust, audit, log, clock: systemClock },
    passwords: createPasswords(),
    hasPages: false,
  });
  const at = { baseUrl: `https://127.0.0.1:${port}`, caPem: trust.ca.certificatePem };
  const client = createHttpClient({ ...at, timeoutMs: 30_000 });
  return {
    port,
    client,
    stop: async () => {
      await stop();
      await audit.stop();
      await writer.stop();
    },
  };
}

async function enrol(cpId: string): Promise<string> {
  const created = await owner.transaction((tx) =>
    createPointWithToken(tx, samplePoint(cpId), { by: 'test', nowMs: Date.now() }),
  );
  assert.ok(created.isCreated);
  return created.enrolmentToken;
}

const bodyOf = (answer: { body: unknown }) => answer.body as Record<string, string>;

async function adminToken(): Promise<string> {
  const token = Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64url');
  const expiresAt = new Date(Date.now() + 60_000);
  await openOperatorSession(owner, {
    tokenSha256: sha256(token),
    operatorId: 'admin',
    address: '127.0.0.1',
    expiresAt,
  });
  return token;
}

test('ev admin init twice changes nothing the second time, and everything secret is 0600 in a 0700 folder', async () => {
  const names = ['centralUrl', 'registryUrl', 'pointsEnrolToken', 'panelToken', 'firstAdmin'] as const;
  const before = await Promise.all(names.map(secretFile));
  said.length = 0;
  await init();
  assert.deepEqual(await Promise.all(names.map(secretFile)), before);
  assert.deepEqual(said, []);
  for (const name of names) assert.equal((await stat(secretFiles(admin.secretsDir)[name])).mode & 0o777, 0o600);
  assert.equal((await stat(admin.masterKeyFile)).mode & 0o777, 0o600);
  assert.equal((await stat(admin.secretsDir)).mode & 0o777, 0o700);
  assert.match(before[4] ?? '', /^user admin\npassword [a-z2-9-]{23}$/);
});

test('what was lost of the folder of secrets is made again, the master key apart', async () => {
  const files = secretFiles(admin.secretsDir);
  const token = await secretFile('pointsEnrolToken');
  await rm(files.pointsEnrolToken);
  await rm(files.centralUrl);
  await init();
  assert.notEqual(await secretFile('pointsEnrolToken'), token);
  const central = openDatabase({ url: await secretFile('centralUrl'), log, poolSize: 1 });
  assert.equal(await central.isReachable(), true);
  await central.close();
  await assert.rejects(init({ masterKeyFile: join(folder, 'nowhere.key') }), { code: 'MASTER_KEY_MISMATCH' });
});

test('a wrong master key keeps init and services down, with a sentence that says what to do', async () => {
  const masterKeyText = Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('hex');
  await assert.rejects(init({ masterKeyText }), { code: 'MASTER_KEY_MISMATCH' });
  await assert.rejects(openTrust(db, masterKeyFrom({ ...admin, masterKeyText })), (fault: unknown) => {
    assert.ok(fault instanceof TrustFault && !fault.canRetry);
    assert.match(
      fault.message,
      /master key \(number \d+\) is not the one that sealed this database.*EV_MASTER_KEY_FILE/,
    );
    return true;
  });
});

test("D-16: Registry's role can neither read drivers nor settle supplies nor change the authority", async () => {
  await assert.rejects(db.row('SELECT 1 FROM drivers'), { code: '42501' });
  await assert.rejects(db.run("UPDATE supplies SET state = 'ENDED'"), { code: '42501' });
  await assert.rejects(db.run("UPDATE settings SET value = '{}'"), { code: '42501' });
  await assert.rejects(db.run('DELETE FROM audit_log'), { code: '42501' });
});

test('register over HTTPS as the least privileged role; F-52: a restarted Registry still knows it; then unregister', async () => {
  const token = await enrol('CP001');
  const created = await registry.client.send('POST', '/api/register', { body: { cpId: 'CP001', token, csr } });
  assert.equal(created.status, 201);
  assert.equal(created.headers['cache-control'], 'no-store');
  const { secret } = bodyOf(created);
  await registry.stop();
  registry = await start();
  const again = await registry.client.send('POST', '/api/register', {
    body: { cpId: 'CP001', currentSecret: secret, csr },
  });
  assert.equal(again.status, 201);
  const renewed = bodyOf(again).secret;
  const stale = await registry.client.send('DELETE', '/api/unregister', { body: { cpId: 'CP001', secret } });
  assert.equal(stale.status, 401);
  const gone = await registry.client.send('DELETE', '/api/unregister', { body: { cpId: 'CP001', secret: renewed } });
  assert.equal(gone.status, 204);
  await until('audit_log', async () => {
    const rows = await owner.rows<{ action: string }>("SELECT action FROM audit_log WHERE cp_id = 'CP001' ORDER BY at");
    return ['CP_REGISTER', 'CP_REGISTER', 'CP_UNREGISTER'].every((action, i) => rows[i]?.action === action);
  });
});

test('F-51: neither registration nor removal without proof; refusals are problems with codes', async () => {
  const token = await enrol('CP002');
  await registry.client.send('POST', '/api/register', { body: { cpId: 'CP002', token, csr } });
  const replaced = await registry.client.send('POST', '/api/register', { body: { cpId: 'CP002', csr } });
  assert.equal(replaced.status, 409);
  assert.match(String(replaced.headers['content-type']), /^application\/problem\+json/);
  assert.equal(bodyOf(replaced).code, 'ALREADY_REGISTERED');
  const removed = await registry.client.send('DELETE', '/api/unregister', { body: { cpId: 'CP002' } });
  assert.equal(bodyOf(removed).code, 'BAD_CREDENTIALS');
  const unknown = await registry.client.send('DELETE', '/api/unregister', { body: { cpId: 'CP777', secret: 'x' } });
  assert.equal(bodyOf(unknown).code, 'BAD_CREDENTIALS');
  const invalid = await registry.client.send('POST', '/api/register', { body: { cpId: 'cp 2', csr } });
  assert.equal(bodyOf(invalid).code, 'INVALID_REQUEST');
});

test('an administrator may register a point again, remove it and see all; an enrolment token may not look', async () => {
  const headers = { authorization: `Bearer ${await adminToken()}` };
  const token = await enrol('CP003');
  await registry.client.send('POST', '/api/register', { body: { cpId: 'CP003', token, csr } });
  const again = await registry.client.send('POST', '/api/register', { body: { cpId: 'CP003', csr }, headers });
  assert.equal(again.status, 201);
  const list = await registry.client.send('GET', '/api/charging_points', { headers });
  const points = (list.body as { chargingPoints: { cpId: string; isRegistered: boolean }[] }).chargingPoints;
  assert.equal(points.find((point) => point.cpId === 'CP003')?.isRegistered, true);
  const machine = { authorization: `Bearer ${await secretFile('pointsEnrolToken')}` };
  assert.equal((await registry.client.send('GET', '/api/charging_points', { headers: machine })).status, 403);
  assert.equal((await registry.client.send('GET', '/api/charging_points')).status, 401);
  const gone = await registry.client.send('DELETE', '/api/unregister', { body: { cpId: 'CP003' }, headers });
  assert.equal(gone.status, 204);
  const twice = await registry.client.send('DELETE', '/api/unregister', { body: { cpId: 'CP003' }, headers });
  assert.equal(twice.status, 404);
});

test('F-50: a client that trusts another authority does not talk to Registry', async () => {
  const { certificatePem } = await createAuthorityMaterial('other', Date.now());
  const client = createHttpClient({ baseUrl: `https://127.0.0.1:${registry.port}`, caPem: certificatePem });
  await assert.rejects(client.send('GET', '/healthz'), { code: 'HTTP_UNREACHABLE' });
});

/** A browser's login as `operatorId`: resolves with its cookie. */
async function logIn(operatorId: string, password: string): Promise<{ cookie: string }> {
  const answer = await registry.client.send('POST', '/api/login', { body: { operatorId, password } });
  assert.equal(answer.status, 200);
  const line = String(answer.headers['set-cookie']);
  assert.match(line, /^ev_registry_operator=[\w-]{43};.*HttpOnly; Secure; SameSite=Strict/);
  return { cookie: line.split(';')[0] ?? '' };
}

const POINT = {
  ...{ cpId: 'CP009', zone: 'ALC', city: 'Alicante', country: 'ES', address: 'C/ Mayor 9' },
  ...{ priceE4PerKwh: 2_500, maxPowerW: 50_000 },
};

test('D-15: the page is for administrators: a wrong password, no login and a lower role are told apart', async () => {
  const wrong = await registry.client.send('POST', '/api/login', { body: { operatorId: 'admin', password: 'no' } });
  assert.deepEqual([wrong.status, bodyOf(wrong).code], [401, 'BAD_CREDENTIALS']);
  const anybody = await registry.client.send('POST', '/api/charging_points', { body: POINT });
  assert.deepEqual([anybody.status, bodyOf(anybody).code], [401, 'LOGIN_REQUIRED']);
  await owner.run("INSERT INTO operators (operator_id, password_hash, role) VALUES ('vera', $1, 'viewer')", [
    await createPasswords().hash('a viewer password'),
  ]);
  const headers = await logIn('vera', 'a viewer password');
  const viewer = await registry.client.send('GET', '/api/charging_points', { headers });
  assert.deepEqual([viewer.status, bodyOf(viewer).code], [403, 'ROLE_TOO_LOW']);
  const forged = await registry.client.send('POST', '/api/logout', {
    headers: { ...headers, origin: 'https://x.test' },
  });
  assert.deepEqual([forged.status, bodyOf(forged).code], [403, 'FOREIGN_ORIGIN']);
  assert.equal((await registry.client.send('POST', '/api/logout', { headers })).status, 204);
  assert.equal((await registry.client.send('GET', '/api/me', { headers })).status, 401);
});

test('an administrator creates, edits and renews at the page; an edit of what changed meanwhile is refused', async () => {
  const [, operatorId = '', password = ''] = /user (\S+)\npassword (\S+)/.exec(await secretFile('firstAdmin')) ?? [];
  const headers = await logIn(operatorId, password);
  const created = await registry.client.send('POST', '/api/charging_points', { headers, body: POINT });
  assert.deepEqual([created.status, created.headers['cache-control']], [201, 'no-store']);
  const { cpId: _id, zone: _zone, ...fields } = POINT;
  const path = '/api/charging_points/CP009';
  const edit = { ...fields, priceE4PerKwh: 3_000, city: 'Elche', revision: 1 };
  const edited = await registry.client.send('PATCH', path, { headers, body: edit });
  assert.equal(edited.status, 200);
  assert.deepEqual([bodyOf(edited).city, bodyOf(edited).priceE4PerKwh, bodyOf(edited).revision], ['Elche', 3_000, 2]);
  const late = await registry.client.send('PATCH', path, { headers, body: edit });
  assert.deepEqual([late.status, bodyOf(late).code], [409, 'CHANGED_MEANWHILE']);
  const registered = await registry.client.send('POST', '/api/register', {
    body: { cpId: 'CP009', token: bodyOf(created).enrolmentToken, csr },
  });
  const renewed = await registry.client.send('POST', `${path}/credentials`, { headers });
  assert.equal(renewed.status, 201);
  const old = await registry.client.send('POST', '/api/register', {
    body: { cpId: 'CP009', currentSecret: bodyOf(registered).secret, csr },
  });
  assert.equal(bodyOf(old).code, 'BAD_TOKEN', 'the secret of before counts no more');
  const spent = { cpId: 'CP009', token: bodyOf(renewed).enrolmentToken, csr };
  assert.equal((await registry.client.send('POST', '/api/register', { body: spent })).status, 201);
  const unknown = await registry.client.send('POST', '/api/charging_points/CP777/credentials', { headers });
  assert.deepEqual([unknown.status, bodyOf(unknown).code], [404, 'CP_UNKNOWN']);
});

test('S-REG-12: a service announces itself and is found by its token; a fall is noticed and audited, an orderly stop is none', async (t) => {
  const token = await secretFile('panelToken');
  const { caFile } = admin;
  const registryUrl = `https://127.0.0.1:${registry.port}`;
  const parts = { registryUrl, caFile, token, clock: systemClock, log };
  const announced = announceService(parts, { kind: 'central-web', url: 'http://127.0.0.1:5999', version: '1' });
  t.after(() => announced.stop());
  const found = async () => {
    const answer = await registry.client.send('GET', '/api/services', {
      headers: { authorization: `Bearer ${token}` },
    });
    return (answer.body as { services: { url: string; kind: string; isAlive: boolean }[] }).services;
  };
  const panel = async () => (await found()).find((one) => one.url === 'http://127.0.0.1:5999');
  await untilAsked('the panel is in the directory', async () => (await panel())?.isAlive === true);
  assert.ok((await found()).some((one) => one.kind === 'registry' && one.isAlive));
  // One that falls, which is none that beats on: its next beat would be its return.
  await owner.run(
    `INSERT INTO service_instances (instance_id, kind, url, version, started_at, heartbeat_at)
      VALUES (gen_random_uuid(), 'driver', 'http://127.0.0.1:5998', '1', now(), now())`,
  );
  const actions: string[] = [];
  const audit = { record: ({ action }: { action: string }) => void actions.push(action) } as unknown as Audit;
  const watch = watchServices({ db, clock: systemClock, log, audit }, 3_600_000);
  t.after(() => watch.stop());
  await watch.look();
  await owner.run("UPDATE service_instances SET heartbeat_at = now() - interval '1 minute' WHERE kind = 'driver'");
  await watch.look();
  await watch.look();
  assert.deepEqual(actions, ['SERVICE_LOST']);
  await announced.stop();
  assert.equal(await panel(), undefined);
  assert.equal((await registry.client.send('GET', '/api/services')).status, 401);
  const enrolling = { authorization: `Bearer ${await secretFile('pointsEnrolToken')}` };
  assert.equal((await registry.client.send('GET', '/api/services', { headers: enrolling })).status, 403);
});

test('failed proofs of one point are barred after ten, with Retry-After, and the right token must wait too', async () => {
  const token = await enrol('CP004');
  for (let i = 0; i < 10; i++) {
    await registry.client.send('POST', '/api/register', { body: { cpId: 'CP004', token: 'wrong', csr } });
  }
  const barred = await registry.client.send('POST', '/api/register', { body: { cpId: 'CP004', token, csr } });
  assert.equal(barred.status, 429);
  assert.ok(Number(barred.headers['retry-after']) > 0);
});
