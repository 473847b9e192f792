import type { EngineJournalEntry, EnginePolicy, EngineStep, EngineSupplyRecord } from './engine-supply.ts';

/** What a starting engine brings along. */
export interface EngineBoot {
  readonly cpId: string;
  readonly policy: EnginePolicy;
  readonly entries: Iterable<EngineJournalEntry>;
}

/** State after a start: what was running is closed as ENGINE_RESTART with its last journaled reading (D-10). */
export function restartEngine(boot: EngineBoot, nowMs: number): EngineStep {
  throw new Error(`not built yet: ${boot.cpId} ${nowMs}`);
}

/** Body of `hello` apart from the boot id: newest unacknowledged first, at most 20. */
export interface EngineHello {
  readonly sequence: number;
  readonly isLocalHold: boolean;
  readonly openSupply: EngineSupplyRecord | null;
  readonly unacknowledged: readonly EngineSupplyRecord[];
}
