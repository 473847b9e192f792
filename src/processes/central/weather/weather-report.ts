import {
  type AlertEdge,
  alertEdge,
  alertFor,
  type WeatherAlertType,
  type WeatherThresholds,
} from '../../../domain/weather-rule.ts';
import type { Queries } from '../../../io/postgres/database.ts';
import {
  activeAlert,
  type LockedLocation,
  lockLocation,
  pointsOfLocation,
  replaceAlert,
} from '../../../io/postgres/weather-alerts.ts';
import { type Observation, saveObservation } from '../../../io/postgres/weather-places.ts';
import type { WeatherAlertReport } from '../../../messages/weather-api.ts';
import type { Actor } from '../parts.ts';
import { changeWeatherOfPoints, NO_WEATHER_EFFECT, type WeatherEffect } from './weather-points.ts';

/** What became of a report. */
export type ReportOutcome = {
  location: LockedLocation;
  /** The point that the report was about; null: every point of the location. */
  cpId: string | null;
  edge: AlertEdge;
  level: WeatherAlertType | null;
  observation: Observation;
  effect: WeatherEffect;
};

/** Why a report is not taken. */
export type ReportRefusal = 'CP_UNKNOWN' | 'LOCATION_UNKNOWN' | 'LOCATION_CHANGED';

type Context = { thresholds: WeatherThresholds; actor: Actor; replicaId: string; nowMs: number };

/** Takes the level of a location or of one point; in one transaction with everything that follows from it (F-41). */
export async function takeReport(
  tx: Queries,
  report: WeatherAlertReport,
  context: Context,
): Promise<ReportOutcome | ReportRefusal> {
  const cpId = report.cp_id ?? null;
  const { city = '', country = '' } = report;
  const location = await lockLocation(tx, cpId === null ? { city, country } : { cpId });
  if (!location) return cpId === null ? 'LOCATION_UNKNOWN' : 'CP_UNKNOWN';
  if (!isOfWatchedPlace(report, location)) return 'LOCATION_CHANGED';
  const observation = observationOf(report, context.nowMs);
  const scope = { locationId: location.locationId, cpId };
  const stored = await activeAlert(tx, scope);
  const level = levelOf(report, stored, context.thresholds);
  const edge = alertEdge(stored, level);
  await saveObservation(tx, location.locationId, observation);
  const effect = edge === 'NONE' ? NO_WEATHER_EFFECT : await changeAlert(tx, { scope, level, observation }, context);
  return { location, cpId, edge, level, observation, effect };
}

async function changeAlert(
  tx: Queries,
  next: {
    scope: { locationId: number; cpId: string | null };
    level: WeatherAlertType | null;
    observation: Observation;
  },
  { actor, replicaId, nowMs }: Context,
): Promise<WeatherEffect> {
  const { scope, level, observation } = next;
  const cpIds = scope.cpId === null ? await pointsOfLocation(tx, scope.locationId) : [scope.cpId];
  const write = () =>
    replaceAlert(tx, scope, {
      level,
      temperatureCc: observation.temperatureCc,
      by: actor.entity,
      at: new Date(nowMs),
    });
  return changeWeatherOfPoints(tx, { cpIds, write, actor, replicaId, nowMs });
}

/** A report that was under way while the city was changed is about the old one (F-43). */
function isOfWatchedPlace({ watched }: WeatherAlertReport, location: LockedLocation): boolean {
  if (!watched) return true;
  const wanted = location.watched ?? location;
  return watched.city === wanted.city && watched.country === wanted.country;
}

/** Both vocabularies of the description, as one: ALERT alone says neither cold nor heat, the temperature does. */
function levelOf(
  { alert_type: type, temperature }: WeatherAlertReport,
  stored: WeatherAlertType | null,
  thresholds: WeatherThresholds,
): WeatherAlertType | null {
  if (type === 'CLEAR' || type === 'TEMP_NORMALIZED') return null;
  if (type !== 'ALERT') return type;
  return alertFor(hundredths(temperature), thresholds, stored) ?? 'CRITICAL_TEMP';
}

function observationOf(report: WeatherAlertReport, nowMs: number): Observation {
  const { feels_like: feelsLike, humidity, wind_speed: windSpeed } = report;
  return {
    temperatureCc: hundredths(report.temperature),
    feelsLikeCc: feelsLike === undefined ? null : hundredths(feelsLike),
    humidityPercent: humidity === undefined ? null : Math.round(humidity),
    windCmS: windSpeed === undefined ? null : hundredths(windSpeed),
    conditions: report.conditions ?? null,
    isSimulated: report.simulated === true,
    at: new Date(nowMs),
  };
}

function hundredths(value: number): number {
  return Math.round(value * 100);
}
