/** How the page stands with its own server. Times here are monotonic milliseconds of this page. */
export type LiveLink = {
  phase: 'CONNECTING' | 'OPEN' | 'WAITING' | 'STOPPED';
  /** Failed attempts in a row. */
  attempt: number;
  /** When the next attempt comes (WAITING only). */
  retryAtMs: number;
  /** When this client started: before the first frame nothing is late yet. */
  startedAtMs: number;
};

export type LinkLevel = 'CONNECTING' | 'LIVE' | 'RECONNECTING' | 'OFFLINE';

const SILENT_AFTER_MS = 5_000;
const OFFLINE_AFTER_MS = 10_000;
const BACK_OFF_MS = [1_000, 2_000, 4_000, 8_000, 15_000];

/** Pause before the next attempt: 1, 2, 4, 8, then 15 s, each with up to a fifth of jitter (`random` in 0..1). */
export function backOffMs(failedAttempts: number, random: number): number {
  const step = BACK_OFF_MS[Math.min(Math.max(failedAttempts, 1), BACK_OFF_MS.length) - 1]!;
  return Math.round(step * (0.9 + 0.2 * random));
}

/** Level of freshness of the page (ux 2.3): live, reconnecting after 5 s without a word, offline after 10 s. */
export function linkLevel(link: LiveLink, lastFrameAtMs: number | undefined, nowMs: number): LinkLevel {
  const silentMs = nowMs - (lastFrameAtMs ?? link.startedAtMs);
  if (link.phase === 'OPEN' && lastFrameAtMs !== undefined && silentMs < SILENT_AFTER_MS) return 'LIVE';
  // A first try, also after a login: nothing has failed yet.
  if (link.phase !== 'WAITING' && link.attempt === 0 && nowMs - link.startedAtMs < SILENT_AFTER_MS) return 'CONNECTING';
  return silentMs < OFFLINE_AFTER_MS ? 'RECONNECTING' : 'OFFLINE';
}

/** True when an open socket has been silent for so long that it must be given up. */
export function isSilent(lastHeardAtMs: number, nowMs: number): boolean {
  return nowMs - lastHeardAtMs >= SILENT_AFTER_MS;
}
