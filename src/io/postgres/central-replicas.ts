import { REPLICA_FRESH_SQL } from './charging-points.ts';
import type { Queries } from './database.ts';

/** One running Central. `apiUrl` names its place (`https://host:port/#name`): a restarted one takes over from its predecessor there. */
export type Replica = {
  replicaId: string;
  apiUrl: string;
  /** Where Monitors reach it, host:port; undefined if it does not know. */
  socketAddress?: string;
  version: string;
  startedAtMs: number;
};
/** A replica as the others see it. */
export type SeenReplica = Replica & { isAlive: boolean; seenAtMs: number };

/** CENTRAL_REPLICA_NAME of a replica. */
export function replicaName({ apiUrl }: Pick<Replica, 'apiUrl'>): string {
  return new URL(apiUrl).hash.slice(1) || apiUrl;
}

const UPSERT = `INSERT INTO central_replicas (replica_id, api_url, socket_address, version, started_at) VALUES ($1, $2, $3, $4, $5)
  ON CONFLICT (replica_id) DO UPDATE SET heartbeat_at = now()`;

function valuesOf({ replicaId, apiUrl, socketAddress, version, startedAtMs }: Replica): unknown[] {
  return [replicaId, apiUrl, socketAddress ?? null, version, new Date(startedAtMs)];
}

/** Signs the replica in; what ran at the same place before counts as dead at once (F-29). */
export async function signInReplica(queries: Queries, replica: Replica): Promise<void> {
  await queries.run(
    `WITH former AS (DELETE FROM central_replicas WHERE api_url = $2 AND replica_id <> $1) ${UPSERT}`,
    valuesOf(replica),
  );
}

/** Where another Central of this name lives now: two of one name would take each other's partitions away. */
export async function livingNamesake(queries: Queries, replica: Replica): Promise<string | undefined> {
  const row = await queries.row<{ apiUrl: string }>(
    `SELECT api_url AS "apiUrl" FROM central_replicas WHERE split_part(api_url, '#', 2) = split_part($1, '#', 2)
      AND api_url <> $1 AND heartbeat_at > now() - ${REPLICA_FRESH_SQL} LIMIT 1`,
    [replica.apiUrl],
  );
  return row?.apiUrl;
}

/** Says that the replica lives, and who else does or did within the hour. */
export async function beatReplica(queries: Queries, replica: Replica): Promise<SeenReplica[]> {
  await queries.run({ name: 'beat-replica', text: UPSERT }, valuesOf(replica));
  const rows = await queries.rows<Omit<SeenReplica, 'socketAddress'> & { socketAddress: string | null }>({
    name: 'seen-replicas',
    text: `SELECT replica_id AS "replicaId", api_url AS "apiUrl", socket_address AS "socketAddress", version,
        (extract(epoch FROM started_at) * 1000)::bigint AS "startedAtMs", (extract(epoch FROM heartbeat_at) * 1000)::bigint AS "seenAtMs",
        heartbeat_at > now() - ${REPLICA_FRESH_SQL} AS "isAlive"
      FROM central_replicas ORDER BY started_at`,
  });
  return rows.map(({ socketAddress, ...row }) => ({ ...row, ...(socketAddress !== null && { socketAddress }) }));
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

/** Registry, weather and the other services that sign in themselves. A point's page is a part of its point: there may be thousands, so the directory alone has them. */
export async function serviceInstances(
  queries: Queries,
): Promise<
  { instanceId: string; kind: string; version: string; startedAt: Date; heartbeatAt: Date; isFresh: boolean }[]
> {
  return queries.rows(
    `SELECT DISTINCT ON (kind, url) instance_id AS "instanceId", kind, version, started_at AS "startedAt", heartbeat_at AS "heartbeatAt",
        heartbeat_at > now() - interval '15 seconds' AS "isFresh"
      FROM service_instances WHERE kind <> 'point-web' AND heartbeat_at > now() - interval '1 day' ORDER BY kind, url, heartbeat_at DESC LIMIT 200`,
  );
}
