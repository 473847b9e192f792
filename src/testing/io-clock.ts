import type { Clock } from '../io/clock.ts';
import type { FakeClock } from './fake-clock.ts';

/** The `Clock` that io and processes take, driven by a fake one. */
export function ioClockOf(fake: FakeClock): Clock {
  return {
    nowMs: () => fake.nowMs(),
    monotonicMs: () => fake.nowMs(),
    setTimer: (run, delayMs) => ({ cancel: fake.after(delayMs, run) }),
    setRepeating: (run, everyMs) => ({ cancel: fake.every(everyMs, run) }),
  };
}
