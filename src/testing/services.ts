import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import pg from 'pg';
import { freePorts } from '../io/sockets/tcp-probe.ts';
import { startTestServices } from '../local/test-services.ts';

const PROJECT_FOLDER = resolve(import.meta.dirname, '..', '..');
const HOST = '127.0.0.1';

/** A real Kafka and a real PostgreSQL for one test file, shared with others or its own. */
export type AcquiredServices = { brokers: string; adminDatabaseUrl: string; release: () => Promise<void> };

/**
 * The services that EV_TEST_KAFKA (`host:port`) and EV_TEST_DATABASE_URL (a superuser's) name, as the test runner sets
 * them; without these, private ones in a temporary folder that `release` stops and removes. Call it in `before`.
 */
export async function acquireServices(): Promise<AcquiredServices> {
  const brokers = process.env.EV_TEST_KAFKA;
  const adminDatabaseUrl = process.env.EV_TEST_DATABASE_URL;
  if (brokers && adminDatabaseUrl) return { brokers, adminDatabaseUrl, release: async () => {} };
  return startPrivateServices();
}

async function startPrivateServices(): Promise<AcquiredServices> {
  const folder = await mkdtemp(join(tmpdir(), 'ev-services-'));
  await chmod(folder, 0o711);
  const [kafkaPort = 0, controllerPort = 0, postgresPort = 0] = await freePorts(HOST, 3);
  const place = { projectFolder: PROJECT_FOLDER, folder, host: HOST, kafkaPort, controllerPort, postgresPort };
  const services = await startTestServices({ ...place, say: (line) => process.stderr.write(`${line}\n`) });
  const release = async (): Promise<void> => {
    await services.stop();
    await rm(folder, { recursive: true, force: true });
  };
  return { brokers: services.brokers, adminDatabaseUrl: services.adminDatabaseUrl, release };
}

/** A database of a test's own. `url` is the superuser's; `drop` also cuts connections that are still open. */
export type TestDatabase = { name: string; url: string; drop: () => Promise<void> };

/** Makes an empty database (UTF-8, C collation) with a name nobody else has; one per test file. */
export async function createTestDatabase(adminUrl: string): Promise<TestDatabase> {
  const name = `ev_test_${randomWord(12)}`;
  await runAsAdmin(adminUrl, `CREATE DATABASE ${name}`);
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  return { name, url: url.href, drop: () => runAsAdmin(adminUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}

async function runAsAdmin(adminUrl: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

/** A zone that no other test uses, such as `Z7K3QX2M`: its topics are the test's own. */
export function uniqueZone(): string {
  return `Z${randomWord(7).toUpperCase()}`;
}

/** A lower-case prefix (topics, group ids, roles) that no other test uses. */
export function uniquePrefix(): string {
  return `t${randomWord(9)}`;
}

function randomWord(length: number): string {
  const letters = 'abcdefghijklmnopqrstuvwxyz0123456789';
  return Array.from(crypto.getRandomValues(new Uint8Array(length)), (byte) => letters[byte % letters.length]).join('');
}
