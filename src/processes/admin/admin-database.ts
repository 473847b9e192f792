import { type Clock, pause } from '../../io/clock.ts';
import type { Log } from '../../io/log.ts';
import { type Database, openDatabase } from '../../io/postgres/database.ts';
import type { AdminConfig } from './config.ts';

const WAIT_MS = 60_000;
const RETRY_AFTER_MS = 250;

/** URL of the network's own database on the administrator's server. */
export function appUrlOf(config: Pick<AdminConfig, 'adminUrl' | 'databaseName'>): string {
  const url = new URL(config.adminUrl);
  url.pathname = `/${config.databaseName}`;
  return url.href;
}

/** Opens a database, does the work, closes it. */
export async function withDatabase<T>(url: string, log: Log, work: (db: Database) => Promise<T>): Promise<T> {
  const db = openDatabase({ url, log, poolSize: 2, applicationName: 'ev admin' });
  try {
    return await work(db);
  } finally {
    await db.close();
  }
}

/** The server may be starting at this moment (D-19). */
export async function waitForServer(db: Database, clock: Clock): Promise<void> {
  const untilMs = clock.monotonicMs() + WAIT_MS;
  while (!(await db.isReachable())) {
    if (clock.monotonicMs() > untilMs) {
      // Asks once more for the reason: a wrong password is told as such.
      await db.row('SELECT 1');
      return;
    }
    await pause(clock, RETRY_AFTER_MS);
  }
}
