import { mayStart } from './charging-point.ts';
import type { Refusal } from './refusal.ts';
import type { OpenSupply } from './supply.ts';
import type { DecisionTime, RequestContext, SupplyDecision, SupplyRequest } from './supply-decision.ts';
import { changed, deny, unchanged } from './supply-transition.ts';

/**
 * The one decision point of starts (F-13, F-14): REQUESTED with `send-start-supply`, or a refusal, kept as a
 * DENIED supply when point and driver exist. The same request id, or one's own open supply (F-64), gives that one.
 * A violation of one_open_supply_per_driver means that another point was faster: load again and decide again.
 */
export function requestSupply(context: RequestContext, request: SupplyRequest, at: DecisionTime): SupplyDecision {
  if (context.sameRequest !== null) return answerAgain(context.sameRequest, request);
  if (request.isExpired) return refused({ code: 'REQUEST_EXPIRED' });
  if (context.point === null) return refused({ code: 'CP_UNKNOWN' });
  if (request.driverId !== null && context.driver === null) return refused({ code: 'DRIVER_UNKNOWN' });
  const { openSupply, point } = context;
  if (openSupply !== null && request.driverId !== null && openSupply.driverId === request.driverId) {
    return unchanged(openSupply, { kind: 'notify-requester', supply: openSupply });
  }
  const supply = requested(point, request, at);
  const refusal = mayStart(point.facts, openSupply?.state ?? null) ?? driverRefusal(context, at);
  if (refusal !== undefined) {
    const denied = deny(supply, refusal, at);
    return { ...denied, effects: denied.effects.filter((effect) => effect.kind !== 'send-cancel-supply') };
  }
  return changed(supply, {
    kind: 'send-start-supply',
    supplyId: supply.supplyId,
    requestId: supply.requestId,
    driverId: supply.driverId,
    origin: supply.origin,
    priceE4PerKwh: supply.priceE4PerKwh,
    expiresAtMs: supply.deadlineAtMs,
  });
}

function answerAgain(supply: NonNullable<RequestContext['sameRequest']>, request: SupplyRequest): SupplyDecision {
  const isOwn =
    supply.driverId === request.driverId && (supply.driverId !== null || supply.clientId === request.clientId);
  if (!isOwn) return refused({ code: 'REQUEST_EXPIRED', detail: 'REQUEST_ID_TAKEN' });
  if (request.isExpired) return unchanged(supply);
  const again = unchanged(supply, { kind: 'notify-requester', supply });
  return supply.state === 'DENIED' ? { ...again, refusal: supply.refusal } : again;
}

function refused(refusal: Refusal): SupplyDecision {
  return { supply: null, effects: [], refusal };
}

function driverRefusal({ driver }: RequestContext, at: DecisionTime): Refusal | undefined {
  if (driver === null) return undefined;
  if (driver.openSupply !== null) return { code: 'DRIVER_BUSY', detail: driver.openSupply.cpId };
  if (at.policy.isBalanceRequired && driver.balanceCents <= 0) return { code: 'NO_BALANCE' };
  return undefined;
}

function requested(point: NonNullable<RequestContext['point']>, request: SupplyRequest, at: DecisionTime): OpenSupply {
  return {
    supplyId: request.supplyId,
    requestId: request.requestId,
    clientId: request.clientId,
    cpId: point.cpId,
    driverId: request.driverId,
    origin: request.origin,
    state: 'REQUESTED',
    version: 1,
    priceE4PerKwh: point.priceE4PerKwh,
    requestedAtMs: at.nowMs,
    authorisedAtMs: null,
    pluggedAtMs: null,
    orderedEndReason: null,
    suspectReasons: [],
    deadlineAtMs: at.nowMs + at.policy.acceptTimeoutMs,
    endedAtMs: null,
    closedAtMs: null,
    endReason: null,
    refusal: null,
    energyWh: null,
    amountCents: null,
    isEstimated: false,
  };
}
