/** At most `perMinute` attempts of each key; bounded memory. */
export class AttemptLimit {
  readonly #perMinute: number;
  readonly #seen = new Map<string, { count: number; untilMs: number }>();

  constructor(perMinute: number) {
    this.#perMinute = perMinute;
  }

  /** Counts the attempt; when it is one too many: how long to wait, in ms. */
  retryAfterMs(key: string, nowMs: number): number | undefined {
    const known = this.#seen.get(key);
    if (!known || known.untilMs <= nowMs) {
      if (this.#seen.size >= MAX_KEYS) this.#seen.clear();
      this.#seen.set(key, { count: 1, untilMs: nowMs + WINDOW_MS });
      return undefined;
    }
    known.count += 1;
    return known.count > this.#perMinute ? known.untilMs - nowMs : undefined;
  }
}

const WINDOW_MS = 60_000;
const MAX_KEYS = 50_000;
