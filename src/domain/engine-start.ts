import { andThen, dropAcceptance, endCurrent, endOfOther, findUnacknowledged, remember, same } from './engine-end.ts';
import type { EngineEvent, EngineState, EngineStep, EngineSupplyRecord } from './engine-supply.ts';
import type { DeclineCode } from './vocabulary.ts';

type StartSupply = Extract<EngineEvent, { kind: 'start-supply' }>;

/** So that `hello` always names every supply that Central may not know to be closed. */
export const MAX_UNACKNOWLEDGED = 20;

/** True when the Monitor has asked nothing for `monitorGoneMs`: no new supply, not even a manual one (D-08). */
export function isMonitorGone(state: EngineState, nowMs: number): boolean {
  return state.lastQuestionAtMs === null || nowMs - state.lastQuestionAtMs > state.policy.monitorGoneMs;
}

/** Why no supply may start now whoever asks, apart from one that is already there. */
export function blockedStart(state: EngineState, nowMs: number): DeclineCode | undefined {
  if (state.isFaulty) return 'FAULTED';
  if (!state.hasKey) return 'NO_KEY';
  if (isMonitorGone(state, nowMs)) return 'NO_MONITOR';
  if (state.isLocalHold) return 'LOCAL_HOLD';
  return state.unacknowledged.length >= MAX_UNACKNOWLEDGED ? 'BUSY' : undefined;
}

/** `start-supply`: accepted on disk before it is told; a repeat is answered again, an old one never starts. */
export function startSupply(state: EngineState, order: StartSupply, nowMs: number): EngineStep {
  const { current } = state;
  if (current?.supplyId === order.supplyId) return same(state, accepted(order.supplyId));
  const ended = findUnacknowledged(state, order.supplyId);
  if (ended !== undefined) return same(state, { kind: 'send', message: { type: 'supply-ended', record: ended } });
  const isReplacing = current?.phase === 'ACCEPTED' && order.supplyId > current.supplyId;
  const code = declineCode(state, order, nowMs) ?? (current !== null && !isReplacing ? 'BUSY' : undefined);
  if (code !== undefined) {
    return same(state, { kind: 'send', message: { type: 'supply-declined', supplyId: order.supplyId, code } });
  }
  return andThen(dropAcceptance(state, nowMs), (free) => accept(free, order, nowMs));
}

/** `supply-authorised`: from now on the plug counts. For an unknown supply the answer is that it has ended. */
export function supplyAuthorised(state: EngineState, supplyId: string, nowMs: number): EngineStep {
  const { current } = state;
  if (current?.supplyId !== supplyId) return endOfOther(state, { supplyId, reason: 'CANCELLED' }, nowMs);
  if (current.phase === 'CHARGING') {
    return same(state, { kind: 'send', message: { type: 'supply-started', record: current } });
  }
  if (current.phase !== 'ACCEPTED') return same(state);
  return {
    state: { ...state, current: { ...current, phase: 'AUTHORISED', authorisedAtMs: nowMs } },
    effects: [{ kind: 'journal', entry: { kind: 'authorised', supplyId, atMs: nowMs }, isDurable: true }],
  };
}

/** `cancel-supply`: also remembered for a start that a sweep has overtaken; it never ends a running charge. */
export function cancelSupply(state: EngineState, supplyId: string, nowMs: number): EngineStep {
  const { current } = state;
  if (current?.supplyId !== supplyId)
    return { state: { ...state, remembered: remember(state, supplyId, nowMs) }, effects: [] };
  if (current.phase === 'ACCEPTED') return dropAcceptance(state, nowMs);
  return current.phase === 'AUTHORISED' ? endCurrent(state, { reason: 'CANCELLED' }, nowMs) : same(state);
}

function declineCode(state: EngineState, order: StartSupply, nowMs: number): DeclineCode | undefined {
  if (state.remembered.has(order.supplyId)) return 'CANCELLED';
  if (nowMs >= order.expiresAtMs) return 'EXPIRED';
  return blockedStart(state, nowMs);
}

function accept(state: EngineState, order: StartSupply, nowMs: number): EngineStep {
  const record: EngineSupplyRecord = {
    supplyId: order.supplyId,
    requestId: order.requestId,
    ...(order.driverId === null ? {} : { driverId: order.driverId }),
    origin: order.origin,
    priceE4PerKwh: order.priceE4PerKwh,
    phase: 'ACCEPTED',
    acceptedAtMs: nowMs,
    energyWh: 0,
    sequence: 0,
  };
  return {
    state: { ...state, current: record },
    effects: [{ kind: 'journal', entry: { kind: 'accepted', record }, isDurable: true }, accepted(order.supplyId)],
  };
}

function accepted(supplyId: string): EngineStep['effects'][number] {
  return { kind: 'send', message: { type: 'supply-accepted', supplyId } };
}
