import { andThen, endCurrent, same } from './engine-end.ts';
import { isMonitorGone } from './engine-start.ts';
import type { EngineEffect, EngineState, EngineStep, Unacknowledged } from './engine-supply.ts';

/** What time alone has decided; every other event is judged after it, so no figure depends on when a tick came. */
export function expire(state: EngineState, nowMs: number): EngineStep {
  return andThen(expireCurrent(state, nowMs), (after) => same(forget(after, nowMs)));
}

function expireCurrent(state: EngineState, nowMs: number): EngineStep {
  const { current, policy } = state;
  if (current === null) return same(state);
  const isAbandoned = policy.monitorLoss === 'stop' && isMonitorGone(state, nowMs);
  switch (current.phase) {
    case 'ACCEPTED':
      return nowMs - current.acceptedAtMs >= policy.forgetAcceptanceMs
        ? endCurrent(state, { reason: 'CANCELLED' }, nowMs)
        : same(state);
    case 'AUTHORISED':
      if (isAbandoned) return endCurrent(state, { reason: 'MONITOR_LOSS' }, nowMs);
      return nowMs - (current.authorisedAtMs ?? nowMs) >= policy.plugTimeoutMs
        ? endCurrent(state, { reason: 'PLUG_TIMEOUT' }, nowMs)
        : same(state);
    case 'CHARGING':
      return isAbandoned ? endCurrent(state, { reason: 'MONITOR_LOSS' }, nowMs) : same(state);
    case 'ENDED':
      return same(state);
    default:
      return current.phase satisfies never;
  }
}

/** Every closed supply whose acknowledgement is overdue, told again with doubling pauses. */
export function sendAgain(state: EngineState, nowMs: number): EngineStep {
  const effects: EngineEffect[] = [];
  const unacknowledged = state.unacknowledged.map((waiting): Unacknowledged => {
    if (nowMs < waiting.sendAgainAtMs) return waiting;
    effects.push({ kind: 'send', message: { type: 'supply-ended', record: waiting.record } });
    const sendAgainAfterMs = Math.min(waiting.sendAgainAfterMs * 2, state.policy.resendMaxMs);
    return { ...waiting, sendAgainAfterMs, sendAgainAtMs: nowMs + sendAgainAfterMs };
  });
  return effects.length === 0 ? same(state) : { state: { ...state, unacknowledged }, effects };
}

/** `supply-closed`: Central has the ticket on disk, the engine need not say it again. */
export function supplyClosed(state: EngineState, supplyId: string, nowMs: number): EngineStep {
  const unacknowledged = state.unacknowledged.filter(({ record }) => record.supplyId !== supplyId);
  if (unacknowledged.length === state.unacknowledged.length) return same(state);
  return {
    state: { ...state, unacknowledged },
    effects: [{ kind: 'journal', entry: { kind: 'acknowledged', supplyId, atMs: nowMs }, isDurable: true }],
  };
}

function forget(state: EngineState, nowMs: number): EngineState {
  const kept = [...state.remembered].filter(([, untilMs]) => nowMs < untilMs);
  return kept.length === state.remembered.size ? state : { ...state, remembered: new Map(kept) };
}
