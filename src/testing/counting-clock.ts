import type { Clock, Timer } from '../io/clock.ts';

/** A clock that tells how many of its timers nobody has cancelled: one that is left keeps its process for ever. */
export type CountingClock = { clock: Clock; readonly repeating: number };

/** Counts the repeating timers of a clock. */
export function countingClock(inner: Clock): CountingClock {
  const left = new Set<Timer>();
  return {
    clock: {
      ...inner,
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
  };
}
