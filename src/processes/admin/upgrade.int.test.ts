import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { systemClock } from '../../io/clock.ts';
import { readConfig } from '../../io/config.ts';
import { createMasterKeyFile, loadMasterKey } from '../../io/crypto/master-key.ts';
import { createPasswords } from '../../io/crypto/password.ts';
import { createLog } from '../../io/log.ts';
import { newRandomId } from '../../io/new-id.ts';
import { insertCredential, sealedSecretOf } from '../../io/postgres/credentials.ts';
import { type Database, openDatabase } from '../../io/postgres/database.ts';
import { migrate, migrationNames } from '../../io/postgres/migrate.ts';
import { ensureTrust, openTrust } from '../../io/postgres/network-trust.ts';
import { type AcquiredServices, acquireServices, uniquePrefix } from '../../testing/services.ts';
import { appUrlOf } from './admin-database.ts';
import type { AdminParts } from './admin-parts.ts';
import { COMMANDS } from './catalogue.ts';
import { adminSettings } from './config.ts';

const SECRET = 'a secret that the version before has sealed';
/** Tables that a set-up or a restore writes by itself. */
const OWN_TABLES = ['schema_migrations', 'audit_log', 'api_tokens', 'operators', 'login_sessions', 'settings'];
const log = createLog('test', { level: 'silent' });
let services: AcquiredServices;
let server: Database;
let folder = '';
let parts: AdminParts;
let former: Record<string, Record<string, unknown>[]>;

const ev = async (name: string, ...args: string[]): Promise<void> => {
  await COMMANDS[name]?.run(parts, args);
};
const masterKey = () => loadMasterKey({ path: parts.config.masterKeyFile });

/** Runs `work` with the network's database. */
async function inDatabase<T>(work: (db: Database) => Promise<T>): Promise<T> {
  const db = openDatabase({ url: appUrlOf(parts.config), log, poolSize: 2 });
  try {
    return await work(db);
  } finally {
    await db.close();
  }
}

before(async () => {
  services = await acquireServices();
  server = openDatabase({ url: services.adminDatabaseUrl, log, poolSize: 1 });
  folder = await mkdtemp(join(tmpdir(), 'ev-upgrade-'));
  const config = readConfig(adminSettings, {
    DATABASE_ADMIN_URL: services.adminDatabaseUrl,
    EV_DATABASE_NAME: `ev_${uniquePrefix()}`,
    EV_SECRETS_DIR: join(folder, 'secrets'),
    EV_MASTER_KEY_FILE: join(folder, 'secrets', 'master.key'),
    EV_CA_FILE: join(folder, 'secrets', 'ca.pem'),
    EV_AUDIT_DIR: folder,
  });
  parts = { config, clock: systemClock, log, passwords: createPasswords(), say: () => undefined };
  await mkdir(join(folder, 'secrets'), { mode: 0o700 });
  createMasterKeyFile(config.masterKeyFile);
  await server.run(`CREATE DATABASE ${config.databaseName}`);
  await migrate(appUrlOf(config), { count: migrationNames().length - 1 });
  await inDatabase(fill);
  former = await inDatabase(contents);
});

after(async () => {
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

/** What a network of the version before has: a point with secret, a charge that has its ticket, one that runs, a Central. */
async function fill(db: Database): Promise<void> {
  const nowMs = Date.now();
  const trust = await ensureTrust(db, { masterKey: masterKey(), authorityName: 'test', by: 'test', nowMs });
  await db.run("INSERT INTO zones (zone) VALUES ('ALC')");
  await db.run("INSERT INTO weather_locations (city, country) VALUES ('Alicante', 'ES')");
  await db.run(
    `INSERT INTO charging_points (cp_id, zone, location_id, address, price_e4_per_kwh, max_power_w)
      VALUES ('CP001', 'ALC', 1, 'Calle Mayor 1', 2500, 50000)`,
  );
  await db.run("INSERT INTO charging_point_facts (cp_id, monitor_epoch, version) VALUES ('CP001', 7, 41)");
  await db.transaction((tx) =>
    insertCredential(tx, { cpId: 'CP001', secret: SECRET, sealed: trust.sealed, by: 'test', tokenSha256: undefined }),
  );
  await db.run("INSERT INTO drivers (driver_id, name, password_hash, balance_cents) VALUES ('ANA01', 'Ana', 'x', -5)");
  const [ended, running] = [newRandomId(), newRandomId()];
  const supply = `INSERT INTO supplies (supply_id, request_id, client_id, cp_id, driver_id, origin, state, price_e4_per_kwh,
    requested_at, authorised_at, plugged_at, ended_at, closed_at, end_reason, energy_wh, amount_cents, deadline_at) VALUES`;
  await db.run(
    `${supply} ($1, $2, 'driver:DRV001', 'CP001', 'ANA01', 'APP', 'ENDED', 2500, now(), now(), now(), now(), now(), 'UNPLUGGED', 200, 5, NULL)`,
    [ended, newRandomId()],
  );
  await db.run(
    `${supply} ($1, $2, 'cp:CP001', 'CP001', NULL, 'POINT', 'CHARGING', 2500, now(), now(), now(), NULL, NULL, NULL, NULL, NULL, now())`,
    [running, newRandomId()],
  );
  await db.run(
    'INSERT INTO meter_snapshots (supply_id, sequence, energy_wh, power_w, measured_at, received_at) VALUES ($1, 9, 900, 11000, now(), now())',
    [running],
  );
  await db.run(
    "INSERT INTO central_replicas (replica_id, api_url, version, heartbeat_at) VALUES ($1, 'https://10.0.0.1:8021/#central-1', '0.0.9', now() - interval '10 minutes')",
    [newRandomId()],
  );
}

/** Every row of the tables that only a network writes. */
async function contents(db: Database): Promise<Record<string, Record<string, unknown>[]>> {
  const tables = await db.rows<{ name: string }>(
    `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
      AND NOT relispartition ORDER BY 1`,
  );
  const found: Record<string, Record<string, unknown>[]> = {};
  for (const { name } of tables) {
    if (OWN_TABLES.includes(name)) continue;
    const rows = await db.rows<{ row: Record<string, unknown> }>(
      `SELECT to_jsonb(t) AS row FROM ${name} t ORDER BY to_jsonb(t)::text`,
    );
    found[name] = rows.map(({ row }) => row);
  }
  return found;
}

/** All that was there is there, with every value; what the new version has added beside it does not count. */
async function assertAllIsThere(db: Database, changed: readonly string[] = []): Promise<void> {
  const now = await contents(db);
  for (const [table, rows] of Object.entries(former)) {
    const found = now[table] ?? [];
    assert.equal(found.length, rows.length, table);
    for (const [index, row] of rows.entries()) {
      for (const [column, value] of Object.entries(row)) {
        if (!changed.includes(column)) assert.deepEqual(found[index]?.[column], value, `${table}.${column}`);
      }
    }
  }
  const { sealed } = await openTrust(db, masterKey());
  assert.equal(await sealedSecretOf(db, 'CP001', sealed), SECRET);
  const names = await db.rows<{ name: string }>('SELECT name FROM schema_migrations ORDER BY id');
  assert.deepEqual(
    names.map(({ name }) => name),
    migrationNames(),
  );
}

test('S-DB-14: a database of the version before is brought forward with all that is in it', async () => {
  await writeFile(join(folder, 'passphrase'), 'correct horse battery staple\n', { mode: 0o600 });
  await ev('backup', join(folder, 'before.evb'), '--passphrase-file', join(folder, 'passphrase'));
  await ev('init');
  await inDatabase(assertAllIsThere);
});

test('a Central of the version before goes on beside one of this: it signs in, beats and claims as it always did', async () => {
  await inDatabase(async (db) => {
    const beat = `INSERT INTO central_replicas (replica_id, api_url, version, started_at) VALUES ($1, $2, $3, now())
      ON CONFLICT (replica_id) DO UPDATE SET heartbeat_at = now()`;
    const replicaId = newRandomId();
    await db.run(beat, [replicaId, 'https://10.0.0.9:8021/#central-9', '0.0.9']);
    await db.run(beat, [replicaId, 'https://10.0.0.9:8021/#central-9', '0.0.9']);
    assert.equal(await db.run('DELETE FROM central_replicas WHERE replica_id = $1', [replicaId]), 1);
  });
});

test('S-DB-15: a backup that the version before made is restored by this one, and brought forward', async () => {
  await inDatabase((db) => db.run("UPDATE drivers SET name = 'changed since', balance_cents = 0"));
  const phrase = ['--passphrase-file', join(folder, 'passphrase')];
  await ev('restore', join(folder, 'before.evb'), ...phrase, '--replace');
  // Versions begin above all that was told before, so that those who follow them hear of what is back.
  await inDatabase((db) => assertAllIsThere(db, ['version']));
});
