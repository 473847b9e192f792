import type {
  EndedEngineSupply,
  EngineEffect,
  EngineState,
  EngineStep,
  EngineSupplyRecord,
  Unacknowledged,
} from './engine-supply.ts';
import type { EndReason } from './vocabulary.ts';

const MAX_REMEMBERED = 200;

/** Nothing changed; effects may repeat what was said before. */
export function same(state: EngineState, ...effects: EngineEffect[]): EngineStep {
  return { state, effects };
}

/** Runs a second decision on the outcome of a first. */
export function andThen(step: EngineStep, decide: (state: EngineState) => EngineStep): EngineStep {
  const after = decide(step.state);
  return { state: after.state, effects: [...step.effects, ...after.effects] };
}

/** Closes what runs: on disk first, then told until acknowledged. `endedAtMs` is now unless the journal knows better. */
export function endCurrent(
  state: EngineState,
  end: { reason: EndReason; endedAtMs?: number },
  nowMs: number,
): EngineStep {
  if (state.current === null) return same(state);
  const record: EndedEngineSupply = {
    ...state.current,
    phase: 'ENDED',
    endedAtMs: end.endedAtMs ?? nowMs,
    endReason: end.reason,
  };
  const { resendFirstMs } = state.policy;
  const waiting: Unacknowledged = { record, sendAgainAtMs: nowMs + resendFirstMs, sendAgainAfterMs: resendFirstMs };
  const ended = {
    ...state,
    current: null,
    unacknowledged: [...state.unacknowledged, waiting],
    remembered: remember(state, record.supplyId, nowMs),
  };
  return {
    state: ended,
    effects: [
      { kind: 'journal', entry: { kind: 'ended', record }, isDurable: true },
      { kind: 'send', message: { type: 'supply-ended', record } },
    ],
  };
}

/** Gives an acceptance up that was never authorised, so that nothing of it can come back. */
export function dropAcceptance(state: EngineState, nowMs: number): EngineStep {
  if (state.current === null) return same(state);
  const { supplyId } = state.current;
  return {
    state: { ...state, current: null, remembered: remember(state, supplyId, nowMs) },
    effects: [{ kind: 'journal', entry: { kind: 'dropped', supplyId, atMs: nowMs }, isDurable: true }],
  };
}

/** Ids that may not start (again) for `rememberMs`; the oldest goes first when there are too many. */
export function remember(state: EngineState, supplyId: string, nowMs: number): ReadonlyMap<string, number> {
  const remembered = new Map(state.remembered);
  remembered.delete(supplyId);
  remembered.set(supplyId, nowMs + state.policy.rememberMs);
  for (const oldest of remembered.keys()) {
    if (remembered.size <= MAX_REMEMBERED) break;
    remembered.delete(oldest);
  }
  return remembered;
}

/** The end of a supply that this engine closed and that Central has not acknowledged. */
export function findUnacknowledged(state: EngineState, supplyId: string): EndedEngineSupply | undefined {
  return state.unacknowledged.find(({ record }) => record.supplyId === supplyId)?.record;
}

/** What to answer about a supply that is not the current one: its end if known, else that nothing was ever charged. */
export function endOfOther(
  state: EngineState,
  asked: { supplyId: string; reason: EndReason },
  nowMs: number,
): EngineStep {
  const known = findUnacknowledged(state, asked.supplyId);
  const record = known ?? unknownSupply(asked.supplyId, asked.reason, nowMs);
  const told: EngineEffect = { kind: 'send', message: { type: 'supply-ended', record } };
  if (known !== undefined) return same(state, told);
  return { state: { ...state, remembered: remember(state, asked.supplyId, nowMs) }, effects: [told] };
}

/** The supply was authorised or ordered to stop, but this engine has nothing of it. */
function unknownSupply(supplyId: string, endReason: EndReason, nowMs: number): EndedEngineSupply {
  const blank: EngineSupplyRecord = {
    supplyId,
    requestId: supplyId,
    origin: 'APP',
    priceE4PerKwh: 0,
    phase: 'ACCEPTED',
    acceptedAtMs: nowMs,
    energyWh: 0,
    sequence: 0,
  };
  return { ...blank, phase: 'ENDED', endedAtMs: nowMs, endReason };
}
