import type { OpenSupply } from './supply.ts';
import { closeEstimated } from './supply-close.ts';
import type { DecisionTime, PointContext, SupplyDecision } from './supply-decision.ts';
import { askAgain, deny, interrupt, orderEnd, unchanged } from './supply-transition.ts';

/** A due timer, whoever finds it first; one that is not due (any more) changes nothing. */
export function deadlinePassed(context: PointContext, supply: OpenSupply, at: DecisionTime): SupplyDecision {
  if (at.nowMs < supply.deadlineAtMs) return unchanged(supply);
  switch (supply.state) {
    case 'REQUESTED':
      return deny(supply, { code: 'POINT_NO_ANSWER' }, at);
    case 'PREPARING':
      return orderEnd(supply, { reason: 'PLUG_TIMEOUT', route: 'BOTH' }, at);
    case 'CHARGING':
      return lookAtCharging(context, supply, at);
    case 'ENDING':
      return interrupt(supply, 'FAULT', at);
    case 'INTERRUPTED':
      return closeEstimated(supply, context.snapshot, at);
    default:
      return supply.state satisfies never;
  }
}

/** D-08: a lost monitor and silence together end the trust; silence alone makes Central ask the engine. */
function lookAtCharging(context: PointContext, supply: OpenSupply, at: DecisionTime): SupplyDecision {
  const heardAtMs = Math.max(context.snapshot?.receivedAtMs ?? 0, at.listeningSinceMs);
  const isSilent = at.nowMs - heardAtMs >= at.policy.silenceMs;
  const { isMonitorAlive } = context.facts;
  if (isSilent && !isMonitorAlive) return interrupt(supply, 'MONITOR_LOSS', at);
  const deadlineAtMs = isMonitorAlive ? at.nowMs + at.policy.chargingCheckMs : heardAtMs + at.policy.silenceMs;
  return unchanged({ ...supply, deadlineAtMs }, ...(isSilent ? askAgain(supply, at) : []));
}
