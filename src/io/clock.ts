/** A running timer; cancelling twice is harmless. */
export type Timer = { cancel(): void };

/** Where time comes from: passed in, so that tests decide it. */
export type Clock = {
  /** Wall clock, milliseconds since 1970 (UTC); may jump. */
  nowMs(): number;
  /** Never goes back; for durations only. */
  monotonicMs(): number;
  /** Runs once after `delayMs`. */
  setTimer(run: () => void, delayMs: number): Timer;
  /** Runs every `everyMs` until cancelled. */
  setRepeating(run: () => void, everyMs: number): Timer;
};

/** The computer's own clock. Its timers keep the process alive: whoever starts one cancels it. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  setTimer(run, delayMs) {
    const handle = setTimeout(run, delayMs);
    return { cancel: () => clearTimeout(handle) };
  },
  setRepeating(run, everyMs) {
    const handle = setInterval(run, everyMs);
    return { cancel: () => clearInterval(handle) };
  },
};

/** Resolves after `delayMs`, or at once when the signal aborts. */
export function pause(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const finish = () => {
      timer.cancel();
      signal?.removeEventListener('abort', finish);
      resolve();
    };
    const timer = clock.setTimer(finish, delayMs);
    signal?.addEventListener('abort', finish, { once: true });
  });
}
