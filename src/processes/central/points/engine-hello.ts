import { cpClientId } from '../../../domain/ids.ts';
import { isOpen, type Supply } from '../../../domain/supply.ts';
import { reconcileHello } from '../../../domain/supply-hello.ts';
import { lockPoint } from '../../../io/postgres/charging-points.ts';
import type { Queries } from '../../../io/postgres/database.ts';
import { suppliesByIds } from '../../../io/postgres/supplies.ts';
import type { CentralToEngine, EngineToCentral } from '../../../messages/engine-central.ts';
import type { Actor } from '../parts.ts';
import { pointContext } from './point-changes.ts';
import { type Committed, decisionTime, type PointParts } from './point-parts.ts';
import { type Decided, saveDecisions } from './save-decisions.ts';

/** What an engine says when its channel is new, and under which lease. */
export type HelloAsked = { cpId: string; leaseId: string; hello: EngineToCentral['hello']; actor: Actor };

/** Brings Central's picture and the engine's journal together; undefined: no such point (any more). */
export type EngineHellos = { answer(asked: HelloAsked): Promise<CentralToEngine['hello-answered'] | undefined> };

export function createEngineHellos(parts: PointParts): EngineHellos {
  return {
    async answer(asked) {
      const result = await parts.database.transaction((tx) => reconcileInside(tx, parts, asked));
      if (result) parts.onCommitted(result.committed);
      return result?.answer;
    },
  };
}

async function reconcileInside(
  tx: Queries,
  parts: PointParts,
  { cpId, leaseId, hello, actor }: HelloAsked,
): Promise<{ answer: CentralToEngine['hello-answered']; committed: Committed } | undefined> {
  const point = await lockPoint(tx, cpId, undefined);
  if (!point) return undefined;
  const at = decisionTime(parts);
  const records = [...hello.unacknowledged, ...(hello.openSupply ? [hello.openSupply] : [])];
  const known = await suppliesByIds(
    tx,
    records.map((record) => record.supplyId),
  );
  const knownById = new Map(known.map((supply) => [supply.supplyId, supply]));
  const context = { ...pointContext(point, point.openSupply, parts), known: knownById, position: point.facts };
  const result = reconcileHello(context, { ...hello, openSupply: hello.openSupply ?? null }, at);
  // Records of an older lease are facts all the same; its levels belong to a boot that is over.
  const isNewest = await isNewestLease(tx, cpId, leaseId);
  const hold = isNewest ? result.hold : null;
  const befores = new Map<string, Supply>([...knownById, ...openEntry(point.openSupply)]);
  const decided: Decided[] = result.decisions.map((decision) => ({
    before: decision.supply === null ? null : (befores.get(decision.supply.supplyId) ?? null),
    decision,
    curve: records.find((record) => record.supplyId === decision.supply?.supplyId)?.curve,
  }));
  const committed = await saveDecisions(tx, parts, {
    point,
    facts: isNewest ? { ...point.facts, ...result.position } : point.facts,
    holdChanges: hold === null ? [] : [hold],
    decided,
    actor,
    nowMs: at.nowMs,
  });
  const holds = new Set(point.holds);
  if (hold && 'add' in hold) holds.add(hold.add);
  if (hold && 'remove' in hold) holds.delete(hold.remove);
  const open = result.openSupply;
  const answer = {
    leaseId,
    point: point.identity,
    holds: [...holds],
    ...(open !== null && isOpen(open) && { openSupply: openOf(open) }),
    acknowledgedSupplyIds: [...result.acknowledgedSupplyIds],
    policy: { plugTimeoutMs: parts.policy.plugTimeoutMs, monitorLoss: parts.policy.monitorLoss },
  };
  return { answer, committed };
}

async function isNewestLease(tx: Queries, cpId: string, leaseId: string): Promise<boolean> {
  const row = await tx.row<{ lease_id: string }>(
    'SELECT lease_id FROM channel_leases WHERE client_id = $1 AND ended_at IS NULL ORDER BY starts_at DESC LIMIT 1',
    [cpClientId(cpId)],
  );
  return row === undefined || row.lease_id === leaseId;
}

/** The object that the domain was given must be the one that "nothing to save" is judged by. */
function openEntry(supply: Supply | null): [string, Supply][] {
  return supply === null ? [] : [[supply.supplyId, supply]];
}

function openOf(supply: Supply): NonNullable<CentralToEngine['hello-answered']['openSupply']> {
  const { supplyId, state, orderedEndReason } = supply;
  return { supplyId, state, ...(orderedEndReason !== null && { orderedEndReason }) };
}
