import { meterRead, pluggedIn, setLocalHold, stopAtPoint, stopSupply } from './engine-charge.ts';
import { andThen, same } from './engine-end.ts';
import { blockedStart, cancelSupply, startSupply, supplyAuthorised } from './engine-start.ts';
import type { EngineEvent, EngineState, EngineStep } from './engine-supply.ts';
import { expire, sendAgain, supplyClosed } from './engine-timers.ts';
import type { DeclineCode } from './vocabulary.ts';

/** The engine's side of a supply: one event, the new state and what must be journaled and sent, in that order. */
export function decideEngine(state: EngineState, event: EngineEvent, nowMs: number): EngineStep {
  // A question of the Monitor counts before the clock: otherwise the one that comes late would find itself missing.
  const heard = event.kind === 'monitor-asked' ? { ...state, lastQuestionAtMs: nowMs } : state;
  return andThen(expire(heard, nowMs), (current) => decide(current, event, nowMs));
}

/** Undefined when the point's own page may ask Central for a supply; a person always hears a reason. */
export function mayRequestLocally(state: EngineState, nowMs: number): DeclineCode | undefined {
  const blocked = blockedStart(state, nowMs);
  if (blocked !== undefined) return blocked;
  if (state.current !== null) return 'BUSY';
  return state.isCentralReachable ? undefined : 'NO_CENTRAL';
}

function decide(state: EngineState, event: EngineEvent, nowMs: number): EngineStep {
  switch (event.kind) {
    case 'start-supply':
      return startSupply(state, event, nowMs);
    case 'supply-authorised':
      return supplyAuthorised(state, event.supplyId, nowMs);
    case 'cancel-supply':
      return cancelSupply(state, event.supplyId, nowMs);
    case 'stop-supply':
      return stopSupply(state, event, nowMs);
    case 'supply-closed':
      return supplyClosed(state, event.supplyId, nowMs);
    case 'hello-answered':
      return helloAnswered(state, event, nowMs);
    case 'plug':
      return pluggedIn(state, nowMs);
    case 'meter':
      return meterRead(state, event, nowMs);
    case 'unplug':
      return stopAtPoint(state, 'UNPLUGGED', nowMs);
    case 'local-stop':
      return stopAtPoint(state, 'LOCAL_STOP', nowMs);
    case 'set-local-hold':
      return setLocalHold(state, event.isLocalHold, nowMs);
    case 'set-faulty':
      return setFaulty(state, event.isFaulty, nowMs);
    case 'key-changed':
      return same(state.hasKey === event.hasKey ? state : { ...state, hasKey: event.hasKey });
    case 'monitor-asked':
      return same({ ...state, isCentralReachable: event.isCentralReachable });
    case 'tick':
      return sendAgain(state, nowMs);
    default:
      return event satisfies never;
  }
}

/** A fault ends the charge at once, whether or not Central can order it (D-04). */
function setFaulty(state: EngineState, isFaulty: boolean, nowMs: number): EngineStep {
  const faulty = state.isFaulty === isFaulty ? state : { ...state, isFaulty };
  return isFaulty ? stopAtPoint(faulty, 'FAULT', nowMs) : same(faulty);
}

function helloAnswered(
  state: EngineState,
  answer: Extract<EngineEvent, { kind: 'hello-answered' }>,
  nowMs: number,
): EngineStep {
  const acknowledged = answer.acknowledgedSupplyIds.reduce<EngineStep>(
    (step, supplyId) => andThen(step, (after) => supplyClosed(after, supplyId, nowMs)),
    same({ ...state, policy: { ...state.policy, ...answer.policy } }),
  );
  const open = answer.openSupply;
  const reason = open?.orderedEndReason;
  if (open === null || reason === undefined) return acknowledged;
  return andThen(acknowledged, (after) => stopSupply(after, { supplyId: open.supplyId, reason }, nowMs));
}
