import type { Clock } from '../../io/clock.ts';

const TOLERATED_JUMP_MS = 2_000;

/**
 * The engine's time: wall clock at the start, monotonic from then on, so that a correction of the computer's clock
 * neither lengthens a charge nor ends a wait. `settle` takes a correction over when nothing depends on it.
 */
export class EngineTime {
  readonly #clock: Clock;
  #offsetMs: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#offsetMs = clock.nowMs() - clock.monotonicMs();
  }

  nowMs(): number {
    return Math.round(this.#clock.monotonicMs() + this.#offsetMs);
  }

  settle(): void {
    const offsetMs = this.#clock.nowMs() - this.#clock.monotonicMs();
    if (Math.abs(offsetMs - this.#offsetMs) > TOLERATED_JUMP_MS) this.#offsetMs = offsetMs;
  }
}
