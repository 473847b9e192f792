import type { EngineEvent, EngineState, EngineStep, LocalRefusal } from './engine-supply.ts';

/** The engine's side of a supply: one event, the new state and what must be journaled and sent. */
export function decideEngine(state: EngineState, event: EngineEvent, nowMs: number): EngineStep {
  throw new Error(`not built yet: ${state.cpId} ${event.kind} ${nowMs}`);
}

/** Undefined when the point's own page may ask Central for a supply; a person always hears a reason. */
export function mayRequestLocally(state: EngineState, nowMs: number): LocalRefusal | undefined {
  throw new Error(`not built yet: ${state.cpId} ${nowMs}`);
}

/** True when the Monitor has asked nothing for `monitorGoneMs`: no new supply, not even a manual one (D-08). */
export function isMonitorGone(state: EngineState, nowMs: number): boolean {
  return state.lastQuestionAtMs === null || nowMs - state.lastQuestionAtMs > state.policy.monitorGoneMs;
}
