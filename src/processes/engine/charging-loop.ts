import { type Charge, meterCharge, plugVehicle, type Vehicle } from '../../domain/charging-curve.ts';
import type { Clock, Timer } from '../../io/clock.ts';

export type ChargingLoopParts = {
  clock: Clock;
  /** The engine's own time, which does not jump. */
  nowMs(): number;
  vehicle: Vehicle;
  /** Simulated seconds a second; may change during a charge. */
  speed(): number;
  maxPowerW(): number;
  onReading(reading: { energyWh: number; powerW: number }): void;
};

const READING_EVERY_MS = 1_000;

/** The meter of a running charge: a reading each second (S-ENG-06), and one more whenever somebody asks. */
export class ChargingLoop {
  readonly #parts: ChargingLoopParts;
  #charge: Charge | undefined;
  #readAtMs = 0;
  #simulatedMs = 0;
  #timer: Timer | undefined;

  constructor(parts: ChargingLoopParts) {
    this.#parts = parts;
  }

  get powerW(): number {
    return this.#charge?.powerW ?? 0;
  }

  plug(): void {
    this.unplug();
    this.#readAtMs = this.#parts.nowMs();
    this.#simulatedMs = this.#readAtMs;
    this.#charge = plugVehicle(this.#parts.vehicle, this.#readAtMs);
    this.#timer = this.#parts.clock.setRepeating(() => this.readNow(), READING_EVERY_MS);
  }

  /** The last reading belongs to the end of a supply: what was drawn since the second before is not given away. */
  readNow(): void {
    const { nowMs, speed, maxPowerW, onReading } = this.#parts;
    if (!this.#charge) return;
    const atMs = nowMs();
    this.#simulatedMs += (atMs - this.#readAtMs) * speed();
    this.#readAtMs = atMs;
    this.#charge = meterCharge(this.#charge, maxPowerW(), this.#simulatedMs);
    onReading({ energyWh: this.#charge.energyWh, powerW: this.#charge.powerW });
  }

  unplug(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#charge = undefined;
  }
}
