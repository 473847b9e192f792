import { addCurvePoint } from './charging-curve.ts';
import { endCurrent } from './engine-end.ts';
import { MAX_UNACKNOWLEDGED } from './engine-start.ts';
import type {
  EndedEngineSupply,
  EngineJournalEntry,
  EnginePolicy,
  EngineState,
  EngineStep,
  EngineSupplyRecord,
} from './engine-supply.ts';
import { SECOND_MS } from './units.ts';

/** What a starting engine brings along; `entries` in the order in which they were written. */
export interface EngineBoot {
  readonly cpId: string;
  readonly policy: EnginePolicy;
  readonly entries: Iterable<EngineJournalEntry>;
}

/** Body of `hello` apart from the boot id. */
export interface EngineHello {
  readonly sequence: number;
  readonly isLocalHold: boolean;
  readonly openSupply: EngineSupplyRecord | null;
  readonly unacknowledged: readonly EngineSupplyRecord[];
}

interface Replayed {
  current: EngineSupplyRecord | null;
  lastAtMs: number;
  readonly unacknowledged: Map<string, EndedEngineSupply>;
  /** Of ended and dropped supplies. */
  readonly overAtMs: Map<string, number>;
  isLocalHold: boolean;
}

/** State after a start: what was running is closed as ENGINE_RESTART with its last journaled reading (D-10). */
export function restartEngine(boot: EngineBoot, nowMs: number): EngineStep {
  const replayed: Replayed = {
    current: null,
    lastAtMs: 0,
    unacknowledged: new Map(),
    overAtMs: new Map(),
    isLocalHold: false,
  };
  for (const entry of boot.entries) replay(replayed, entry);
  const { rememberMs, resendFirstMs } = boot.policy;
  const state: EngineState = {
    cpId: boot.cpId,
    current: replayed.current,
    unacknowledged: [...replayed.unacknowledged.values()].map((record) => ({
      record,
      sendAgainAtMs: nowMs,
      sendAgainAfterMs: resendFirstMs,
    })),
    remembered: new Map(
      [...replayed.overAtMs]
        .filter(([, atMs]) => nowMs < atMs + rememberMs)
        .map(([id, atMs]) => [id, atMs + rememberMs]),
    ),
    isLocalHold: replayed.isLocalHold,
    isFaulty: false,
    hasKey: false,
    isCentralReachable: false,
    lastQuestionAtMs: null,
    levelSequence: 0,
    policy: boot.policy,
  };
  return endCurrent(state, { reason: 'ENGINE_RESTART', endedAtMs: replayed.lastAtMs }, nowMs);
}

/** What the engine says of itself under a new lease: newest unacknowledged first, at most 20. */
export function helloOf(state: EngineState): EngineHello {
  return {
    sequence: state.levelSequence,
    isLocalHold: state.isLocalHold,
    openSupply: state.current,
    unacknowledged: state.unacknowledged
      .map(({ record }) => record)
      .reverse()
      .slice(0, MAX_UNACKNOWLEDGED),
  };
}

function replay(replayed: Replayed, entry: EngineJournalEntry): Replayed {
  switch (entry.kind) {
    case 'accepted':
      replayed.current = entry.record;
      replayed.lastAtMs = entry.record.acceptedAtMs;
      return replayed;
    case 'authorised':
      return change(replayed, entry, (current) => ({ ...current, phase: 'AUTHORISED', authorisedAtMs: entry.atMs }));
    case 'plugged':
      return change(replayed, entry, (current) => ({ ...current, phase: 'CHARGING', pluggedAtMs: entry.atMs }));
    case 'reading':
      return change(replayed, entry, (current) => withReading(current, entry));
    case 'ended':
      replayed.current = null;
      replayed.unacknowledged.set(entry.record.supplyId, entry.record);
      replayed.overAtMs.set(entry.record.supplyId, entry.record.endedAtMs);
      return replayed;
    case 'dropped':
      replayed.current = null;
      replayed.overAtMs.set(entry.supplyId, entry.atMs);
      return replayed;
    case 'acknowledged':
      replayed.unacknowledged.delete(entry.supplyId);
      return replayed;
    case 'local-hold':
      replayed.isLocalHold = entry.isLocalHold;
      return replayed;
    default:
      return entry satisfies never;
  }
}

function change(
  replayed: Replayed,
  entry: { supplyId: string; atMs: number },
  to: (current: EngineSupplyRecord) => EngineSupplyRecord,
): Replayed {
  if (replayed.current?.supplyId !== entry.supplyId) return replayed;
  replayed.current = to(replayed.current);
  replayed.lastAtMs = entry.atMs;
  return replayed;
}

function withReading(
  current: EngineSupplyRecord,
  reading: Extract<EngineJournalEntry, { kind: 'reading' }>,
): EngineSupplyRecord {
  const second = Math.round((reading.atMs - (current.pluggedAtMs ?? reading.atMs)) / SECOND_MS);
  const { sequence, energyWh, powerW } = reading;
  return { ...current, sequence, energyWh, curve: addCurvePoint(current.curve ?? [], [second, powerW, energyWh]) };
}
