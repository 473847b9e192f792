import { MINUTE_MS, SECOND_MS } from './units.ts';
import type { DeclineCode, EndReason, OpenSupplyState, SupplyOrigin } from './vocabulary.ts';

export const ENGINE_PHASES = ['ACCEPTED', 'AUTHORISED', 'CHARGING', 'ENDED'] as const;
export type EnginePhase = (typeof ENGINE_PHASES)[number];

/** A supply whole, as the engine knows it: the body of supply-started, supply-ended and of hello's lists. */
export interface EngineSupplyRecord {
  readonly supplyId: string;
  readonly requestId: string;
  /** Absent: ANON. */
  readonly driverId?: string;
  readonly origin: SupplyOrigin;
  readonly priceE4PerKwh: number;
  readonly phase: EnginePhase;
  readonly acceptedAtMs: number;
  readonly authorisedAtMs?: number;
  readonly pluggedAtMs?: number;
  readonly endedAtMs?: number;
  /** Cumulative since plug-in. */
  readonly energyWh: number;
  /** Of the last reading; 0 before the first. */
  readonly sequence: number;
  readonly endReason?: EndReason;
  /** At most 120 points of [second since plug-in, powerW, energyWh], for the ticket. */
  readonly curve?: number[][];
}

/** A closed supply: a record that has its end. */
export interface EndedEngineSupply extends EngineSupplyRecord {
  readonly phase: 'ENDED';
  readonly endedAtMs: number;
  readonly endReason: EndReason;
}

/** The engine's figures; the first two come with `hello-answered`. */
export interface EnginePolicy {
  readonly plugTimeoutMs: number;
  readonly monitorLoss: 'continue' | 'stop';
  readonly forgetAcceptanceMs: number;
  readonly rememberMs: number;
  readonly monitorGoneMs: number;
  readonly resendFirstMs: number;
  readonly resendMaxMs: number;
}

export const DEFAULT_ENGINE_POLICY: EnginePolicy = {
  plugTimeoutMs: 2 * MINUTE_MS,
  monitorLoss: 'continue',
  forgetAcceptanceMs: 10 * SECOND_MS,
  rememberMs: MINUTE_MS,
  monitorGoneMs: 3 * SECOND_MS,
  resendFirstMs: 5 * SECOND_MS,
  resendMaxMs: MINUTE_MS,
};

/** A closed supply that Central has not acknowledged yet. */
export interface Unacknowledged {
  readonly record: EndedEngineSupply;
  readonly sendAgainAtMs: number;
  readonly sendAgainAfterMs: number;
}

/** All that the engine decides on; the journal holds what of it must survive. */
export interface EngineState {
  readonly cpId: string;
  readonly current: EngineSupplyRecord | null;
  readonly unacknowledged: readonly Unacknowledged[];
  /** Ids that may not start (again): cancelled, forgotten or ended, until the time given. */
  readonly remembered: ReadonlyMap<string, number>;
  readonly isLocalHold: boolean;
  /** The fault key (R1-24), or a journal that cannot be written: health answers KO. */
  readonly isFaulty: boolean;
  readonly hasKey: boolean;
  readonly isCentralReachable: boolean;
  /** Last question of the Monitor; null = none since boot. */
  readonly lastQuestionAtMs: number | null;
  /** Counts levels (local hold) within this boot. */
  readonly levelSequence: number;
  readonly policy: EnginePolicy;
}

/** Orders from Central, the hand at the point, the Monitor's questions, time. */
export type EngineEvent =
  | {
      readonly kind: 'start-supply';
      readonly supplyId: string;
      readonly requestId: string;
      readonly driverId: string | null;
      readonly origin: SupplyOrigin;
      readonly priceE4PerKwh: number;
      /** On the engine's clock. */
      readonly expiresAtMs: number;
    }
  | { readonly kind: 'supply-authorised'; readonly supplyId: string }
  | { readonly kind: 'cancel-supply'; readonly supplyId: string }
  | { readonly kind: 'stop-supply'; readonly supplyId: string; readonly reason: EndReason }
  | { readonly kind: 'supply-closed'; readonly supplyId: string }
  | { readonly kind: 'plug' }
  /** The meter now: cumulative since plug-in. Send it before `unplug` and the stops as well. */
  | { readonly kind: 'meter'; readonly energyWh: number; readonly powerW: number }
  | { readonly kind: 'unplug' }
  | { readonly kind: 'local-stop' }
  | { readonly kind: 'set-local-hold'; readonly isLocalHold: boolean }
  | { readonly kind: 'set-faulty'; readonly isFaulty: boolean }
  | { readonly kind: 'key-changed'; readonly hasKey: boolean }
  | { readonly kind: 'monitor-asked'; readonly isCentralReachable: boolean }
  | {
      readonly kind: 'hello-answered';
      readonly acknowledgedSupplyIds: readonly string[];
      readonly openSupply: {
        readonly supplyId: string;
        readonly state: OpenSupplyState;
        readonly orderedEndReason?: EndReason;
      } | null;
      readonly policy: { readonly plugTimeoutMs: number; readonly monitorLoss: 'continue' | 'stop' };
    }
  | { readonly kind: 'tick' };

/** A line of the journal, without cpId, time and checksum (protocol 4). */
export type EngineJournalEntry =
  | { readonly kind: 'accepted'; readonly record: EngineSupplyRecord }
  | { readonly kind: 'authorised'; readonly supplyId: string; readonly atMs: number }
  | { readonly kind: 'plugged'; readonly supplyId: string; readonly atMs: number }
  | {
      readonly kind: 'reading';
      readonly supplyId: string;
      readonly sequence: number;
      readonly energyWh: number;
      readonly powerW: number;
      readonly atMs: number;
    }
  | { readonly kind: 'ended'; readonly record: EndedEngineSupply }
  | { readonly kind: 'dropped'; readonly supplyId: string; readonly atMs: number }
  | { readonly kind: 'acknowledged'; readonly supplyId: string; readonly atMs: number }
  | { readonly kind: 'local-hold'; readonly isLocalHold: boolean; readonly atMs: number };

/** What the engine says to Central. */
export type EngineMessage =
  | { readonly type: 'supply-accepted'; readonly supplyId: string }
  | { readonly type: 'supply-declined'; readonly supplyId: string; readonly code: DeclineCode }
  | { readonly type: 'supply-started'; readonly record: EngineSupplyRecord }
  | {
      readonly type: 'meter-reading';
      readonly supplyId: string;
      readonly sequence: number;
      readonly energyWh: number;
      readonly powerW: number;
      readonly measuredAtMs: number;
    }
  | { readonly type: 'supply-ended'; readonly record: EndedEngineSupply }
  | { readonly type: 'local-hold'; readonly sequence: number; readonly isHeld: boolean };

/** In this order, each one finished before the next: a fact is on disk before it is told (D-06). */
export type EngineEffect =
  | { readonly kind: 'journal'; readonly entry: EngineJournalEntry; readonly isDurable: boolean }
  | { readonly kind: 'send'; readonly message: EngineMessage };

/** What an event came to; the same state object means that nothing changed. */
export interface EngineStep {
  readonly state: EngineState;
  readonly effects: readonly EngineEffect[];
}
