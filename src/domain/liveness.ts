/** Figures by which a silent peer is declared lost. */
export interface LivenessPolicy {
  readonly periodMs: number;
  readonly missedPeriods: number;
}

/** Three periods without a frame (protocol 2, step 4). */
export const DEFAULT_LIVENESS: LivenessPolicy = { periodMs: 1_000, missedPeriods: 3 };

/**
 * The watcher's own time: the wall clock without the spans in which its loop stood still (protocol 6).
 * Marks of peers are taken by `watchedMs` at the moment they are heard.
 */
export interface Watch {
  readonly lastSweepAtMs: number;
  readonly stoodStillMs: number;
}

/** A watch that begins now. */
export function startWatch(nowMs: number): Watch {
  return { lastSweepAtMs: nowMs, stoodStillMs: 0 };
}

/** A sweep that comes later than planned hides what the peers sent meanwhile: the excess is nobody's silence. */
export function sweep(watch: Watch, sweepEveryMs: number, nowMs: number): Watch {
  const lateMs = Math.max(0, nowMs - watch.lastSweepAtMs - 2 * sweepEveryMs);
  return { lastSweepAtMs: nowMs, stoodStillMs: watch.stoodStillMs + lateMs };
}

/** Now on the watcher's own scale. */
export function watchedMs(watch: Watch, nowMs: number): number {
  return nowMs - watch.stoodStillMs;
}

/** True when a peer has been silent for the periods allowed; both marks on the watcher's scale. */
export function isLost(policy: LivenessPolicy, heardWatchedMs: number, nowWatchedMs: number): boolean {
  return nowWatchedMs - heardWatchedMs >= policy.periodMs * policy.missedPeriods;
}

/** What a Monitor makes of its questions to the engine: two misses, a KO or a closed link are KO. */
export interface EngineHealth {
  readonly misses: number;
  readonly isOk: boolean;
}

/** Not OK until the first good answer. */
export const UNKNOWN_HEALTH: EngineHealth = { misses: 0, isOk: false };

/** The verdict after one more question; the caller asks again at once after a first miss. */
export function engineHealth(health: EngineHealth, outcome: 'OK' | 'KO' | 'MISSED' | 'CLOSED'): EngineHealth {
  switch (outcome) {
    case 'OK':
      return { misses: 0, isOk: true };
    case 'KO':
    case 'CLOSED':
      return { misses: 0, isOk: false };
    case 'MISSED':
      return { misses: health.misses + 1, isOk: health.isOk && health.misses === 0 };
    default:
      return outcome satisfies never;
  }
}
