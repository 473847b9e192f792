import type { Clock } from '../../../io/clock.ts';
import { type Replica, serviceInstances } from '../../../io/postgres/central-replicas.ts';
import type { Queries } from '../../../io/postgres/database.ts';
import type { PanelModule } from '../../../messages/live-stream.ts';

/** Health of what this replica sees itself. */
export type OwnHealth = { isBrokerUp: boolean; isDatabaseUp: boolean; replicas: readonly Replica[] };

/** The parts of the network and whether they live; services that sign in themselves come from the database. */
export async function moduleList(queries: Queries, clock: Clock, health: OwnHealth): Promise<PanelModule[]> {
  const askedAtMs = clock.monotonicMs();
  const services = health.isDatabaseUp ? await serviceInstances(queries) : [];
  const latencyMs = Math.round(clock.monotonicMs() - askedAtMs);
  return [
    ...health.replicas.map(({ replicaId, version, startedAtMs }) => ({
      moduleId: `central ${replicaId.slice(-6)}`,
      kind: 'central',
      status: 'UP' as const,
      version,
      startedAtMs,
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
