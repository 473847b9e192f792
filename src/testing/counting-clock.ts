import type { Clock, Timer } from '../io/clock.ts';

/** A clock that tells how many of its timers nobody has cancelled: a repeating one that is left keeps its process for ever. */
export type CountingClock = { clock: Clock; readonly repeating: number; readonly once: number };

/** Counts the timers of a clock. */
export function countingClock(inner: Clock): CountingClock {
  const left = new Set<Timer>();
  const waiting = new Set<Timer>();
  return {
    clock: {
      ...inner,
      setTimer(run, delayMs) {
        const timer = inner.setTimer(() => {
          waiting.delete(timer);
          run();
        }, delayMs);
        waiting.add(timer);
        return {
          cancel() {
            waiting.delete(timer);
            timer.cancel();
          },
        };
      },
      setRepeating(run, everyMs) {
        const timer = inner.setRepeating(run, everyMs);
        left.add(timer);
        return {
          cancel() {
            left.delete(timer);
            timer.cancel();
          },
        };
      },
    },
    get repeating() {
      return left.size;
    },
    get once() {
      return waiting.size;
    },
  };
}
