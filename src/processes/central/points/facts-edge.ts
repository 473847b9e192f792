import { isNewerLevel, type PointFacts } from '../../../domain/charging-point.ts';
import type { SupplyEvent } from '../../../domain/supply-decision.ts';
import type { HoldKind } from '../../../domain/vocabulary.ts';
import type { LockedPoint, StoredFacts } from '../../../io/postgres/charging-points.ts';
import type { FactsEdge } from '../parts.ts';

/** What an edge of the facts comes to; undefined where it changes nothing or belongs to an older socket (F-65). */
export type EdgeEffect = {
  facts: StoredFacts;
  event?: SupplyEvent;
  hold?: { add: HoldKind } | { remove: HoldKind };
};

/** Applies one edge to the stored facts. Pure. */
export function applyEdge(
  facts: StoredFacts,
  edge: FactsEdge,
  at: { nowMs: number; replicaId: string },
): EdgeEffect | undefined {
  switch (edge.kind) {
    case 'monitor-connected':
      if (edge.epoch < facts.monitorEpoch) return undefined;
      return {
        facts: {
          ...facts,
          monitorReplicaId: at.replicaId,
          monitorEpoch: edge.epoch,
          monitorInstanceId: edge.instanceId,
          monitorAddress: edge.address ?? null,
          monitorSinceMs: at.nowMs,
          monitorLostAtMs: null,
        },
        event: { kind: 'monitor-connected' },
      };
    case 'monitor-lost':
      if (edge.epoch !== facts.monitorEpoch || facts.monitorReplicaId === null) return undefined;
      return {
        facts: { ...facts, monitorReplicaId: null, monitorLostAtMs: at.nowMs },
        event: { kind: 'monitor-lost' },
      };
    case 'engine-health':
      return edge.epoch === facts.monitorEpoch ? engineHealth(facts, edge, at.nowMs) : undefined;
    case 'key-installed':
      return { facts: { ...facts } };
    case 'local-hold':
      if (!isNewerLevel(facts, edge.bootId, edge.sequence)) return undefined;
      return {
        facts: { ...facts, engineSequence: edge.sequence },
        hold: edge.isHeld ? { add: 'LOCAL' } : { remove: 'LOCAL' },
      };
    default:
      return edge satisfies never;
  }
}

function engineHealth(
  facts: StoredFacts,
  edge: FactsEdge & { kind: 'engine-health' },
  nowMs: number,
): EdgeEffect | undefined {
  const code = edge.isEngineOk ? null : (edge.code ?? null);
  const isTurned = edge.isEngineOk !== facts.isEngineOk;
  if (!isTurned && edge.isChannelUp === facts.isChannelUp && code === facts.engineFaultCode) return undefined;
  return {
    facts: {
      ...facts,
      isEngineOk: edge.isEngineOk,
      isChannelUp: edge.isChannelUp,
      engineFaultCode: code,
      engineChangedAtMs: isTurned ? nowMs : facts.engineChangedAtMs,
    },
    ...(isTurned && { event: { kind: edge.isEngineOk ? 'engine-ok' : 'engine-ko' } as const }),
  };
}

/** The domain's facts: a Monitor counts as alive only while its replica lives (protocol 6). */
export function pointFacts(
  point: Pick<LockedPoint, 'facts' | 'holds' | 'isReplicaFresh'>,
  replicaId: string,
): PointFacts {
  const { facts, holds, isReplicaFresh } = point;
  const isOwn = facts.monitorReplicaId === replicaId;
  return {
    isMonitorAlive: facts.monitorReplicaId !== null && (isOwn || isReplicaFresh),
    isEngineOk: facts.isEngineOk,
    isChannelUp: facts.isChannelUp,
    holds,
  };
}
