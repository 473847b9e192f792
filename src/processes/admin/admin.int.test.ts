import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { systemClock } from '../../io/clock.ts';
import { readConfig } from '../../io/config.ts';
import { loadMasterKey } from '../../io/crypto/master-key.ts';
import { createPasswords } from '../../io/crypto/password.ts';
import { createLog } from '../../io/log.ts';
import { insertCredential, sealedSecretOf } from '../../io/postgres/credentials.ts';
import { type Database, openDatabase } from '../../io/postgres/database.ts';
import { insertPendingKey, keysOfPoint } from '../../io/postgres/encryption-keys.ts';
import { rotateMasterKey } from '../../io/postgres/master-key-rotation.ts';
import { isSealedWith, openTrust } from '../../io/postgres/network-trust.ts';
import { runningServices, signInService } from '../../io/postgres/service-instances.ts';
import { issueTicket } from '../../io/postgres/tickets.ts';
import { type AcquiredServices, acquireServices, uniquePrefix } from '../../testing/services.ts';
import { untilAsked } from '../../testing/until.ts';
import { appUrlOf } from './admin-database.ts';
import type { AdminParts } from './admin-parts.ts';
import { COMMANDS } from './catalogue.ts';
import { adminSettings } from './config.ts';

const SECRET = 'a secret of a point that nobody else has';
const log = createLog('test', { level: 'silent' });
const said: string[] = [];
let services: AcquiredServices;
let folder = '';
let parts: AdminParts;
let db: Database;

const ev = async (...typed: string[]): Promise<string> => {
  const [name = '', ...args] = typed;
  said.length = 0;
  await COMMANDS[name]?.run(parts, args);
  return said.join('\n');
};
const masterKey = () => loadMasterKey({ path: parts.config.masterKeyFile });
const supplyId = '01900000-0000-7000-8000-000000000001';

before(async () => {
  services = await acquireServices();
  folder = await mkdtemp(join(tmpdir(), 'ev-admin-'));
  const config = readConfig(adminSettings, {
    DATABASE_ADMIN_URL: services.adminDatabaseUrl,
    EV_DATABASE_NAME: `ev_${uniquePrefix()}`,
    EV_SECRETS_DIR: join(folder, 'secrets'),
    EV_MASTER_KEY_FILE: join(folder, 'secrets', 'master.key'),
    EV_CA_FILE: join(folder, 'secrets', 'ca.pem'),
    EV_AUDIT_DIR: folder,
  });
  parts = { config, clock: systemClock, log, passwords: createPasswords(), say: (line) => said.push(line) };
  await ev('init');
  db = openDatabase({ url: appUrlOf(config), log, poolSize: 3 });
  await fill();
});

after(async () => {
  await db.close();
  const server = openDatabase({ url: services.adminDatabaseUrl, log, poolSize: 1 });
  const { databaseName } = parts.config;
  const made = await server.rows<{ datname: string }>('SELECT datname FROM pg_database WHERE datname LIKE $1', [
    `${databaseName.slice(0, 17)}%`,
  ]);
  for (const { datname } of made) await server.run(`DROP DATABASE ${datname} WITH (FORCE)`);
  for (const service of ['central', 'registry']) await server.run(`DROP ROLE IF EXISTS ${databaseName}_${service}`);
  await server.close();
  await services.release();
  await rm(folder, { recursive: true, force: true });
});

/** A point with secret and key, a driver with a ticket. */
async function fill(): Promise<void> {
  const about = '--zone ALC --city Alicante --country ES --price-e4 2500 --power-w 50000'.split(' ');
  await ev('enrol', 'CP001', ...about, '--address', 'Calle Mayor 1');
  const { sealed } = await openTrust(db, masterKey());
  await db.transaction(async (tx) => {
    await insertCredential(tx, { cpId: 'CP001', secret: SECRET, sealed, by: 'test', tokenSha256: undefined });
    await insertPendingKey(tx, 'CP001', sealed);
    await tx.run(
      "INSERT INTO drivers (driver_id, name, email, password_hash) VALUES ('ANA01', 'Ana Pérez', 'ana@example.org', 'none')",
    );
    await tx.run(
      `INSERT INTO supplies (supply_id, request_id, client_id, cp_id, driver_id, origin, state, price_e4_per_kwh, requested_at,
         plugged_at, ended_at, closed_at, end_reason, energy_wh, amount_cents)
       VALUES ($1, $1, 'driver:DRV001', 'CP001', 'ANA01', 'APP', 'ENDED', 2500, now(), now(), now(), now(), 'UNPLUGGED', 1234, 31)`,
      [supplyId],
    );
    const draft = {
      supplyId,
      driverId: 'ANA01',
      energyWh: 1234,
      priceE4PerKwh: 2500,
      amountCents: 31,
      endReason: 'UNPLUGGED',
    } as const;
    await issueTicket(
      tx,
      { ...draft, isEstimated: false, isCorrective: false, walletChangeCents: -31 },
      { curve: [[0, 0, 0]], issuedAtMs: Date.now() },
    );
  });
}

const refusal = (code: string, told: RegExp) => (error: unknown) => {
  assert.ok(error instanceof Error && 'code' in error);
  assert.equal(error.code, code);
  assert.match(error.message, told);
  return true;
};

test('D-15: operators come, change, go; a refused value is named; the last administrator cannot be taken away', async () => {
  const password = /password: (\S+)/.exec(await ev('operators', 'add', 'eva.lopez', 'viewer'))?.[1] ?? '';
  assert.match(password, /^[a-z2-9]{5}(-[a-z2-9]{5}){3}$/);
  await assert.rejects(ev('operators', 'add', 'eva.lopez'), refusal('COMMAND_REFUSED', /'eva.lopez' already/));
  await assert.rejects(ev('operators', 'role', 'eva.lopez', 'chief'), refusal('BAD_ARGUMENT', /'chief'.*viewer/));
  await assert.rejects(ev('operators', 'disable', 'admin'), refusal('COMMAND_REFUSED', /only administrator/));
  await ev('operators', 'role', 'eva.lopez', 'admin');
  await db.run(
    "INSERT INTO login_sessions (token_sha256, operator_id, expires_at) VALUES ('\\x01', 'admin', now() + interval '1 hour')",
  );
  await ev('operators', 'disable', 'admin');
  assert.match(await ev('operators', 'list'), /admin +admin +disabled +0\neva\.lopez +admin +active +0/);
  await ev('operators', 'enable', 'admin');
  const audited = await db.rows("SELECT 1 FROM audit_log WHERE action = 'OPERATOR_DISABLED' AND component = 'admin'");
  assert.equal(audited.length, 1);
});

test('tokens: the text is shown once, scopes are a closed list, a revoked one is gone', async () => {
  await assert.rejects(ev('tokens', 'create', 'web', '--scopes', 'all'), refusal('BAD_ARGUMENT', /'all'.*points:read/));
  const token = /now: (\S+)$/.exec(await ev('tokens', 'create', 'web', '--scopes', 'points:read'))?.[1] ?? '';
  assert.equal(token.length, 43);
  assert.doesNotMatch(await ev('tokens', 'list'), new RegExp(token));
  await assert.rejects(ev('tokens', 'create', 'web', '--scopes', 'points:read'), refusal('COMMAND_REFUSED', /'web'/));
  await ev('tokens', 'revoke', 'web');
  assert.match(await ev('tokens', 'list'), /web +revoked/);
  assert.match(await ev('join-code', 'pc2'), /ev1\.[0-9a-f:]{64,}\.[A-Za-z0-9_-]{43}$/i);
});

test('D-14: the sealed secret of a point opens for an administrator, and the look is audited', async () => {
  assert.equal(await ev('show-secret', 'CP001'), `secret of CP001: ${SECRET}`);
  assert.equal((await db.rows("SELECT 1 FROM audit_log WHERE action = 'SECRET_REVEALED'")).length, 1);
  await assert.rejects(ev('show-secret', 'CP9'), refusal('COMMAND_REFUSED', /CP9/));
  await assert.rejects(ev('revoke-key', 'CP001'), refusal('COMMAND_REFUSED', /no Central runs/));
});

test('a new master key seals everything anew; a rotation that was killed in the middle is finished by the next start', async () => {
  const first = masterKey();
  const registry = signInService(
    { db, clock: systemClock, log },
    { instanceId: crypto.randomUUID(), kind: 'registry', url: 'https://here:1', version: '1' },
  );
  await untilAsked('Registry is in the directory', async () => (await runningServices(db)).length > 0);
  await assert.rejects(ev('rotate-master-key'), refusal('COMMAND_REFUSED', /ev stop registry/));
  await registry.stop();
  await db.run("UPDATE service_instances SET heartbeat_at = now() - interval '1 hour'");
  await ev('rotate-master-key');
  const second = masterKey();
  assert.notEqual(second.checkValue, first.checkValue);
  await assert.rejects(openTrust(db, first), refusal('MASTER_KEY_MISMATCH', /not the one/));
  await assertOpens();

  // Killed between the transaction and the rename.
  await writeFile(`${parts.config.masterKeyFile}.next`, `${'0123456789abcdef'.repeat(4)}\n`, { mode: 0o600 });
  const third = loadMasterKey({ path: `${parts.config.masterKeyFile}.next` });
  await rotateMasterKey(db, { from: second, to: third, by: 'test' });
  assert.match(await ev('init'), /rotation of the master key is finished/);
  assert.ok(await isSealedWith(db, masterKey()));
  await assertOpens();
});

async function assertOpens(): Promise<void> {
  const { sealed } = await openTrust(db, masterKey());
  assert.equal(await sealedSecretOf(db, 'CP001', sealed), SECRET);
  assert.equal((await keysOfPoint(db, 'CP001', sealed)).length, 1);
}

/** Every row of every table as text, in an order of its own. */
async function contents(): Promise<Record<string, string[]>> {
  const tables = await db.rows<{ name: string }>(
    "SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition ORDER BY 1",
  );
  const all: Record<string, string[]> = {};
  for (const { name } of tables)
    all[name] = (await db.rows<{ row: string }>(`SELECT t::text AS row FROM ${name} t ORDER BY 1`)).map(
      (one) => one.row,
    );
  return all;
}

test('restore drill (S-DB-15): an archive brings back every row, the authority and the master key on an empty computer', async () => {
  const passphraseFile = join(folder, 'passphrase');
  const archive = join(folder, 'network.evb');
  await writeFile(passphraseFile, 'correct horse battery staple\n', { mode: 0o600 });
  await db.run(
    "INSERT INTO audit_log (at, component, category, action, source_entity, is_success, description, parameters) VALUES (now(), 'c', 'SYSTEM', 'START', 's', true, 'ñ \"q\" \\ \n €', '{\"big\": 9007199254740993.123456789}')",
  );
  await ev('backup', archive, '--passphrase-file', passphraseFile);
  assert.equal((await stat(archive)).mode & 0o077, 0);
  const bytes = await readFile(archive);
  assert.ok(!bytes.includes('Ana') && !bytes.includes(SECRET));
  const before = await contents();
  const caBefore = await readFile(parts.config.caFile, 'utf8');

  const restoring = ['restore', archive, '--passphrase-file', passphraseFile];
  await assert.rejects(ev(...restoring), refusal('COMMAND_REFUSED', /--replace/));
  const wrong = join(folder, 'wrong');
  await writeFile(wrong, 'incorrect horse battery\n', { mode: 0o600 });
  const unreadable = (from: string, phrase = passphraseFile) =>
    assert.rejects(
      ev('restore', from, '--passphrase-file', phrase, '--replace'),
      refusal('ARCHIVE_UNREADABLE', /passphrase|cut off|changed/),
    );
  await unreadable(archive, wrong);
  await writeFile(join(folder, 'short.evb'), bytes.subarray(0, bytes.length - 40));
  await unreadable(join(folder, 'short.evb'));

  // Another computer: nothing is there but the archive and its passphrase.
  await db.run("UPDATE drivers SET name = 'changed after the backup'");
  await db.close();
  await rm(join(folder, 'secrets'), { recursive: true, force: true });
  await mkdir(join(folder, 'secrets'), { mode: 0o700 });
  assert.match(await ev(...restoring, '--replace'), /rows of the backup/);
  db = openDatabase({ url: appUrlOf(parts.config), log, poolSize: 3 });
  const restored = await contents();
  // Versions are raised, so that nobody takes what comes for older than what was told before.
  const versions = await db.rows<{ version: number }>('SELECT version FROM charging_point_facts');
  assert.ok(versions.every(({ version }) => version >= 1_000_000) && versions.length > 0);
  await db.run('UPDATE charging_point_facts SET version = version - 1000000');
  restored.charging_point_facts = (await contents()).charging_point_facts ?? [];
  for (const table of ['api_tokens', 'login_sessions', 'audit_log', 'schema_migrations']) {
    delete before[table];
    delete restored[table];
  }
  assert.deepEqual(restored, before);
  const kept = await db.row<{ big: string; text: string }>(
    "SELECT parameters->>'big' AS big, description AS text FROM audit_log WHERE component = 'c'",
  );
  assert.deepEqual(kept, { big: '9007199254740993.123456789', text: 'ñ "q" \\ \n €' });
  assert.equal(await readFile(parts.config.caFile, 'utf8'), caBefore);
  await assertOpens();
  const ticket = await db.row<{ next: number }>("SELECT nextval('tickets_ticket_number_seq') AS next");
  assert.equal(ticket?.next, 2);
});

test('GDPR: an export holds all of a driver, an erasure leaves the id and its tickets and nothing personal', async () => {
  const file = join(folder, 'ana.json');
  await ev('driver', 'export', 'ANA01', file);
  const told = JSON.parse(await readFile(file, 'utf8'));
  assert.equal(told.account.name, 'Ana Pérez');
  assert.equal(told.tickets[0].energyWh, 1234);
  assert.equal(told.wallet[0].amountCents, -31);
  await assert.rejects(ev('driver', 'erase', 'ANA01'), refusal('BAD_ARGUMENT', /--yes/));
  await db.run("UPDATE supplies SET state = 'INTERRUPTED', end_reason = NULL, closed_at = NULL WHERE supply_id = $1", [
    supplyId,
  ]);
  await assert.rejects(ev('driver', 'erase', 'ANA01', '--yes'), refusal('COMMAND_REFUSED', /open supply/));
  await db.run(
    "UPDATE supplies SET state = 'ENDED', end_reason = 'UNPLUGGED', closed_at = now() WHERE supply_id = $1",
    [supplyId],
  );
  await db.run(
    "INSERT INTO audit_log (at, component, category, action, source_entity, source_ip, is_success, description, parameters) VALUES (now(), 'central', 'AUTH', 'LOGIN', 'driver:DRV001', '10.0.0.7', true, 'ANA01 logged in', '{\"user\": \"ANA01\"}')",
  );
  await ev('driver', 'erase', 'ANA01', '--yes');
  const left = Object.values(await contents())
    .flat()
    .join('\n');
  assert.doesNotMatch(left, /Pérez|ana@example|10\.0\.0\.7/);
  assert.equal(
    (await db.rows("SELECT 1 FROM tickets JOIN supplies USING (supply_id) WHERE driver_id = 'ANA01'")).length,
    1,
  );
  await assert.rejects(ev('driver', 'erase', 'ANA01', '--yes'), refusal('COMMAND_REFUSED', /before/));
});

test('S-DB-14: an import is all or nothing, tells each refusal with line and path, and a second one changes nothing', async () => {
  const file = join(folder, 'bd.json');
  const bd = (email: string) => `{
  "charging_points": {
    "CP101": {"ubicacion": "Plaza 1", "precio": 0.35, "potencia": 22, "city": "Murcia", "country": "ES", "estado": "ACTIVADO"},
    "cp102": {"ubicacion": "Plaza 2", "precio": 0.35, "potencia": 22, "city": "Murcia", "country": "ES"}
  },
  "drivers": {
    "LUIS": {"nombre": "Luis", "email": "${email}", "saldo": 25.5, "password": "a long password"},
    "OLD": {"nombre": "Old", "password_hash": "pbkdf2:sha256:1"}
  },
  "supplies": [
    {"cp_id": "CP101", "driver_id": "LUIS", "inicio": "2025-11-02T10:00:00", "fin": "2025-11-02T10:30:00", "consumo": 7.25, "precio_total": 2.54},
    {"cp_id": "CP999", "driver_id": null, "inicio": "2025-11-02T10:00:00", "fin": "2025-11-02T10:30:00", "consumo": 1, "precio_total": 0.35}
  ]
}`;
  await writeFile(file, bd('luis@example.org'));
  const before = await contents();
  await assert.rejects(ev('import', file, '--zone', 'MUR'), refusal('COMMAND_REFUSED', /nothing was imported: 3/));
  assert.match(
    said.join('\n'),
    /line 4 \/charging_points\/cp102: the id[\s\S]*line 8 \/drivers\/OLD: .*argon2id[\s\S]*line 12 \/supplies\/1: there is no CP999/,
  );
  assert.deepEqual(await contents(), before);

  assert.match(await ev('import', file, '--zone', 'MUR', '--skip-refused'), /1 points, 1 drivers, 1 supplies; 0 were/);
  const once = await contents();
  assert.match(await ev('import', file, '--zone', 'MUR', '--skip-refused'), /0 points, 0 drivers, 0 supplies; 3 were/);
  assert.deepEqual({ ...(await contents()), audit_log: [] }, { ...once, audit_log: [] });
  const luis = await db.row<object>(
    `SELECT balance_cents AS balance, (SELECT sum(amount_cents)::int FROM wallet_entries w WHERE w.driver_id = d.driver_id) AS wallet,
       (SELECT energy_wh FROM supplies s WHERE s.driver_id = d.driver_id) AS "energyWh" FROM drivers d WHERE driver_id = 'LUIS'`,
  );
  assert.deepEqual(luis, { balance: 2_550, wallet: 2_550, energyWh: 7_250 });
  await writeFile(file, '{"points": {}}');
  await assert.rejects(ev('import', file), refusal('COMMAND_REFUSED', /must hold charging_points/));
});
