import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type Audit, type AuditRecord, openAudit } from '../../../io/audit/audit.ts';
import { systemClock } from '../../../io/clock.ts';
import { sha256 } from '../../../io/crypto/tokens.ts';
import { createHttpServer, type HttpApp } from '../../../io/http/server.ts';
import { createLog } from '../../../io/log.ts';
import { type Database, openDatabase } from '../../../io/postgres/database.ts';
import { migrate } from '../../../io/postgres/migrate.ts';
import { openOperatorSession } from '../../../io/postgres/operator-logins.ts';
import { insertOperator } from '../../../io/postgres/operators.ts';
import type { OperatorRole } from '../../../messages/central-api.ts';
import type { DriverExport } from '../../../messages/central-history-api.ts';
import { acquireServices, createTestDatabase, type TestDatabase } from '../../../testing/services.ts';
import { createAccess, SESSION_COOKIE } from './access.ts';
import type { ApiParts } from './api-parts.ts';
import { addDriverPrivacyRoutes } from './driver-privacy.ts';

const log = createLog('test', { level: 'silent' });
const audited: AuditRecord[] = [];
let release: () => Promise<void>;
let testDatabase: TestDatabase;
let owner: Database;
let central: Database;
let folder: string;
let audit: Audit;
let app: HttpApp;
let goneCount = 0;

before(async () => {
  const services = await acquireServices();
  release = services.release;
  testDatabase = await createTestDatabase(services.adminDatabaseUrl);
  await migrate(testDatabase.url);
  owner = openDatabase({ url: testDatabase.url, log, poolSize: 1 });
  // One connection, with no more rights than Central has.
  central = openDatabase({ url: testDatabase.url, log, poolSize: 1 });
  await central.run('SET ROLE ev_central');
  folder = await mkdtemp(join(tmpdir(), 'ev-privacy-'));
  audit = await openAudit({ component: 'central', folder, log });
  audit.addSink((record) => audited.push(record));
  for (const role of ['admin', 'operator'] as const) {
    await insertOperator(owner, { operatorId: role, passwordHash: 'none', role });
    const expiresAt = new Date(Date.now() + 3_600_000);
    await openOperatorSession(owner, {
      tokenSha256: sha256(tokenOf(role)),
      operatorId: role,
      address: '10.0.0.1',
      expiresAt,
    });
  }
  await owner.run(
    "INSERT INTO drivers (driver_id, name, email, password_hash) VALUES ('ANA01', 'Ana Pérez', 'ana@example.org', 'hash')",
  );
  await owner.run(
    "INSERT INTO login_sessions (token_sha256, driver_id, address, expires_at) VALUES ('\\x02', 'ANA01', '10.0.0.7', now() + interval '1 hour')",
  );
  for (const user of ['ANA01', 'BLAS01'])
    await owner.run(
      `INSERT INTO audit_log (at, component, category, action, source_entity, source_ip, is_success, description, parameters)
        VALUES (now(), 'central', 'AUTH', 'LOGIN', 'driver:DRV001', '10.0.0.7', true, 'logged in', $1)`,
      [{ user }],
    );
  app = await createHttpServer({ name: 'test', log });
  const onDriverGone = () => {
    goneCount += 1;
  };
  const parts = { database: central, clock: systemClock, log, audit, isPanelPublic: true, onDriverGone };
  addDriverPrivacyRoutes(app, parts as unknown as ApiParts, createAccess(parts as unknown as ApiParts));
});
after(async () => {
  await app.close();
  await audit.stop();
  await central.close();
  await owner.close();
  await testDatabase.drop();
  await rm(folder, { recursive: true, force: true });
  await release();
});

const tokenOf = (role: OperatorRole) => role.padEnd(43, 'x');

function ask(method: 'GET' | 'DELETE', driverId: string, role?: OperatorRole) {
  const headers = role ? { cookie: `${SESSION_COOKIE}=${tokenOf(role)}` } : {};
  return app.inject({ method, url: `/api/drivers/${driverId}/personal-data`, headers });
}

test('GDPR: only an administrator may export or erase, and every try is audited', async () => {
  assert.equal((await ask('GET', 'ANA01')).statusCode, 401);
  assert.equal((await ask('DELETE', 'ANA01', 'operator')).statusCode, 403);
  assert.equal((await ask('GET', 'NOBODY', 'admin')).statusCode, 404);
  assert.deepEqual(
    audited.map(({ action }) => action),
    ['ACCESS_REFUSED', 'ACCESS_REFUSED'],
  );
});

test('GDPR: an export has all that is kept of a person and no hash of the password', async () => {
  const answer = await ask('GET', 'ANA01', 'admin');
  assert.equal(answer.statusCode, 200);
  assert.match(String(answer.headers['content-disposition']), /ANA01\.json/);
  const told = answer.json<DriverExport>();
  assert.equal(told.account.name, 'Ana Pérez');
  assert.equal(told.logins[0]?.address, '10.0.0.7');
  assert.equal(told.audit[0]?.action, 'LOGIN');
  assert.doesNotMatch(answer.body, /hash/);
  assert.equal(audited.at(-1)?.action, 'DRIVER_EXPORTED');
});

test('GDPR: an erasure takes name, e-mail, logins and addresses; the id stays, and nothing of others is touched', async () => {
  assert.equal((await ask('DELETE', 'ANA01', 'admin')).statusCode, 204);
  const driver = await owner.row<object>(
    "SELECT name, email, password_hash, erased_at IS NOT NULL AS erased FROM drivers WHERE driver_id = 'ANA01'",
  );
  assert.deepEqual(driver, { name: null, email: null, password_hash: null, erased: true });
  assert.equal((await owner.rows("SELECT 1 FROM login_sessions WHERE driver_id = 'ANA01'")).length, 0);
  const addresses = await owner.rows<{ user: string; address: string | null }>(
    `SELECT parameters->>'user' AS "user", host(source_ip) AS address FROM audit_log WHERE action = 'LOGIN' ORDER BY 1`,
  );
  assert.deepEqual(addresses, [
    { user: 'ANA01', address: null },
    { user: 'BLAS01', address: '10.0.0.7' },
  ]);
  assert.equal(audited.at(-1)?.action, 'DRIVER_ERASED');
  assert.equal(goneCount, 1);
  const again = await ask('DELETE', 'ANA01', 'admin');
  assert.deepEqual([again.statusCode, again.json<{ code: string }>().code], [409, 'ALREADY_ERASED']);
});

test('D-16: Central can change nothing else of the audit table', async () => {
  await assert.rejects(central.run("UPDATE audit_log SET description = 'never was'"), /permission denied/);
  await central.run("SELECT forget_driver_addresses('BLAS01')");
  const kept = await owner.row<{ address: string }>(
    "SELECT host(source_ip) AS address FROM audit_log WHERE parameters->>'user' = 'BLAS01'",
  );
  assert.equal(kept?.address, '10.0.0.7', 'only of who was erased');
});
