import type { Refusal } from './refusal.ts';
import { type DeniedSupply, isOpen, type OpenSupply, type Supply } from './supply.ts';
import type { DecisionTime, StopRoute, SupplyDecision, SupplyEffect } from './supply-decision.ts';
import type { EndReason } from './vocabulary.ts';

/** Nothing to save; effects may repeat what was said before. */
export function unchanged(supply: Supply | null, ...effects: SupplyEffect[]): SupplyDecision {
  return { supply, effects };
}

/** Saved and told to whoever asked for the supply, then the effects. */
export function changed(supply: Supply, ...effects: SupplyEffect[]): SupplyDecision {
  return { supply, effects: [...effects, { kind: 'notify-requester', supply }] };
}

/** The next version of an open supply. */
export function next(supply: OpenSupply, change: Partial<OpenSupply>): OpenSupply {
  return { ...supply, ...change, version: supply.version + 1 };
}

/** REQUESTED -> PREPARING; the engine counts a plug only after this decision is committed. */
export function prepare(supply: OpenSupply, at: DecisionTime): SupplyDecision {
  const prepared = next(supply, {
    state: 'PREPARING',
    authorisedAtMs: at.nowMs,
    deadlineAtMs: at.nowMs + at.policy.plugTimeoutMs + at.policy.plugGraceMs,
  });
  return changed(prepared, authorised(prepared, at));
}

/** The authorisation, for the first time or again: an engine that knows nothing of the supply answers with its end. */
export function authorised(supply: OpenSupply, at: DecisionTime): SupplyEffect {
  const sinceMs = supply.authorisedAtMs ?? at.nowMs;
  return {
    kind: 'send-supply-authorised',
    supplyId: supply.supplyId,
    plugDeadlineAtMs: sinceMs + at.policy.plugTimeoutMs,
  };
}

/** Any earlier phase -> CHARGING; an order given before is void. */
export function charge(supply: OpenSupply, pluggedAtMs: number, at: DecisionTime): SupplyDecision {
  return changed(
    next(supply, {
      state: 'CHARGING',
      authorisedAtMs: supply.authorisedAtMs ?? at.nowMs,
      pluggedAtMs,
      orderedEndReason: null,
      deadlineAtMs: at.nowMs + at.policy.chargingCheckMs,
    }),
  );
}

/** -> ENDING with an order to the engine; the deadline runs from the order. */
export function orderEnd(
  supply: OpenSupply,
  order: { reason: EndReason; route: StopRoute },
  at: DecisionTime,
): SupplyDecision {
  const ending = next(supply, {
    state: 'ENDING',
    orderedEndReason: order.reason,
    deadlineAtMs: at.nowMs + at.policy.endTimeoutMs,
  });
  return changed(ending, stop(ending, order.route));
}

/** -> INTERRUPTED: keeps the point, frees the driver; the first order's reason stays (D-10). */
export function interrupt(supply: OpenSupply, reason: EndReason, at: DecisionTime): SupplyDecision {
  const interrupted = next(supply, {
    state: 'INTERRUPTED',
    orderedEndReason: supply.orderedEndReason ?? reason,
    deadlineAtMs: at.nowMs + at.policy.settleAfterMs,
  });
  return changed(interrupted, stop(interrupted, 'BOTH'));
}

/** REQUESTED -> DENIED: no ticket. */
export function deny(supply: OpenSupply, refusal: Refusal, at: DecisionTime): SupplyDecision {
  const denied: DeniedSupply = {
    ...supply,
    state: 'DENIED',
    version: supply.version + 1,
    deadlineAtMs: null,
    endedAtMs: at.nowMs,
    refusal,
  };
  return { ...changed(denied, cancel(denied)), refusal };
}

/** The order to stop with the reason that stands; PLUG_TIMEOUT would be ignored by a plugged engine. */
export function stop(supply: Supply, route: StopRoute): SupplyEffect {
  const reason = supply.orderedEndReason ?? 'FAULT';
  const isIgnored = reason === 'PLUG_TIMEOUT' && supply.pluggedAtMs !== null;
  return { kind: 'send-stop-supply', supplyId: supply.supplyId, reason: isIgnored ? 'FAULT' : reason, route };
}

/** Tells the engine that the supply may not start (any more). */
export function cancel(supply: Supply): SupplyEffect {
  const reason = supply.state === 'DENIED' ? supply.refusal.code : 'CANCELLED';
  return { kind: 'send-cancel-supply', supplyId: supply.supplyId, reason };
}

/** Asks the engine again about an open supply, by a message whose repeat is harmless. */
export function askAgain(supply: Supply, at: DecisionTime): readonly SupplyEffect[] {
  if (!isOpen(supply)) return [];
  switch (supply.state) {
    case 'REQUESTED':
      return [];
    case 'PREPARING':
    case 'CHARGING':
      return [authorised(supply, at)];
    case 'ENDING':
    case 'INTERRUPTED':
      return [stop(supply, 'BOTH')];
    default:
      return supply satisfies never;
  }
}
