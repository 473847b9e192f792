import type { Refusal } from './refusal.ts';
import { isOpen, type OpenSupply, type Supply } from './supply.ts';
import type { DecisionTime, StopRoute, SupplyDecision } from './supply-decision.ts';
import { deny, interrupt, next, orderEnd, stop, unchanged } from './supply-transition.ts';
import type { EndReason } from './vocabulary.ts';

/** Why and by which way a supply shall stop, and what its driver hears if it was only requested. */
export interface StopOrder {
  readonly reason: EndReason;
  readonly route: StopRoute;
  readonly refusal: Refusal;
}

/** A stop order of a person, a revocation or a policy; a second one repeats the first. */
export function stopByOrder(supply: OpenSupply, order: StopOrder, at: DecisionTime): SupplyDecision {
  switch (supply.state) {
    case 'REQUESTED':
      return deny(supply, order.refusal, at);
    case 'PREPARING':
    case 'CHARGING':
      return orderEnd(supply, order, at);
    case 'ENDING':
      // A plugged engine may ignore PLUG_TIMEOUT; a person's stop must not be lost in it.
      return supply.orderedEndReason === 'PLUG_TIMEOUT'
        ? orderEnd(supply, order, at)
        : unchanged(supply, stop(supply, order.route));
    case 'INTERRUPTED': {
      if (supply.orderedEndReason !== 'PLUG_TIMEOUT') return unchanged(supply, stop(supply, order.route));
      const ordered = next(supply, { orderedEndReason: order.reason });
      return unchanged(ordered, stop(ordered, order.route));
    }
    default:
      return supply.state satisfies never;
  }
}

/** The driver's own stop; before the plug it is a cancellation. Somebody else's supply is not even confirmed to exist. */
export function stopByDriver(supply: Supply | null, driverId: string, at: DecisionTime): SupplyDecision {
  if (supply === null || supply.driverId !== driverId) {
    return { supply, effects: [], refusal: { code: 'NOT_LOGGED_IN', detail: 'NOT_YOUR_SUPPLY' } };
  }
  if (!isOpen(supply)) return unchanged(supply, { kind: 'notify-requester', supply });
  const reason = supply.pluggedAtMs === null ? 'CANCELLED' : 'DRIVER_STOP';
  const stopped = stopByOrder(supply, { reason, route: 'BOTH', refusal: { code: 'CANCELLED' } }, at);
  return { supply: stopped.supply, effects: stopped.effects };
}

/** KO, or an engine that does not answer (D-04, D-10). */
export function engineFailed(supply: OpenSupply, at: DecisionTime): SupplyDecision {
  switch (supply.state) {
    case 'REQUESTED':
      return deny(supply, { code: 'CP_FAULTED' }, at);
    case 'PREPARING':
    case 'CHARGING':
    case 'ENDING':
      return interrupt(supply, 'FAULT', at);
    case 'INTERRUPTED':
      return unchanged(supply, stop(supply, 'BOTH'));
    default:
      return supply.state satisfies never;
  }
}

/** D-08: a running supply goes on, but its readings are watched from now on. */
export function monitorLost(supply: OpenSupply, at: DecisionTime): SupplyDecision {
  const isRunning = supply.state === 'PREPARING' || supply.state === 'CHARGING';
  if (supply.state === 'REQUESTED') return deny(supply, { code: 'CP_DISCONNECTED' }, at);
  if (isRunning && at.policy.monitorLoss === 'stop') {
    return orderEnd(supply, { reason: 'MONITOR_LOSS', route: 'BOTH' }, at);
  }
  if (supply.state !== 'CHARGING') return unchanged(supply);
  const silentAtMs = at.nowMs + at.policy.silenceMs;
  return unchanged(supply.deadlineAtMs <= silentAtMs ? supply : { ...supply, deadlineAtMs: silentAtMs });
}
