import { REPLICA_FRESH_SQL } from './charging-points.ts';
import type { Queries } from './database.ts';

/** One running Central. `apiUrl` names its place: a restarted one takes over from its predecessor there. */
export type Replica = { replicaId: string; apiUrl: string; version: string; startedAtMs: number };

/** Signs the replica in; what ran at the same place before counts as dead at once (F-29). */
export async function signInReplica(queries: Queries, replica: Replica): Promise<void> {
  await queries.run(
    `WITH former AS (DELETE FROM central_replicas WHERE api_url = $2 AND replica_id <> $1)
      INSERT INTO central_replicas (replica_id, api_url, version, started_at) VALUES ($1, $2, $3, $4)
      ON CONFLICT (replica_id) DO UPDATE SET heartbeat_at = now()`,
    [replica.replicaId, replica.apiUrl, replica.version, new Date(replica.startedAtMs)],
  );
}

/** Says that the replica lives, and who else does. */
export async function beatReplica(queries: Queries, replica: Replica): Promise<Replica[]> {
  await queries.run(
    {
      name: 'beat-replica',
      text: `INSERT INTO central_replicas (replica_id, api_url, version, started_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (replica_id) DO UPDATE SET heartbeat_at = now()`,
    },
    [replica.replicaId, replica.apiUrl, replica.version, new Date(replica.startedAtMs)],
  );
  const rows = await queries.rows<{ replica_id: string; api_url: string; version: string; started_at: Date }>({
    name: 'fresh-replicas',
    text: `SELECT replica_id, api_url, version, started_at FROM central_replicas WHERE heartbeat_at > now() - ${REPLICA_FRESH_SQL}`,
  });
  return rows.map((row) => ({
    replicaId: row.replica_id,
    apiUrl: row.api_url,
    version: row.version,
    startedAtMs: row.started_at.getTime(),
  }));
}

/** The Centrals that run now, newest first. */
export async function livingReplicas(queries: Queries): Promise<{ apiUrl: string }[]> {
  return queries.rows<{ apiUrl: string }>(
    `SELECT api_url AS "apiUrl" FROM central_replicas WHERE heartbeat_at > now() - ${REPLICA_FRESH_SQL}
      ORDER BY started_at DESC`,
  );
}

/** An orderly stop: nobody has to wait for the heartbeat to grow old. */
export async function signOutReplica(queries: Queries, replicaId: string): Promise<void> {
  await queries.run('DELETE FROM central_replicas WHERE replica_id = $1', [replicaId]);
}

/** Replicas that died long ago. */
export async function forgetReplicas(queries: Queries): Promise<void> {
  await queries.run("DELETE FROM central_replicas WHERE heartbeat_at < now() - interval '1 hour'");
}

/** Registry, weather and the other services that sign in themselves. */
export async function serviceInstances(
  queries: Queries,
): Promise<
  { instanceId: string; kind: string; version: string; startedAt: Date; heartbeatAt: Date; isFresh: boolean }[]
> {
  return queries.rows(
    `SELECT DISTINCT ON (kind, url) instance_id AS "instanceId", kind, version, started_at AS "startedAt", heartbeat_at AS "heartbeatAt",
        heartbeat_at > now() - interval '15 seconds' AS "isFresh"
      FROM service_instances WHERE heartbeat_at > now() - interval '1 day' ORDER BY kind, url, heartbeat_at DESC LIMIT 200`,
  );
}
