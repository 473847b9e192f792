/** Why the weather holds a point (S-WEA-10). CRITICAL_TEMP: a reporter that judges by its own measure. */
export const WEATHER_ALERT_TYPES = ['LOW_TEMP', 'HIGH_TEMP', 'CRITICAL_TEMP'] as const;
export type WeatherAlertType = (typeof WEATHER_ALERT_TYPES)[number];

/** Between these a charging point may be used; 1/100 degree C. */
export interface WeatherThresholds {
  readonly minCc: number;
  readonly maxCc: number;
}

/** 0 and 40 degrees C (S-WEA-05). */
export const DEFAULT_WEATHER_THRESHOLDS: WeatherThresholds = { minCc: 0, maxCc: 4_000 };
/** What a threshold may be (ux 3.1). */
export const THRESHOLD_LIMITS_CC = { lowest: -4_000, highest: 6_000 } as const;
/** Temperatures beyond these were never measured on earth: no reading. */
export const POSSIBLE_TEMPERATURE_CC = { lowest: -10_000, highest: 7_000 } as const;

/** The weather counts as near a threshold this close to it: drivers are warned, nothing else follows (ux 3.2). */
export const NEAR_THRESHOLD_CC = 200;
/** The alerts that the thresholds raise, and that a temperature can therefore be near. */
export const NEAR_ALERT_TYPES = ['LOW_TEMP', 'HIGH_TEMP'] as const satisfies readonly WeatherAlertType[];
export type NearAlertType = (typeof NEAR_ALERT_TYPES)[number];

/** True if the thresholds are within their limits and the minimum is below the maximum. */
export function areThresholdsValid({ minCc, maxCc }: WeatherThresholds): boolean {
  const { lowest, highest } = THRESHOLD_LIMITS_CC;
  const isInside = (cc: number): boolean => Number.isInteger(cc) && cc >= lowest && cc <= highest;
  return isInside(minCc) && isInside(maxCc) && minCc < maxCc;
}

/**
 * The level that a temperature stands for. Below the minimum or above the maximum: an alert; between them: none (R2-53, R2-55).
 * Exactly on a threshold the last decision stands, so that a temperature that hovers there does not switch points on and off.
 */
export function alertFor(
  temperatureCc: number,
  { minCc, maxCc }: WeatherThresholds,
  last: WeatherAlertType | null,
): WeatherAlertType | null {
  if (temperatureCc < minCc) return 'LOW_TEMP';
  if (temperatureCc > maxCc) return 'HIGH_TEMP';
  if (temperatureCc === minCc) return last === 'HIGH_TEMP' ? null : last;
  if (temperatureCc === maxCc) return last === 'LOW_TEMP' ? null : last;
  return null;
}

/** The alert that the temperature is at most NEAR_THRESHOLD_CC away from, the nearer one if both are; null: none. Past a threshold counts too. */
export function nearAlertOf(temperatureCc: number, { minCc, maxCc }: WeatherThresholds): NearAlertType | null {
  const aboveMinCc = temperatureCc - minCc;
  const belowMaxCc = maxCc - temperatureCc;
  if (Math.min(aboveMinCc, belowMaxCc) > NEAR_THRESHOLD_CC) return null;
  return aboveMinCc <= belowMaxCc ? 'LOW_TEMP' : 'HIGH_TEMP';
}

/** What a level that was reported does to the one that is stored; a level that repeats does nothing (F-41). */
export type AlertEdge = 'NONE' | 'RAISED' | 'CHANGED' | 'CLEARED';

/** Compares the stored alert with the reported level. */
export function alertEdge(stored: WeatherAlertType | null, level: WeatherAlertType | null): AlertEdge {
  if (stored === level) return 'NONE';
  if (stored === null) return 'RAISED';
  return level === null ? 'CLEARED' : 'CHANGED';
}

/** Of what an active alert is: a location with every point in it, or one point there. */
export interface AlertScope {
  readonly locationId: number;
  readonly cpId: string | null;
}

/** True while an active alert means this point: its location's, or its own at that location (F-43, F-68). */
export function isHeldByWeather(active: Iterable<AlertScope>, point: { cpId: string; locationId: number }): boolean {
  for (const { locationId, cpId } of active)
    if (locationId === point.locationId && (cpId === null || cpId === point.cpId)) return true;
  return false;
}

/** A location as a preview of thresholds sees it. */
export interface PreviewedPlace {
  readonly locationId: number;
  /** Undefined: unknown, which changes nothing (F-42). */
  readonly temperatureCc: number | undefined;
  readonly alert: WeatherAlertType | null;
}

/** The locations whose points other thresholds would stop, or give back, with the temperatures of now. */
export function effectOfThresholds(
  places: Iterable<PreviewedPlace>,
  thresholds: WeatherThresholds,
): { stopped: number[]; freed: number[] } {
  const stopped: number[] = [];
  const freed: number[] = [];
  for (const { locationId, temperatureCc, alert } of places) {
    if (temperatureCc === undefined) continue;
    const level = alertFor(temperatureCc, thresholds, alert);
    if (level !== null && alert === null) stopped.push(locationId);
    if (level === null && alert !== null) freed.push(locationId);
  }
  return { stopped, freed };
}
