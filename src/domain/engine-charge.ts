import { addCurvePoint } from './charging-curve.ts';
import { endCurrent, endOfOther, same } from './engine-end.ts';
import type { EngineState, EngineStep } from './engine-supply.ts';
import { SECOND_MS } from './units.ts';
import type { EndReason } from './vocabulary.ts';

/** The plug counts only for an authorised supply at a healthy point. */
export function pluggedIn(state: EngineState, nowMs: number): EngineStep {
  const { current } = state;
  if (current?.phase !== 'AUTHORISED' || state.isFaulty) return same(state);
  const plugged = { ...current, phase: 'CHARGING' as const, pluggedAtMs: nowMs };
  return {
    state: { ...state, current: plugged },
    effects: [
      { kind: 'journal', entry: { kind: 'plugged', supplyId: plugged.supplyId, atMs: nowMs }, isDurable: true },
      { kind: 'send', message: { type: 'supply-started', record: plugged } },
    ],
  };
}

/** A reading: journaled, then sent. The figure never goes back, whatever the meter says. */
export function meterRead(state: EngineState, meter: { energyWh: number; powerW: number }, nowMs: number): EngineStep {
  const { current } = state;
  if (current?.phase !== 'CHARGING') return same(state);
  const { supplyId } = current;
  const { powerW } = meter;
  const energyWh = Math.max(current.energyWh, meter.energyWh);
  const sequence = current.sequence + 1;
  const second = Math.round((nowMs - (current.pluggedAtMs ?? nowMs)) / SECOND_MS);
  const curve = addCurvePoint(current.curve ?? [], [second, powerW, energyWh]);
  return {
    state: { ...state, current: { ...current, energyWh, sequence, curve } },
    effects: [
      {
        kind: 'journal',
        entry: { kind: 'reading', supplyId, sequence, energyWh, powerW, atMs: nowMs },
        isDurable: false,
      },
      { kind: 'send', message: { type: 'meter-reading', supplyId, sequence, energyWh, powerW, measuredAtMs: nowMs } },
    ],
  };
}

/** `stop-supply`, by whichever way it came first. A plugged engine ignores PLUG_TIMEOUT and says that it is plugged. */
export function stopSupply(
  state: EngineState,
  order: { supplyId: string; reason: EndReason },
  nowMs: number,
): EngineStep {
  const { current } = state;
  if (current?.supplyId !== order.supplyId) return endOfOther(state, order, nowMs);
  if (current.phase !== 'CHARGING') return endCurrent(state, order, nowMs);
  if (order.reason === 'PLUG_TIMEOUT') {
    return same(state, { kind: 'send', message: { type: 'supply-started', record: current } });
  }
  // Cancelled a moment after the plug went in: a cancelled supply has no energy, a stopped one has.
  return endCurrent(state, { reason: order.reason === 'CANCELLED' ? 'DRIVER_STOP' : order.reason }, nowMs);
}

/** The hand at the point: the plug pulled, the stop button (before the plug: a cancellation), or the fault key. */
export function stopAtPoint(
  state: EngineState,
  reason: 'UNPLUGGED' | 'LOCAL_STOP' | 'FAULT',
  nowMs: number,
): EngineStep {
  const { current } = state;
  if (current === null) return same(state);
  if (current.phase === 'CHARGING' || reason === 'FAULT') return endCurrent(state, { reason }, nowMs);
  return reason === 'LOCAL_STOP' ? endCurrent(state, { reason: 'CANCELLED' }, nowMs) : same(state);
}

/** The point's own switch: a level with a sequence. */
export function setLocalHold(state: EngineState, isLocalHold: boolean, nowMs: number): EngineStep {
  if (state.isLocalHold === isLocalHold) return same(state);
  const levelSequence = state.levelSequence + 1;
  return {
    state: { ...state, isLocalHold, levelSequence },
    effects: [
      { kind: 'journal', entry: { kind: 'local-hold', isLocalHold, atMs: nowMs }, isDurable: true },
      { kind: 'send', message: { type: 'local-hold', sequence: levelSequence, isHeld: isLocalHold } },
    ],
  };
}
