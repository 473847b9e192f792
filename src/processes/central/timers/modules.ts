import type { Clock } from '../../../io/clock.ts';
import { replicaName, type SeenReplica, serviceInstances } from '../../../io/postgres/central-replicas.ts';
import type { Queries } from '../../../io/postgres/database.ts';
import type { PanelModule } from '../../../messages/live-stream.ts';

/** Health of what this replica sees itself. */
export type OwnHealth = { isBrokerUp: boolean; isDatabaseUp: boolean; replicas: readonly SeenReplica[] };

/** The parts of the network and whether they live; services that sign in themselves come from the database. */
export async function moduleList(queries: Queries, clock: Clock, health: OwnHealth): Promise<PanelModule[]> {
  const askedAtMs = clock.monotonicMs();
  const services = health.isDatabaseUp ? await serviceInstances(queries) : [];
  const latencyMs = Math.round(clock.monotonicMs() - askedAtMs);
  return [
    ...newestOfEachName(health.replicas).map((replica) => ({
      moduleId: replicaName(replica),
      kind: 'central',
      status: replica.isAlive ? ('UP' as const) : ('DOWN' as const),
      version: replica.version,
      startedAtMs: replica.startedAtMs,
      ...(!replica.isAlive && { seenAtMs: replica.seenAtMs }),
    })),
    { moduleId: 'kafka', kind: 'kafka', status: health.isBrokerUp ? 'UP' : 'DOWN' },
    {
      moduleId: 'database',
      kind: 'database',
      status: health.isDatabaseUp ? 'UP' : 'DOWN',
      ...(health.isDatabaseUp && { latencyMs }),
    },
    ...services.map(({ instanceId, kind, version, startedAt, heartbeatAt, isFresh }) => ({
      moduleId: `${kind} ${instanceId.slice(-6)}`,
      kind,
      status: isFresh ? ('UP' as const) : ('DOWN' as const),
      version,
      startedAtMs: startedAt.getTime(),
      ...(!isFresh && { seenAtMs: heartbeatAt.getTime() }),
    })),
  ];
}

/** They come in the order in which they were started: a later one of a name stands for it. */
function newestOfEachName(replicas: readonly SeenReplica[]): SeenReplica[] {
  return [...new Map(replicas.map((one) => [replicaName(one), one])).values()];
}
