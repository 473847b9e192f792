/**
 * Locks ids that are no accounts as accounts are locked: an answer LOCKED would otherwise tell which ids exist (D-15).
 * In memory, bounded: the longest known id is forgotten first.
 */
export class UnknownAccountLocks {
  readonly #rule: { maxFailures: number; lockMs: number };
  readonly #ids = new Map<string, { failures: number; lockedUntilMs: number }>();

  constructor(rule: { maxFailures: number; lockMs: number }) {
    this.#rule = rule;
  }

  /** How long it is still locked; 0: it is not. */
  lockedForMs(id: string, nowMs: number): number {
    return Math.max(0, (this.#ids.get(id)?.lockedUntilMs ?? 0) - nowMs);
  }

  /** Counts a try; true if this one locked it. */
  noteFailure(id: string, nowMs: number): boolean {
    const { maxFailures, lockMs } = this.#rule;
    const known = this.#ids.get(id) ?? { failures: 0, lockedUntilMs: 0 };
    const failures = (known.failures + 1) % maxFailures;
    const isLocked = failures === 0;
    this.#ids.set(id, { failures, lockedUntilMs: isLocked ? nowMs + lockMs : known.lockedUntilMs });
    const [oldest] = this.#ids.keys();
    if (this.#ids.size > MAX_IDS && oldest !== undefined) this.#ids.delete(oldest);
    return isLocked;
  }
}

const MAX_IDS = 10_000;
