import { scramVerifier } from '../crypto/generated-secrets.ts';
import { newToken } from '../crypto/tokens.ts';
import type { Log } from '../log.ts';
import { openDatabase, type Queries } from './database.ts';

/** The roles of the schema: what each service may do (migrations/003_roles.sql). Nobody logs in as these. */
export const SERVICE_ROLES = { central: 'ev_central', registry: 'ev_registry' } as const;
export type ServiceRole = keyof typeof SERVICE_ROLES;

const NAME = /^[a-z][a-z0-9_]{0,39}$/;

/** Makes the network's database unless it is there. False: it was. */
export async function ensureDatabase(admin: Queries, name: string): Promise<boolean> {
  if (!NAME.test(name)) throw new Error(`EV_DATABASE_NAME=${name} must be lower-case letters, digits and _`);
  if (await admin.row('SELECT 1 FROM pg_database WHERE datname = $1', [name])) return false;
  try {
    await admin.run(`CREATE DATABASE ${name}`);
  } catch (error) {
    // Another `ev admin init` was faster.
    if (!(error instanceof Error && 'code' in error && (error.code === '42P04' || error.code === '23505'))) throw error;
    return false;
  }
  return true;
}

/** Only the two services (and the owner) may open the database at all (D-16). */
export async function closeToOthers(db: Queries, databaseName: string): Promise<void> {
  await db.run(`REVOKE ALL ON DATABASE ${databaseName} FROM PUBLIC`);
  await db.run('REVOKE CREATE ON SCHEMA public FROM PUBLIC');
  for (const role of Object.values(SERVICE_ROLES)) await db.run(`GRANT CONNECT ON DATABASE ${databaseName} TO ${role}`);
}

/**
 * The URL by which a service logs in, with a login role of this database alone (`ev_charging_central`), so that two
 * networks can share a server. A URL that still works is kept, on the server's present address; else a new password is set.
 */
export async function ensureServiceLogin(
  db: Queries,
  wanted: { service: ServiceRole; appUrl: string; knownUrl: string | undefined; log: Log },
): Promise<{ url: string; isNew: boolean }> {
  const url = new URL(wanted.appUrl);
  const role = `${url.pathname.slice(1)}_${wanted.service}`;
  url.username = role;
  if (wanted.knownUrl && URL.canParse(wanted.knownUrl)) {
    url.password = new URL(wanted.knownUrl).password;
    if (new URL(wanted.knownUrl).username === role && (await mayLogIn(url.href, wanted.log))) {
      return { url: url.href, isNew: false };
    }
  }
  const password = newToken();
  url.password = password;
  const exists = await db.row('SELECT 1 FROM pg_roles WHERE rolname = $1', [role]);
  const form = exists ? 'ALTER ROLE %I LOGIN PASSWORD %L' : 'CREATE ROLE %I LOGIN PASSWORD %L';
  await runFormatted(db, form, [role, scramVerifier(password)]);
  await runFormatted(db, 'GRANT %I TO %I', [SERVICE_ROLES[wanted.service], role]);
  return { url: url.href, isNew: true };
}

async function runFormatted(db: Queries, form: string, names: [string, string]): Promise<void> {
  const made = await db.row<{ statement: string }>('SELECT format($1, $2::text, $3::text) AS statement', [
    form,
    ...names,
  ]);
  if (made) await db.run(made.statement);
}

async function mayLogIn(url: string, log: Log): Promise<boolean> {
  const tried = openDatabase({ url, log, poolSize: 1, applicationName: 'ev admin' });
  try {
    return await tried.isReachable();
  } finally {
    await tried.close();
  }
}

/** True if the server has a database of that name. */
export async function databaseExists(admin: Queries, name: string): Promise<boolean> {
  return (await admin.row('SELECT 1 FROM pg_database WHERE datname = $1', [name])) !== undefined;
}

/** Removes a database, if it is there; fails while somebody is connected to it. */
export async function dropDatabase(admin: Queries, name: string): Promise<void> {
  if (!NAME.test(name)) throw new Error(`${name} is no name of a database of ours`);
  await admin.run(`DROP DATABASE IF EXISTS ${name}`);
}

/** Gives a database another name; fails (55006) while somebody is connected to it. */
export async function renameDatabase(admin: Queries, from: string, to: string): Promise<void> {
  if (!NAME.test(from) || !NAME.test(to)) throw new Error(`${from} or ${to} is no name of a database of ours`);
  await admin.run(`ALTER DATABASE ${from} RENAME TO ${to}`);
}
