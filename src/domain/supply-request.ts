import type { DecisionTime, RequestContext, SupplyDecision, SupplyRequest } from './supply-decision.ts';

/**
 * The one decision point of starts (F-13, F-14): REQUESTED with `send-start-supply`, or a refusal, kept as a
 * DENIED supply when point and driver exist. The same request id, or one's own open supply (F-64), gives that one.
 * A violation of one_open_supply_per_driver means that another point was faster: load again and decide again.
 */
export function requestSupply(context: RequestContext, request: SupplyRequest, at: DecisionTime): SupplyDecision {
  throw new Error(`not built yet: ${context.point?.cpId} ${request.requestId} ${at.nowMs}`);
}
