import { decideEngine } from '../domain/engine-decide.ts';
import { restartEngine } from '../domain/engine-journal.ts';
import {
  DEFAULT_ENGINE_POLICY,
  type EngineEvent,
  type EngineState,
  type EngineStep,
  type EngineSupplyRecord,
} from '../domain/engine-supply.ts';
import { DEFAULT_SUPPLY_POLICY, type OpenSupply, type Supply, type SupplyPolicy } from '../domain/supply.ts';
import { decideSupply } from '../domain/supply-decide.ts';
import type { DecisionTime, PointContext, SupplyDecision, SupplyEvent } from '../domain/supply-decision.ts';
import type { OpenSupplyState } from '../domain/vocabulary.ts';

export const START_MS = 1_750_000_000_000;
export const SUPPLY_ID = '0197a000-0000-7000-8000-000000000001';

/** An open supply of driver DRV001 at CP001, some seconds old. */
export function openSupply(state: OpenSupplyState, change: Partial<OpenSupply> = {}): OpenSupply {
  const isPlugged = state === 'CHARGING' || state === 'ENDING' || state === 'INTERRUPTED';
  return {
    supplyId: SUPPLY_ID,
    requestId: '0197a000-0000-4000-8000-000000000002',
    clientId: 'driver:DRV001',
    cpId: 'CP001',
    driverId: 'DRV001',
    origin: 'APP',
    state,
    version: 3,
    priceE4PerKwh: 2_500,
    requestedAtMs: START_MS - 9_000,
    authorisedAtMs: state === 'REQUESTED' ? null : START_MS - 8_000,
    pluggedAtMs: isPlugged ? START_MS - 7_000 : null,
    orderedEndReason: null,
    suspectReasons: [],
    deadlineAtMs: START_MS + 1_000,
    endedAtMs: null,
    closedAtMs: null,
    endReason: null,
    refusal: null,
    energyWh: null,
    amountCents: null,
    isEstimated: false,
    ...change,
  };
}

/** A point whose parts all live, with a supply. */
export function pointWith(supply: Supply | null, change: Partial<PointContext> = {}): PointContext {
  return {
    cpId: 'CP001',
    priceE4PerKwh: 2_500,
    maxPowerW: 50_000,
    facts: { isMonitorAlive: true, isEngineOk: true, isChannelUp: true, holds: new Set() },
    supply,
    snapshot: null,
    ...change,
  };
}

/** A moment of decision, `afterMs` after START_MS. */
export function moment(afterMs = 0, policy: Partial<SupplyPolicy> = {}): DecisionTime {
  return { nowMs: START_MS + afterMs, policy: { ...DEFAULT_SUPPLY_POLICY, ...policy }, listeningSinceMs: 0 };
}

/** One decision about a supply of a healthy point. */
export function decideAbout(supply: Supply | null, event: SupplyEvent, at = moment()): SupplyDecision {
  return decideSupply(pointWith(supply), event, at);
}

/** The engine's record of the same supply. */
export function engineRecord(change: Partial<EngineSupplyRecord> = {}): EngineSupplyRecord {
  return {
    supplyId: SUPPLY_ID,
    requestId: '0197a000-0000-4000-8000-000000000002',
    driverId: 'DRV001',
    origin: 'APP',
    priceE4PerKwh: 2_500,
    phase: 'CHARGING',
    acceptedAtMs: START_MS - 9_000,
    authorisedAtMs: START_MS - 8_000,
    pluggedAtMs: START_MS - 7_000,
    energyWh: 0,
    sequence: 0,
    ...change,
  };
}

/** The same, ended now after 40 Wh. */
export function endedRecord(change: Partial<EngineSupplyRecord> = {}): EngineSupplyRecord {
  return engineRecord({
    phase: 'ENDED',
    endedAtMs: START_MS,
    endReason: 'UNPLUGGED',
    energyWh: 40,
    sequence: 6,
    ...change,
  });
}

/** Kinds of effects, with what matters of each. */
export function effectsOf(decision: SupplyDecision): string[] {
  return decision.effects.map((effect) =>
    effect.kind === 'send-stop-supply' ? `${effect.kind} ${effect.reason} ${effect.route}` : effect.kind,
  );
}

/** An engine that has its key and its Monitor, and nothing to do. */
export function readyEngine(change: Partial<EngineState> = {}): EngineState {
  const { state } = restartEngine({ cpId: 'CP001', policy: DEFAULT_ENGINE_POLICY, entries: [] }, START_MS);
  return { ...state, hasKey: true, isCentralReachable: true, lastQuestionAtMs: START_MS, ...change };
}

/** Events one after the other, each with its distance from START_MS; gives the last step. */
export function play(state: EngineState, ...events: readonly (readonly [number, EngineEvent])[]): EngineStep {
  let step: EngineStep = { state, effects: [] };
  for (const [afterMs, event] of events) step = decideEngine(step.state, event, START_MS + afterMs);
  return step;
}

/** `start-supply` with five seconds to live. */
export function startOrder(change: Partial<Extract<EngineEvent, { kind: 'start-supply' }>> = {}): EngineEvent {
  return {
    kind: 'start-supply',
    supplyId: SUPPLY_ID,
    requestId: '0197a000-0000-4000-8000-000000000002',
    driverId: 'DRV001',
    origin: 'APP',
    priceE4PerKwh: 2_500,
    expiresAtMs: START_MS + 5_000,
    ...change,
  };
}

/** Types of what an engine writes and says, in order. */
export function engineEffectsOf(step: EngineStep): string[] {
  return step.effects.map((effect) => {
    if (effect.kind === 'journal') return `journal ${effect.entry.kind}`;
    const { message } = effect;
    return message.type === 'supply-declined' ? `${message.type} ${message.code}` : message.type;
  });
}
