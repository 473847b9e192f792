import type { Clock } from '../clock.ts';

/**
 * The broker's clock minus ours, from our own beats: a record appended between two instants of ours bounds it.
 * Requests are aged by the broker's clock, so its error must not let old ones pass (F-10).
 */
export class BrokerSkew {
  readonly #clock: Clock;
  #skewMs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get skewMs(): number {
    return this.#skewMs;
  }

  /** `beat` appends a record; `newestTimestampMs` then tells when the broker says it did. */
  async measure(beat: () => Promise<void>, newestTimestampMs: () => Promise<number | undefined>): Promise<void> {
    const beforeMs = this.#clock.nowMs();
    await beat();
    const stampedMs = await newestTimestampMs();
    if (stampedMs === undefined) return;
    const lowest = stampedMs - this.#clock.nowMs();
    const highest = stampedMs - beforeMs;
    this.#skewMs = Math.min(Math.max(this.#skewMs, lowest), highest);
  }
}
