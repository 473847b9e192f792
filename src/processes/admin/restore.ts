import { existsSync, readFileSync, renameSync } from 'node:fs';
import { resolve } from 'node:path';
import { administration } from '../../io/audit/admin-events.ts';
import { argumentsOf } from '../../io/command-line.ts';
import { loadMasterKey } from '../../io/crypto/master-key.ts';
import type { Database } from '../../io/postgres/database.ts';
import { type DumpShape, loadRows } from '../../io/postgres/dump.ts';
import { migrate, migrationNames } from '../../io/postgres/migrate.ts';
import { requireMasterKey } from '../../io/postgres/network-trust.ts';
import { raiseVersions } from '../../io/postgres/restored-versions.ts';
import { databaseExists, dropDatabase, ensureDatabase, renameDatabase } from '../../io/postgres/service-roles.ts';
import { writeWhole } from '../../io/private-files.ts';
import { appUrlOf, waitForServer, withDatabase } from './admin-database.ts';
import type { AdminParts } from './admin-parts.ts';
import { type Manifest, passphraseFrom, readArchive } from './archive.ts';
import { SOURCE, withAudit } from './audited.ts';
import { CommandRefused, required } from './command.ts';
import { initialiseNetwork } from './init.ts';
import { finishRotation, nextKeyFile, requireStoppedServices } from './master-key.ts';

/**
 * `ev admin restore FILE --passphrase-file F [--replace]`: fills a database of its own, and only when all of it is there
 * and opens with its master key does it take the network's name; the one that had it is kept under another.
 * Run again after a crash it begins anew.
 */
export async function restore(parts: AdminParts, args: readonly string[]): Promise<void> {
  const { positionals, values } = argumentsOf(args, {
    positionals: ['FILE'],
    options: { 'passphrase-file': { type: 'string' }, replace: { type: 'boolean' } },
  });
  const path = resolve(required(positionals[0], 'the file of the backup'));
  const passphrase = passphraseFrom(required(values['passphrase-file'], '--passphrase-file'));
  if (parts.config.masterKeyText)
    throw new CommandRefused('EV_MASTER_KEY is set: a restore writes the master key into a file (EV_MASTER_KEY_FILE)');
  await withDatabase(parts.config.adminUrl, parts.log, async (server) => {
    await waitForServer(server, parts.clock);
    const isThere = await databaseExists(server, parts.config.databaseName);
    if (isThere) await requireFree(parts, values.replace === true);
    const archive = await readArchive({ path, passphrase });
    try {
      requireKnownShape(archive.manifest.shape);
      const rows = await fillBeside(parts, server, archive);
      await takeName(parts, server, { isThere, manifest: archive.manifest });
      parts.say(`${rows} rows of the backup of ${archive.manifest.madeAt} are in ${parts.config.databaseName}`);
      await initialiseNetwork(parts);
      const { madeAt } = archive.manifest;
      await withAudit(parts, async (_db, record) => record(administration.restored(SOURCE, { rows, madeAt })));
    } finally {
      archive.close();
    }
  });
}

async function requireFree(parts: AdminParts, mayReplace: boolean): Promise<void> {
  const { databaseName } = parts.config;
  if (!mayReplace)
    throw new CommandRefused(
      `there is a database ${databaseName}: --replace puts the backup in its place and keeps it`,
    );
  await withDatabase(appUrlOf(parts.config), parts.log, async (db) => {
    const isSetUp = await db.row("SELECT 1 FROM pg_class WHERE oid = to_regclass('service_instances')");
    if (isSetUp) await requireStoppedServices(db, 'a restore');
  });
}

function requireKnownShape({ migrations }: DumpShape): void {
  const known = migrationNames();
  const stranger = migrations.find((name, index) => known[index] !== name);
  if (stranger !== undefined)
    throw new CommandRefused(
      `the backup was made by another version of this program: it has the migration ${stranger}`,
    );
}

async function fillBeside(
  parts: AdminParts,
  server: Database,
  archive: Awaited<ReturnType<typeof readArchive>>,
): Promise<number> {
  const { config, log } = parts;
  const { shape, masterKey } = archive.manifest;
  const name = besideName(config.databaseName);
  await dropDatabase(server, name);
  await ensureDatabase(server, name);
  const url = appUrlOf({ adminUrl: config.adminUrl, databaseName: name });
  try {
    await migrate(url, { count: shape.migrations.length });
    const rows = await withDatabase(url, log, async (db) => {
      const count = await db.transaction((tx) => loadRows(tx, shape, archive.steps));
      await requireMasterKey(db, loadMasterKey({ value: masterKey }));
      await raiseVersions(db);
      // Whoever logged out since must not be logged in again.
      await db.run('DELETE FROM login_sessions');
      return count;
    });
    await migrate(url);
    return rows;
  } catch (error) {
    await dropDatabase(server, name);
    throw error;
  }
}

function besideName(databaseName: string): string {
  return `${databaseName.slice(0, 29)}_restoring`;
}

/** The key waits as `next` until the database has the name: `ev admin init` ends what a crash in between leaves. */
async function takeName(
  parts: AdminParts,
  server: Database,
  now: { isThere: boolean; manifest: Manifest },
): Promise<void> {
  const { masterKeyFile, databaseName } = parts.config;
  const stamp = new Date(parts.clock.nowMs()).toISOString().replace(/\D/g, '').slice(0, 14);
  const before = `${databaseName.slice(0, 17)}_before_${stamp}`;
  writeWhole(nextKeyFile(masterKeyFile), `${now.manifest.masterKey}\n`);
  if (now.isThere) {
    await renameDatabase(server, databaseName, before);
    parts.say(`the database that was here is ${before} now`);
  }
  await renameDatabase(server, besideName(databaseName), databaseName);
  if (existsSync(masterKeyFile) && keyIn(masterKeyFile) !== now.manifest.masterKey) {
    renameSync(masterKeyFile, `${masterKeyFile}.${stamp}`);
    parts.say(`its master key is ${masterKeyFile}.${stamp} now`);
  }
  await withDatabase(appUrlOf(parts.config), parts.log, (db) => finishRotation(db, masterKeyFile));
}

function keyIn(path: string): string {
  return readFileSync(path, 'utf8').trim();
}
