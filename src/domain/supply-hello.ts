import type { EngineHello } from './engine-journal.ts';
import type { Supply } from './supply.ts';
import type { DecisionTime, PointContext, SupplyDecision } from './supply-decision.ts';

/** `supply` and `snapshot` are the point's open one's; `known` holds every supply that the hello names. */
export interface HelloContext extends PointContext {
  readonly known: ReadonlyMap<string, Supply>;
}

/** One decision a supply (save all), and the ids that the answer may acknowledge at once. */
export interface HelloDecision {
  readonly decisions: readonly SupplyDecision[];
  readonly openSupply: Supply | null;
  readonly acknowledgedSupplyIds: readonly string[];
  readonly hold: { readonly add: 'LOCAL' } | { readonly remove: 'LOCAL' } | null;
}

/** Brings Central's picture and the engine's journal together (protocol 3, step 3; D-10). */
export function reconcileHello(context: HelloContext, hello: EngineHello, at: DecisionTime): HelloDecision {
  throw new Error(`not built yet: ${context.cpId} ${hello.sequence} ${at.nowMs}`);
}
