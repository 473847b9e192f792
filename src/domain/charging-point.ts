import type { Refusal } from './refusal.ts';
import {
  HOLD_KINDS,
  type HoldKind,
  type OpenSupplyState,
  OUT_OF_SERVICE_REASONS,
  type OutOfServiceReason,
  type PointState,
} from './vocabulary.ts';

/** What is known of a point; the state is derived from it, never stored. */
export interface PointFacts {
  readonly isMonitorAlive: boolean;
  readonly isEngineOk: boolean;
  readonly isChannelUp: boolean;
  readonly holds: ReadonlySet<HoldKind>;
}

/** The state of a point as every page shows it. */
export interface DerivedPoint {
  readonly state: PointState;
  /** Why it is OUT_OF_SERVICE, in the order of the closed list; empty in any other state. */
  readonly reasons: readonly OutOfServiceReason[];
  /** Phase of the open supply, whatever the state (a FAULTED point may have an INTERRUPTED one). */
  readonly phase: OpenSupplyState | null;
  /** Holds that take effect when the open supply ends. */
  readonly pendingHolds: readonly HoldKind[];
}

/** Derives the public state from facts, holds and the open supply's phase (D-03). */
export function derivePoint(facts: PointFacts, phase: OpenSupplyState | null): DerivedPoint {
  const holds = HOLD_KINDS.filter((kind) => facts.holds.has(kind));
  const reasons = outOfServiceReasons(facts);
  const state = stateOf(facts, phase, reasons);
  return {
    state,
    reasons: state === 'OUT_OF_SERVICE' ? reasons : [],
    phase,
    pendingHolds: phase === null ? [] : holds,
  };
}

/** Undefined when a supply may start now, else the refusal for whoever asks (D-03, R1-07). */
export function mayStart(facts: PointFacts, phase: OpenSupplyState | null): Refusal | undefined {
  const { state, reasons } = derivePoint(facts, phase);
  switch (state) {
    case 'AVAILABLE':
      return undefined;
    case 'DISCONNECTED':
      return { code: 'CP_DISCONNECTED' };
    case 'FAULTED':
      return { code: 'CP_FAULTED' };
    case 'CHARGING':
      return { code: 'CP_BUSY' };
    case 'OUT_OF_SERVICE':
      return { code: 'CP_OUT_OF_SERVICE', reasons };
    default:
      return state satisfies never;
  }
}

/** The set with one hold more. */
export function withHold(holds: ReadonlySet<HoldKind>, kind: HoldKind): ReadonlySet<HoldKind> {
  return new Set([...holds, kind]);
}

/** The set without that hold; every other one stays (F-39). */
export function withoutHold(holds: ReadonlySet<HoldKind>, kind: HoldKind): ReadonlySet<HoldKind> {
  return new Set([...holds].filter((held) => held !== kind));
}

/** Where a level from an engine stands in its history: boot ids have no order, sequences within a boot do. */
export interface EnginePosition {
  readonly engineBootId: string | null;
  readonly engineSequence: number;
}

/** True if a `local-hold` level is news: same boot as the last hello, greater sequence (protocol 3). */
export function isNewerLevel(known: EnginePosition, bootId: string, sequence: number): boolean {
  return known.engineBootId === bootId && sequence > known.engineSequence;
}

function outOfServiceReasons(facts: PointFacts): OutOfServiceReason[] {
  return OUT_OF_SERVICE_REASONS.filter((reason) =>
    reason === 'NO_CHANNEL' ? !facts.isChannelUp : facts.holds.has(reason),
  );
}

function stateOf(facts: PointFacts, phase: OpenSupplyState | null, reasons: readonly OutOfServiceReason[]): PointState {
  if (!facts.isMonitorAlive) return 'DISCONNECTED';
  if (!facts.isEngineOk) return 'FAULTED';
  if (phase !== null) return 'CHARGING';
  return reasons.length > 0 ? 'OUT_OF_SERVICE' : 'AVAILABLE';
}
