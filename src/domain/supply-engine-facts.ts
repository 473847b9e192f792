import type { EngineSupplyRecord } from './engine-supply.ts';
import { isOpen, type OpenSupply, type Supply } from './supply.ts';
import type { DecisionTime, SupplyDecision } from './supply-decision.ts';
import { askAgain, authorised, cancel, charge, deny, next, prepare, stop, unchanged } from './supply-transition.ts';
import type { DeclineCode } from './vocabulary.ts';

/** `supply-accepted`: an acceptance of something that is over is cancelled. */
export function acceptedByEngine(supply: Supply | null, supplyId: string, at: DecisionTime): SupplyDecision {
  if (supply === null) return unchanged(null, { kind: 'send-cancel-supply', supplyId, reason: 'CANCELLED' });
  if (!isOpen(supply)) return unchanged(supply, cancel(supply));
  switch (supply.state) {
    case 'REQUESTED':
      return prepare(supply, at);
    case 'PREPARING':
      return unchanged(supply, authorised(supply, at));
    case 'CHARGING':
      return unchanged(supply);
    case 'ENDING':
    case 'INTERRUPTED':
      return unchanged(supply, stop(supply, 'BOTH'));
    default:
      return supply satisfies never;
  }
}

/** `supply-declined`; in PREPARING an engine that restarted in between is asked what it knows. */
export function declinedByEngine(supply: Supply | null, code: DeclineCode, at: DecisionTime): SupplyDecision {
  if (supply === null) return unchanged(null);
  if (supply.state === 'REQUESTED') return deny(supply, { code: 'POINT_DECLINED', detail: code }, at);
  return unchanged(supply, ...(supply.state === 'PREPARING' ? askAgain(supply, at) : []));
}

/** `supply-started`: the vehicle is plugged in. */
export function startedByEngine(supply: Supply | null, record: EngineSupplyRecord, at: DecisionTime): SupplyDecision {
  if (supply === null) {
    return unchanged(null, { kind: 'send-stop-supply', supplyId: record.supplyId, reason: 'FAULT', route: 'BOTH' });
  }
  return running(supply, record.pluggedAtMs ?? at.nowMs, at);
}

/** True if a reading of a supply in this phase is only a figure: no decision, no query (protocol 3, Central reading). */
export function isPlainReading(supply: Supply): boolean {
  return (
    supply.pluggedAtMs !== null &&
    (supply.state === 'CHARGING' || supply.state === 'ENDING' || (supply.state === 'ENDED' && !supply.isEstimated))
  );
}

/** `meter-reading` where it is news: it proves that the engine is charging, whatever was lost or decided before. */
export function seenCharging(
  supply: Supply | null,
  reading: { supplyId: string; measuredAtMs: number },
  at: DecisionTime,
): SupplyDecision {
  if (supply === null) {
    return unchanged(null, { kind: 'send-stop-supply', supplyId: reading.supplyId, reason: 'FAULT', route: 'BOTH' });
  }
  return isPlainReading(supply) ? unchanged(supply) : running(supply, reading.measuredAtMs, at);
}

function running(supply: Supply, pluggedAtMs: number, at: DecisionTime): SupplyDecision {
  switch (supply.state) {
    case 'REQUESTED':
    case 'PREPARING':
      return charge(supply, pluggedAtMs, at);
    case 'CHARGING':
      return unchanged(supply);
    case 'ENDING':
      return supply.orderedEndReason === 'PLUG_TIMEOUT'
        ? charge(supply, pluggedAtMs, at)
        : stopPlugged(supply, pluggedAtMs);
    case 'INTERRUPTED':
      return stopPlugged(supply, pluggedAtMs);
    case 'ENDED':
      return unchanged(supply, ...(supply.isEstimated ? [stop(supply, 'BOTH')] : []));
    case 'DENIED':
      return unchanged(supply, stop(supply, 'BOTH'));
    default:
      return supply satisfies never;
  }
}

/** Plugged in although it shall end: the order once more, with a reason that a plugged engine obeys. */
function stopPlugged(supply: OpenSupply, pluggedAtMs: number): SupplyDecision {
  if (supply.pluggedAtMs !== null) return unchanged(supply, stop(supply, 'BOTH'));
  const orderedEndReason = supply.orderedEndReason === 'PLUG_TIMEOUT' ? 'FAULT' : supply.orderedEndReason;
  const plugged = next(supply, { pluggedAtMs, orderedEndReason });
  return unchanged(plugged, stop(plugged, 'BOTH'));
}
