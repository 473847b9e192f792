import { type Clock, systemClock } from '../io/clock.ts';

/** Real time, `factor` times faster: for stories of some seconds over real sockets. */
export function fastClock(factor: number): Clock {
  const startedAtMs = systemClock.nowMs();
  const startedMonotonicMs = systemClock.monotonicMs();
  const monotonicMs = () => startedMonotonicMs + (systemClock.monotonicMs() - startedMonotonicMs) * factor;
  return {
    nowMs: () => Math.round(startedAtMs + monotonicMs() - startedMonotonicMs),
    monotonicMs,
    setTimer: (run, delayMs) => systemClock.setTimer(run, delayMs / factor),
    setRepeating: (run, everyMs) => systemClock.setRepeating(run, everyMs / factor),
  };
}
