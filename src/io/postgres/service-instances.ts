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

/** One running service as it says of itself. */
export type ServiceInstance = { instanceId: string; kind: string; url: string; version: string };

/** More living instances than this are not taken: somebody announces nonsense. */
const MAX_INSTANCES = 1_000;

/** A sign of life: in the directory from the first one on. False: the directory is full. */
export async function beatService(db: Queries, service: ServiceInstance): Promise<boolean> {
  const written = await db.run(
    `INSERT INTO service_instances (instance_id, kind, url, version, started_at, heartbeat_at)
     SELECT $1, $2, $3, $4, now(), now()
     WHERE EXISTS (SELECT 1 FROM service_instances WHERE instance_id = $1) OR (SELECT count(*) FROM service_instances) < ${MAX_INSTANCES}
     ON CONFLICT (instance_id) DO UPDATE SET heartbeat_at = now(), url = EXCLUDED.url, version = EXCLUDED.version`,
    [service.instanceId, service.kind, service.url, service.version],
  );
  return written === 1;
}

/** An orderly stop: nobody takes it for a fall. */
export async function forgetService(db: Queries, instanceId: string): Promise<void> {
  await db.run('DELETE FROM service_instances WHERE instance_id = $1', [instanceId]);
}

/** Instances that were silent for a day. */
export async function forgetOldServices(db: Queries): Promise<void> {
  await db.run("DELETE FROM service_instances WHERE heartbeat_at < now() - interval '1 day'");
}

/** Signs a service with a database of its own into the directory (S-REG-12) and keeps saying that it lives. */
export function signInService(
  parts: { db: Database; clock: Clock; log: Log },
  service: ServiceInstance,
): { stop(): Promise<void> } {
  const { db, clock, log } = parts;
  const tryTo = async (work: Promise<unknown>) => {
    // The next beat says it again.
    await work.catch((error: unknown) => log.debug({ err: error }, 'the directory of services cannot be reached'));
  };
  let beating = tryTo(beatService(db, service));
  const timer = clock.setRepeating(() => {
    beating = tryTo(beatService(db, service));
  }, BEAT_EVERY_MS);
  return {
    async stop() {
      timer.cancel();
      // A beat on another connection might come in after the good-bye, and its end would be taken for a fall.
      await beating;
      await tryTo(forgetService(db, service.instanceId));
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
