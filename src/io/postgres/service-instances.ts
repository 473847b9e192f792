import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Database, Queries } from './database.ts';

const BEAT_EVERY_MS = 5_000;

/** Says that a service lives which has no database of its own (EV_W tells Central). */
export async function announceService(
  db: Queries,
  service: { instanceId: string; kind: string; url: string; version: string; startedAtMs: number },
): Promise<void> {
  await db.run(
    `INSERT INTO service_instances (instance_id, kind, url, version, started_at, heartbeat_at)
     VALUES ($1, $2, $3, $4, $5, now()) ON CONFLICT (instance_id) DO UPDATE SET heartbeat_at = now()`,
    [service.instanceId, service.kind, service.url, service.version, new Date(service.startedAtMs)],
  );
}

/** Signs a service into the directory (S-REG-12) and keeps saying that it lives; stopping signs it out. */
export function signInService(
  parts: { db: Database; clock: Clock; log: Log },
  service: { instanceId: string; kind: string; url: string; version: string },
): { stop(): Promise<void> } {
  const { db, clock, log } = parts;
  const startedAt = new Date(clock.nowMs());
  const beat = async (isAlive: boolean) => {
    try {
      await db.run(
        `INSERT INTO service_instances (instance_id, kind, url, version, started_at, heartbeat_at)
         VALUES ($1, $2, $3, $4, $5, CASE WHEN $6 THEN now() ELSE now() - interval '1 hour' END)
         ON CONFLICT (instance_id) DO UPDATE SET heartbeat_at = EXCLUDED.heartbeat_at`,
        [service.instanceId, service.kind, service.url, service.version, startedAt, isAlive],
      );
    } catch (error) {
      // The next beat says it again.
      log.debug({ err: error }, 'could not sign in to the directory of services');
    }
  };
  void beat(true);
  const timer = clock.setRepeating(() => void beat(true), BEAT_EVERY_MS);
  return {
    async stop() {
      timer.cancel();
      await beat(false);
    },
  };
}

/** What the directory knows of one service (S-REG-12). */
export type DirectoryEntry = {
  kind: string;
  url: string;
  version: string;
  startedAt: Date;
  heartbeatAt: Date;
  isAlive: boolean;
};

const FRESH_SQL = "interval '15 seconds'";

/** The directory: Centrals and every service that signs in, newest of each address, the living ones first. */
export function serviceDirectory(db: Queries): Promise<DirectoryEntry[]> {
  return db.rows<DirectoryEntry>(
    `SELECT DISTINCT ON (kind, url) kind, url, version, started_at AS "startedAt", heartbeat_at AS "heartbeatAt",
       heartbeat_at > now() - ${FRESH_SQL} AS "isAlive"
     FROM (SELECT 'central' AS kind, split_part(api_url, '/#', 1) AS url, version, started_at, heartbeat_at FROM central_replicas
       UNION ALL SELECT kind, url, version, started_at, heartbeat_at FROM service_instances) AS known
     WHERE heartbeat_at > now() - interval '1 day' AND url IS NOT NULL
     ORDER BY kind, url, heartbeat_at DESC LIMIT 500`,
  );
}

/** Kinds of the services that use the database and have shown a sign of life in the last seconds. */
export async function runningServices(db: Queries): Promise<string[]> {
  const rows = await db.rows<{ kind: string }>(
    `SELECT 'central' AS kind FROM central_replicas WHERE heartbeat_at > now() - ${FRESH_SQL}
     UNION SELECT kind FROM service_instances WHERE kind = 'registry' AND heartbeat_at > now() - ${FRESH_SQL} ORDER BY 1`,
  );
  return rows.map((row) => row.kind);
}
