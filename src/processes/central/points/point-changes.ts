import { newerSnapshot, type Supply } from '../../../domain/supply.ts';
import { decideSupply } from '../../../domain/supply-decide.ts';
import type { PointContext, SupplyEvent } from '../../../domain/supply-decision.ts';
import type { AuditEntry } from '../../../io/audit/audit.ts';
import { incident } from '../../../io/audit/audit-events.ts';
import { connectMonitors, type LockedPoint, lockPoint } from '../../../io/postgres/charging-points.ts';
import type { Queries } from '../../../io/postgres/database.ts';
import type { Actor, PointChange, PointChanges, PointOutcome } from '../parts.ts';
import { applyEdge, type EdgeEffect, pointFacts } from './facts-edge.ts';
import { type Committed, decisionTime, type PointParts } from './point-parts.ts';
import { type Decided, saveDecisions } from './save-decisions.ts';

type Extra = (tx: Queries, point: { openSupplyId: string | undefined }) => Promise<void>;

/** Changes of points that are not requests or hellos. `onConnected` hears of batches that needed no decision. */
export function createPointChanges(parts: PointParts, onConnected: (cpIds: readonly string[]) => void): PointChanges {
  const apply = (cpId: string, change: PointChange | undefined, options: { actor: Actor; extra?: Extra }) =>
    changePoint(parts, { cpId, change, ...options });
  return {
    apply: (cpId, change, actor) => apply(cpId, change, { actor }),
    applyWith: apply,
    async applyConnections(edges) {
      const written = new Set(
        await connectMonitors(
          parts.database,
          edges.map(({ cpId, edge }) => ({
            cpId,
            epoch: edge.epoch,
            instanceId: edge.instanceId,
            address: edge.address ?? null,
          })),
          parts.replicaId,
        ),
      );
      onConnected([...written]);
      for (const { cpId, edge } of edges) {
        if (!written.has(cpId)) await apply(cpId, { edge }, { actor: { entity: `cp:${cpId}`, address: edge.address } });
      }
    },
  };
}

type Asked = { cpId: string; change: PointChange | undefined; actor: Actor; extra?: Extra };

async function changePoint(parts: PointParts, asked: Asked): Promise<PointOutcome> {
  const result = await parts.database.transaction((tx) => changeInside(tx, parts, asked));
  if (result.committed) parts.onCommitted(result.committed);
  return result.outcome;
}

async function changeInside(
  tx: Queries,
  parts: PointParts,
  { cpId, change, actor, extra }: Asked,
): Promise<{ outcome: PointOutcome; committed?: Committed }> {
  const event = change && 'event' in change ? change.event : undefined;
  const point = await lockPoint(tx, cpId, event && namedSupplyId(event));
  if (!point) return { outcome: { supply: null, wasKnown: false } };
  await extra?.(tx, { openSupplyId: point.openSupply?.supplyId });
  const at = decisionTime(parts);
  const edge = change && 'edge' in change ? change.edge : undefined;
  const effect = edge && applyEdge(point.facts, edge, { nowMs: at.nowMs, replicaId: parts.replicaId });
  if (edge && !effect) return { outcome: { supply: point.openSupply, wasKnown: true } };
  // What `extra` wrote (keys, a retirement) is shown too: a new object raises the version.
  const facts = effect?.facts ?? (extra ? { ...point.facts } : point.facts);
  const decided = decideOn({ ...point, facts }, parts, { event: event ?? effect?.event });
  const holdChanges = [change && 'hold' in change ? change.hold : undefined, effect?.hold].filter(
    (one) => one !== undefined,
  );
  const committed = await saveDecisions(tx, parts, {
    point,
    facts,
    holdChanges,
    decided: decided ? [decided] : [],
    actor,
    nowMs: at.nowMs,
  });
  const supply = decided ? decided.decision.supply : point.openSupply;
  return {
    outcome: { supply, wasKnown: true, refusal: decided?.decision.refusal },
    committed: { ...committed, audit: [...edgeAudit(point, effect, actor), ...committed.audit] },
  };
}

function decideOn(point: LockedPoint, parts: PointParts, { event }: { event?: SupplyEvent }): Decided | undefined {
  if (!event) return undefined;
  const before = namedSupplyId(event) === undefined ? point.openSupply : point.namedSupply;
  const decision = decideSupply(pointContext(point, before, parts), event, decisionTime(parts));
  return { before, decision, curve: event.kind === 'supply-ended' ? event.record.curve : undefined };
}

/** The domain's view of a locked point and one of its supplies; the reading in memory counts if it is newer. */
export function pointContext(point: LockedPoint, supply: Supply | null, parts: PointParts): PointContext {
  const inMemory = supply === null ? undefined : parts.newestReading(supply.supplyId);
  const stored = supply === null ? null : point.snapshot;
  return {
    cpId: point.identity.cpId,
    priceE4PerKwh: point.identity.priceE4PerKwh,
    maxPowerW: point.identity.maxPowerW,
    facts: pointFacts(point, parts.replicaId),
    supply,
    snapshot: inMemory ? newerSnapshot(stored, inMemory) : stored,
  };
}

function namedSupplyId(event: SupplyEvent): string | undefined {
  if ('supplyId' in event) return event.supplyId;
  return 'record' in event ? event.record.supplyId : undefined;
}

function edgeAudit({ facts, identity }: LockedPoint, effect: EdgeEffect | undefined, actor: Actor): AuditEntry[] {
  if (!effect) return [];
  const { cpId } = identity;
  const after = effect.facts;
  const entries: AuditEntry[] = [];
  if (facts.monitorReplicaId !== null && after.monitorReplicaId === null) {
    entries.push(incident.monitorDisconnected(actor, { cpId, cause: 'MONITOR_LOST' }));
  }
  if (facts.isEngineOk && !after.isEngineOk) {
    entries.push(incident.engineFailed(actor, { cpId, cause: after.engineFaultCode ?? 'KO' }));
  }
  if (!facts.isEngineOk && after.isEngineOk) entries.push(incident.engineRecovered(actor, { cpId }));
  if (facts.isChannelUp && !after.isChannelUp) entries.push(incident.channelLost(actor, { cpId, cause: 'NO_CHANNEL' }));
  return entries;
}
