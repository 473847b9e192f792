import { HOUR_MS } from './units.ts';

const MAX_CURVE_POINTS = 120;
const RAMP_UP_MS = 12_000;
const TAPER_FROM_PERCENT = 55;
/** Share of the plateau's power that is left at 100 % of the battery. */
const POWER_LEFT = 0.08;
/** One Wh in watt-milliseconds: the remainder is kept in these, so nothing drifts. */
const WATT_MS_PER_WH = HOUR_MS;

/** A vehicle on the plug: what it can take and where it stands. */
export interface Vehicle {
  readonly batteryWh: number;
  readonly levelPercentAtPlug: number;
  /** Most that the vehicle itself takes, in W. */
  readonly maxPowerW: number;
}

/** A running charge: whole Wh and the exact rest below one Wh. */
export interface Charge {
  readonly vehicle: Vehicle;
  readonly pluggedAtMs: number;
  readonly meteredAtMs: number;
  readonly powerW: number;
  readonly energyWh: number;
  readonly restWattMs: number;
}

/** A charge at the moment of the plug. */
export function plugVehicle(vehicle: Vehicle, nowMs: number): Charge {
  return { vehicle, pluggedAtMs: nowMs, meteredAtMs: nowMs, powerW: 0, energyWh: 0, restWattMs: 0 };
}

/** Battery level in percent after the energy so far, at most 100. */
export function levelPercent(charge: Charge): number {
  const { batteryWh, levelPercentAtPlug } = charge.vehicle;
  return Math.min(100, levelPercentAtPlug + (100 * charge.energyWh) / batteryWh);
}

/**
 * The meter at `nowMs`: power ramps up, holds a plateau to about 55 % of the battery and tapers; 0 when full.
 * Energy is the sum of the last power over the time since the last call, in integers, never more than the battery takes.
 */
export function meterCharge(charge: Charge, pointMaxPowerW: number, nowMs: number): Charge {
  const elapsedMs = Math.max(0, nowMs - charge.meteredAtMs);
  const wattMs = charge.restWattMs + charge.powerW * elapsedMs;
  const { batteryWh, levelPercentAtPlug } = charge.vehicle;
  const roomWh = Math.max(0, Math.floor((batteryWh * (100 - levelPercentAtPlug)) / 100));
  const metered = {
    ...charge,
    meteredAtMs: charge.meteredAtMs + elapsedMs,
    energyWh: Math.min(roomWh, charge.energyWh + Math.floor(wattMs / WATT_MS_PER_WH)),
    restWattMs: wattMs % WATT_MS_PER_WH,
  };
  const powerW = metered.energyWh >= roomWh ? 0 : powerAt(metered, pointMaxPowerW);
  return { ...metered, powerW };
}

/** Adds a point [second, powerW, energyWh] to a ticket's curve, which thins itself out at 120 points. */
export function addCurvePoint(curve: number[][], point: [number, number, number]): number[][] {
  const last = curve.at(-1)?.[0];
  const stepSeconds = (curve[1]?.[0] ?? 0) - (curve[0]?.[0] ?? 0);
  if (last !== undefined && point[0] - last < stepSeconds) return curve;
  const longer = [...curve, point];
  return longer.length > MAX_CURVE_POINTS ? longer.filter((_, index) => index % 2 === 0) : longer;
}

function powerAt(charge: Charge, pointMaxPowerW: number): number {
  const plateauW = Math.min(pointMaxPowerW, charge.vehicle.maxPowerW);
  const ramp = Math.min(1, (charge.meteredAtMs - charge.pluggedAtMs) / RAMP_UP_MS);
  return Math.round(plateauW * ramp * shareAtLevel(levelPercent(charge)));
}

function shareAtLevel(percent: number): number {
  if (percent <= TAPER_FROM_PERCENT) return 1;
  const beyond = (percent - TAPER_FROM_PERCENT) / (100 - TAPER_FROM_PERCENT);
  return POWER_LEFT + (1 - POWER_LEFT) * (1 - beyond) ** 1.3;
}
