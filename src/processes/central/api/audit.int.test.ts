import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type Audit, type AuditRecord, openAudit } from '../../../io/audit/audit.ts';
import { authentication, charge, status } from '../../../io/audit/audit-events.ts';
import { systemClock } from '../../../io/clock.ts';
import { sha256 } from '../../../io/crypto/tokens.ts';
import { createHttpServer, type HttpApp } from '../../../io/http/server.ts';
import { createLog } from '../../../io/log.ts';
import { newRandomId } from '../../../io/new-id.ts';
import { issueApiToken } from '../../../io/postgres/api-tokens.ts';
import { type AuditLogWriter, startAuditLogWriter, tendAuditLog } from '../../../io/postgres/audit-log.ts';
import { type Database, DatabaseUnavailable, openDatabase, type Queries } from '../../../io/postgres/database.ts';
import { migrate } from '../../../io/postgres/migrate.ts';
import { openOperatorSession } from '../../../io/postgres/operator-logins.ts';
import { insertOperator } from '../../../io/postgres/operators.ts';
import type { AuditEvent, AuditPage } from '../../../messages/audit-api.ts';
import { acquireServices, createTestDatabase, type TestDatabase } from '../../../testing/services.ts';
import { until } from '../../../testing/until.ts';
import { createAccess, SESSION_COOKIE } from './access.ts';
import type { ApiParts } from './api-parts.ts';
import { addAuditRoutes } from './audit.ts';

const log = createLog('test', { level: process.env.EV_TEST_LOG ?? 'silent' });
const TOKEN = 'v'.repeat(43);
const SUPPLY_ID = newRandomId();
let release: () => Promise<void>;
let testDatabase: TestDatabase;
let database: Database;
let folder: string;
let audit: Audit;
let writer: AuditLogWriter;
let app: HttpApp;
/** While true the writer's database does not answer; the API's does. */
let isAway = false;
let refused = 0;

before(async () => {
  const services = await acquireServices();
  release = services.release;
  testDatabase = await createTestDatabase(services.adminDatabaseUrl);
  await migrate(testDatabase.url);
  database = openDatabase({ url: testDatabase.url, log, poolSize: 4 });
  folder = await mkdtemp(join(tmpdir(), 'ev-audit-'));
  await insertOperator(database, { operatorId: 'ana', passwordHash: 'none', role: 'viewer' });
  const expiresAt = new Date(Date.now() + 3_600_000);
  await openOperatorSession(database, {
    tokenSha256: sha256(TOKEN),
    operatorId: 'ana',
    address: '127.0.0.1',
    expiresAt,
  });
  await openWriter();
  app = await createHttpServer({ name: 'test', log });
  const parts = { database, clock: systemClock, log, audit, isPanelPublic: true } as unknown as ApiParts;
  addAuditRoutes(app, parts, createAccess(parts));
  recordStory();
  await untilStored('CHARGE_STOP', 1);
});
after(async () => {
  await app.close();
  await audit.stop();
  await writer.stop();
  await database.close();
  await testDatabase.drop();
  await rm(folder, { recursive: true, force: true });
  await release();
});

async function openWriter(maxWaiting?: number): Promise<void> {
  audit = await openAudit({ component: 'central', folder, log, refusalsPerMinute: 1_000 });
  const ask = <T>(work: () => Promise<T>): Promise<T> => {
    if (!isAway) return work();
    refused += 1;
    return Promise.reject(new DatabaseUnavailable('away'));
  };
  const db: Queries = {
    rows: (statement, values) => ask(() => database.rows(statement, values)),
    row: (statement, values) => ask(() => database.row(statement, values)),
    run: (statement, values) => ask(() => database.run(statement, values)),
  };
  writer = startAuditLogWriter({ db, clock: systemClock, log, component: 'central', folder, maxWaiting });
  audit.addSink(writer.sink);
}

function recordStory(): void {
  const ana = { entity: 'operator:ana', address: '::ffff:10.0.0.7', correlationId: newRandomId() };
  const of = { cpId: 'CP001', supplyId: SUPPLY_ID, driverId: 'DRV001' };
  audit.record(authentication.loginAccepted(ana, { user: 'ana', role: 'viewer' }));
  audit.record(
    authentication.loginRefused({ entity: 'operator:eve', address: '10.9.0.1' }, { user: 'eve', code: 'BAD' }),
  );
  audit.record(status.holdSet(ana, { cpId: 'CP002', kind: 'OPERATOR' }));
  audit.record(charge.started({ entity: 'driver:DRV001' }, of));
  const figures = { reason: 'UNPLUGGED', energyWh: 5_000, amountCents: 125, ticketNumber: 7, isEstimated: false };
  audit.record(charge.ended({ entity: 'cp:CP001' }, { ...of, ...figures }));
}

async function untilStored(action: string, count: number): Promise<void> {
  await until(`${count} rows of ${action}`, async () => (await storedCount(action)) === count);
}

async function storedCount(action: string): Promise<number> {
  const row = await database.row<{ n: number }>('SELECT count(*) AS n FROM audit_log WHERE action = $1', [action]);
  return row?.n ?? 0;
}

async function ask(query: string): Promise<AuditPage> {
  const answer = await app.inject({ url: `/api/audit?${query}`, cookies: { [SESSION_COOKIE]: TOKEN } });
  assert.equal(answer.statusCode, 200, answer.body);
  return answer.json();
}

const actionsOf = ({ events }: { events: readonly AuditEvent[] }) => events.map(({ action }) => action);

test('S-AUD-12, R2-28: each event is in the table with time, actor, address, action and parameters, newest first', async () => {
  const page = await ask('');
  assert.deepEqual(actionsOf(page), ['CHARGE_STOP', 'CHARGE_START', 'HOLD_SET', 'LOGIN', 'LOGIN']);
  assert.equal(page.total, 5);
  const { atMs, auditId, correlationId, ...login } = page.events.at(-1)!;
  assert.ok(Math.abs(atMs - Date.now()) < 60_000 && auditId > 0 && correlationId);
  assert.deepEqual(login, {
    component: 'central',
    category: 'AUTH',
    action: 'LOGIN',
    actor: 'operator:ana',
    address: '10.0.0.7',
    isSuccess: true,
    parameters: { user: 'ana', role: 'viewer' },
    description: 'ana logged in',
  });
});

test('S-AUD-12: every filter narrows, a text stands for itself, and an address may be a network', async () => {
  const found = async (query: string) => actionsOf(await ask(query));
  assert.deepEqual(await found('category=STATUS,CHARGE&cpId=CP002'), ['HOLD_SET']);
  assert.deepEqual(await found('driverId=DRV001'), ['CHARGE_STOP', 'CHARGE_START']);
  assert.deepEqual(await found(`supplyId=${SUPPLY_ID}&isSuccess=true`), ['CHARGE_STOP', 'CHARGE_START']);
  assert.deepEqual(await found('actor=eve&isSuccess=false'), ['LOGIN']);
  assert.deepEqual(await found('address=10.0.0.0/16'), ['HOLD_SET', 'LOGIN']);
  assert.deepEqual(await found('text=5000%20Wh'), ['CHARGE_STOP']);
  assert.deepEqual(await found('text=%25'), []);
  assert.deepEqual(await found(`toMs=${Date.now() - 3_600_000}`), []);
  assert.deepEqual(await found('component=registry'), []);
  const bad = await app.inject({ url: '/api/audit?address=10.0.0.0/99', cookies: { [SESSION_COOKIE]: TOKEN } });
  assert.equal(bad.statusCode, 400);
});

test('S-AUD-12: pages follow each other by cursor while new events are written, and the tail gives only those', async () => {
  const first = await ask('limit=2');
  audit.record(charge.denied({ entity: 'driver:DRV001' }, { cpId: 'CP001', driverId: 'DRV001', code: 'POINT_BUSY' }));
  await untilStored('CHARGE_DENIED', 1);
  const second = await ask(`limit=2&cursor=${first.nextCursor}`);
  const third = await ask(`limit=2&cursor=${second.nextCursor}`);
  assert.deepEqual([first, second, third].flatMap(actionsOf), [
    'CHARGE_STOP',
    'CHARGE_START',
    'HOLD_SET',
    'LOGIN',
    'LOGIN',
  ]);
  assert.equal(third.nextCursor, undefined);
  assert.deepEqual(actionsOf(await ask(`afterId=${first.newestId}`)), ['CHARGE_DENIED']);
  assert.deepEqual(actionsOf(await ask(`afterId=${first.newestId}&category=AUTH`)), []);
});

test('D-15: the audit is for logins and for tokens of scope audit:read, for nobody else', async () => {
  const status = async (token?: string, path = '/api/audit') =>
    (await app.inject({ url: path, headers: token ? { authorization: `Bearer ${token}` } : {} })).statusCode;
  const wanted = { validMs: 60_000, by: 'test', nowMs: Date.now() };
  const siem = await issueApiToken(database, { name: 'siem', scopes: ['audit:read'], ...wanted });
  const other = await issueApiToken(database, { name: 'other', scopes: ['points:read'], ...wanted });
  assert.deepEqual(
    [await status(), await status(other), await status(siem), await status(undefined, '/api/audit/export')],
    [401, 403, 200, 401],
  );
});

test('S-AUD-11: an export holds what the filter finds, as CSV or JSONL, and is itself audited', async () => {
  const get = (query: string) =>
    app.inject({ url: `/api/audit/export?${query}`, cookies: { [SESSION_COOKIE]: TOKEN } });
  const csv = await get('category=CHARGE');
  assert.match(String(csv.headers['content-disposition']), /audit\.csv/);
  assert.equal(csv.body.trimEnd().split('\r\n').length, 4);
  const jsonl = await get('category=CHARGE&cpId=CP001&format=jsonl');
  const events = jsonl.body
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.deepEqual(
    events.map(({ action }) => action),
    ['CHARGE_DENIED', 'CHARGE_STOP', 'CHARGE_START'],
  );
  await untilStored('AUDIT_EXPORTED', 2);
});

test('S-AUD-12: nothing is missing after an outage of the database longer than what may wait, and after a kill in it', async () => {
  await audit.stop();
  await writer.stop();
  await openWriter(10);
  isAway = true;
  const point = (number: number) => ({ cpId: `CP${100 + number}`, kind: 'LOCAL' });
  for (let number = 0; number < 50; number++) audit.record(status.holdDropped({ entity: 'central' }, point(number)));
  await until('the writer has met the outage', () => refused > 0);
  isAway = false;
  await untilStored('HOLD_DROPPED', 50);
  isAway = true;
  for (let number = 0; number < 5; number++) audit.record(status.holdDropped({ entity: 'killed' }, point(number)));
  await audit.stop();
  await writer.stop();
  isAway = false;
  assert.equal(await storedCount('HOLD_DROPPED'), 50, 'what waited is gone with the process');
  await openWriter();
  await untilStored('HOLD_DROPPED', 55);
  audit.record(status.holdDropped({ entity: 'after' }, point(1)));
  await untilStored('HOLD_DROPPED', 56);
});

test('a record that the table cannot take keeps none of the others out', async () => {
  const good = charge.corrected(
    { entity: 'central' },
    { cpId: 'CP001', supplyId: SUPPLY_ID, driverId: 'DRV001\0\ud800', energyWh: 1, amountCents: 1, ticketNumber: 8 },
  );
  const sinkOnly = writer.sink as (record: AuditRecord) => void;
  let record: AuditRecord | undefined;
  audit.addSink((made) => {
    record = made;
  });
  audit.record(good);
  assert.ok(record);
  sinkOnly({ ...record, timestamp: '1999-01-01T00:00:00.000Z' });
  sinkOnly({ ...record, description: 'and one more' });
  await untilStored('CHARGE_CORRECTED', 2);
});

test('audit_log keeps months that may still be asked about, drops older ones, and a service can do no more than that (D-16)', async () => {
  await database.run(
    "CREATE TABLE audit_log_202001 PARTITION OF audit_log FOR VALUES FROM ('2020-01-01') TO ('2020-02-01')",
  );
  await database.run(
    `INSERT INTO audit_log (at, component, category, action, source_entity, is_success, description)
     VALUES ('2020-01-05', 'central', 'SYSTEM', 'OLD', 'central', true, 'old')`,
  );
  assert.equal(await tendAuditLog(database), 1);
  assert.equal(await storedCount('OLD'), 0);
  assert.ok((await storedCount('LOGIN')) > 0);
  const ahead = await database.row<{ n: number }>(
    "SELECT count(*) AS n FROM pg_inherits WHERE inhparent = 'audit_log'::regclass",
  );
  assert.equal(ahead?.n, 25);
  const asCentral = (statement: string) =>
    database.transaction(async (tx) => {
      await tx.run('SET LOCAL ROLE ev_central');
      await tx.run(statement);
    });
  await asCentral('SELECT tend_audit_log()');
  for (const statement of ['DELETE FROM audit_log', "UPDATE audit_log SET description = ''", 'TRUNCATE audit_log'])
    await assert.rejects(asCentral(statement), { code: '42501' });
});
