const FIRST_MS = 500;
const LONGEST_MS = 15_000;
const CALM_AFTER_MS = 30_000;

/** How often in a row a program has died young; a life of 30 s counts as healthy and starts the count again. */
export type RestartHistory = { quickDeaths: number };

/** The history after one more death. */
export function afterDeath(history: RestartHistory, livedMs: number): RestartHistory {
  return { quickDeaths: livedMs >= CALM_AFTER_MS ? 1 : history.quickDeaths + 1 };
}

/** How long to wait before the next start: 0.5 s after the first death, doubling to at most 15 s. */
export function restartDelayMs(history: RestartHistory): number {
  return Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.max(0, history.quickDeaths - 1));
}
