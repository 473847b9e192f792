import { isOpen, type OpenSupply } from '../../../domain/supply.ts';
import type { RequestContext, SupplyRequest } from '../../../domain/supply-decision.ts';
import { requestSupply } from '../../../domain/supply-request.ts';
import { lockPoint } from '../../../io/postgres/charging-points.ts';
import { type Queries, violatedConstraint } from '../../../io/postgres/database.ts';
import { requestBackground } from '../../../io/postgres/supplies.ts';
import type { Actor, PointOutcome } from '../parts.ts';
import { pointFacts } from './facts-edge.ts';
import { type Committed, decisionTime, type PointParts } from './point-parts.ts';
import { saveDecisions } from './save-decisions.ts';

/** The one way to ask for a supply, from an app or at the point (F-13, F-14). */
export type SupplyRequests = {
  request(cpId: string, request: SupplyRequest, actor: Actor): Promise<PointOutcome>;
};

const TRIES = 4;

export function createSupplyRequests(parts: PointParts): SupplyRequests {
  return {
    async request(cpId, request, actor) {
      for (let tries = 1; ; tries += 1) {
        try {
          const result = await parts.database.transaction((tx) => decideInside(tx, parts, { cpId, request, actor }));
          if (result.committed) parts.onCommitted(result.committed);
          return result.outcome;
        } catch (error) {
          // Another point of the same driver, or the same request elsewhere, was faster: decide again on what it left.
          if (violatedConstraint(error) === undefined || tries === TRIES) throw error;
        }
      }
    },
  };
}

async function decideInside(
  tx: Queries,
  parts: PointParts,
  { cpId, request, actor }: { cpId: string; request: SupplyRequest; actor: Actor },
): Promise<{ outcome: PointOutcome; committed?: Committed }> {
  const point = await lockPoint(tx, cpId, undefined);
  const background = await requestBackground(tx, request);
  const openSupply = point?.openSupply ?? null;
  const context: RequestContext = {
    point: point
      ? {
          cpId,
          priceE4PerKwh: point.identity.priceE4PerKwh,
          maxPowerW: point.identity.maxPowerW,
          facts: pointFacts(point, parts.replicaId),
        }
      : null,
    openSupply: openSupply !== null && isOpen(openSupply) ? openSupply : null,
    sameRequest: background.sameRequest,
    driver: driverOf(request, background),
  };
  const at = decisionTime(parts);
  const decision = requestSupply(context, request, at);
  const outcome: PointOutcome = { supply: decision.supply, refusal: decision.refusal, wasKnown: point !== undefined };
  if (!point || (decision.supply !== null && decision.supply.cpId !== cpId)) {
    // Unknown, or a request that was about another point: nothing here changes, the handler answers.
    return { outcome };
  }
  const isNew =
    decision.supply !== null && decision.supply !== openSupply && decision.supply !== background.sameRequest;
  const before = isNew ? null : decision.supply;
  const committed = await saveDecisions(tx, parts, {
    point,
    facts: point.facts,
    holdChanges: [],
    decided: [{ before, decision, isRequest: true }],
    actor,
    nowMs: at.nowMs,
  });
  return { outcome, committed };
}

function driverOf(
  request: SupplyRequest,
  background: { balanceCents: number | null; binding: OpenSupply | null },
): RequestContext['driver'] {
  if (request.driverId === null || background.balanceCents === null) return null;
  return { driverId: request.driverId, balanceCents: background.balanceCents, openSupply: background.binding };
}
