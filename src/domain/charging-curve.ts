/** A vehicle at a charging point; powers in W, energies in Wh, level in percent of the battery. */
export interface Vehicle {
  readonly batteryWh: number;
  readonly levelPercent: number;
  readonly maxPowerW: number;
}
