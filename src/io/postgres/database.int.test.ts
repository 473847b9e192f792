import assert from 'node:assert/strict';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { after, before, test } from 'node:test';
import {
  type AcquiredServices,
  acquireServices,
  createTestDatabase,
  type TestDatabase,
} from '../../testing/services.ts';
import { createLog } from '../log.ts';
import { type Database, DatabaseUnavailable, openDatabase } from './database.ts';

const POOL = 3;
const WAIT_MS = 5_000;
const log = createLog('database-test', { level: 'silent' });
let services: AcquiredServices;
let place: TestDatabase;
let db: Database;
let watcher: Database;

before(async () => {
  services = await acquireServices();
  place = await createTestDatabase(services.adminDatabaseUrl);
  db = openDatabase({ url: place.url, log, poolSize: POOL, applicationName: 'pool' });
  watcher = openDatabase({ url: place.url, log, poolSize: 1, applicationName: 'watcher' });
  await db.run('CREATE TABLE counted (n integer PRIMARY KEY)');
});
after(async () => {
  await Promise.all([db?.close(), watcher?.close()]);
  await place?.drop();
  await services?.release();
});

const connections = (pool: string, state = '%') =>
  watcher.rows('SELECT 1 FROM pg_stat_activity WHERE application_name = $1 AND state LIKE $2', [pool, state]);

test('F-60: a hundred transactions at once share the few connections of the pool, the rest wait their turn', async () => {
  // How long a place is waited for is the next test's: here a busy server may take its time.
  const patient = openDatabase({
    url: place.url,
    log,
    poolSize: POOL,
    applicationName: 'patient',
    connectsWithinMs: 60_000,
  });
  let most = 0;
  const work = Array.from({ length: 100 }, (_, n) =>
    patient.transaction(async (tx) => {
      await tx.run('INSERT INTO counted VALUES ($1)', [n]);
      if (n % 25 === 0) most = Math.max(most, (await connections('patient')).length);
    }),
  );
  await Promise.all(work);
  await patient.close();
  assert.ok(most >= 1 && most <= POOL, `${most} connections`);
  assert.equal((await db.row<{ count: number }>('SELECT count(*) FROM counted'))?.count, 100);
});

test('F-60: who waits too long for a connection is told that the database is not available, and later all is well', async () => {
  let letGo = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const holders = Array.from({ length: POOL }, () => db.transaction(() => held));
  const beganMs = performance.now();
  await assert.rejects(db.rows('SELECT 1'), DatabaseUnavailable);
  assert.ok(performance.now() - beganMs >= WAIT_MS - 100);
  letGo();
  await Promise.all(holders);
  assert.equal((await db.rows('SELECT 1')).length, 1);
});

test('F-61: a connection that the server ends between two statements of a transaction fails that transaction, not the process', async () => {
  const work = db.transaction(async (tx) => {
    const own = await tx.row<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    const isThere = () => watcher.rows('SELECT 1 FROM pg_stat_activity WHERE pid = $1', [own?.pid]);
    await watcher.rows('SELECT pg_terminate_backend($1)', [own?.pid]);
    while ((await isThere()).length > 0);
    await tx.run('INSERT INTO counted VALUES (-1)');
  });
  await assert.rejects(work, DatabaseUnavailable);
  assert.equal((await db.rows('SELECT 1 FROM counted WHERE n = -1')).length, 0);
});

test('D-19: a link that is cut in the middle of a transaction, and told by nobody, is a database that is not available', async () => {
  const link = await cuttableLink(place.url);
  const cut = openDatabase({ url: link.url, log, poolSize: 1, answersWithinMs: 3_000 });
  try {
    const work = cut.transaction(async (tx) => {
      await tx.run('INSERT INTO counted VALUES (-2)');
      link.cut();
      await tx.run('INSERT INTO counted VALUES (-3)');
    });
    await assert.rejects(work, DatabaseUnavailable);
    link.restore();
    assert.equal((await cut.rows('SELECT 1')).length, 1, 'on a connection of its own');
  } finally {
    await cut.close();
    link.close();
  }
  await db.run('INSERT INTO counted VALUES (-2)');
});

test('F-61: work that fails, in JavaScript or in SQL, leaves neither its rows nor an open transaction behind', async () => {
  const failing = Array.from({ length: 10 }, (_, n) =>
    db.transaction(async (tx) => {
      await tx.run('INSERT INTO counted VALUES ($1)', [1_000 + n]);
      if (n % 2 === 0) throw new Error('changed my mind');
      await tx.run('INSERT INTO counted VALUES (0)');
    }),
  );
  const outcomes = await Promise.allSettled(failing);
  assert.ok(outcomes.every(({ status }) => status === 'rejected'));
  assert.equal((await db.rows('SELECT 1 FROM counted WHERE n >= 1000')).length, 0);
  assert.deepEqual(await connections('pool', 'idle in transaction%'), []);
});

/** A way to the database that can be cut as a cable is: what is sent gets nowhere, and no socket hears of it. */
async function cuttableLink(databaseUrl: string) {
  const real = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  let isCut = false;
  const server = createServer((near) => {
    const far = connect(Number(real.port), real.hostname);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on('data', (chunk) => isCut || to.write(chunk));
      from.on('close', () => isCut || to.destroy());
      from.on('error', () => undefined);
    }
  });
  await new Promise<void>((resolve) => server.listen({ host: '127.0.0.1', port: 0 }, resolve));
  const url = new URL(databaseUrl);
  url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: url.href,
    cut: () => {
      isCut = true;
    },
    restore: () => {
      for (const socket of sockets) socket.destroy();
      sockets.clear();
      isCut = false;
    },
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
