import type { DecisionTime, PointContext, SupplyDecision, SupplyEvent } from './supply-decision.ts';

/** Central's side of a supply: every row of protocol 4's table but the first. A repeat only re-acknowledges. */
export function decideSupply(context: PointContext, event: SupplyEvent, at: DecisionTime): SupplyDecision {
  throw new Error(`not built yet: ${context.cpId} ${event.kind} ${at.nowMs}`);
}
