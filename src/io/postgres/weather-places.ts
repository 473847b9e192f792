import type { WeatherAlertType } from '../../domain/weather-rule.ts';
import type { CpLocation, StoredThresholds, WeatherPlace } from '../../messages/weather-api.ts';
import { msOrNull, type TimeColumn } from './column-values.ts';
import type { Queries } from './database.ts';

/** What was measured at a location; 1/100 degree C, cm/s. */
export type Observation = {
  temperatureCc: number;
  feelsLikeCc: number | null;
  humidityPercent: number | null;
  windCmS: number | null;
  conditions: string | null;
  isSimulated: boolean;
  at: Date;
};

const HISTORY_AT_LEAST_EVERY_SQL = "interval '5 minutes'";

/** Keeps the newest observation of a location; the history gets it on a change, or once in 5 minutes. */
export async function saveObservation(tx: Queries, locationId: number, seen: Observation): Promise<void> {
  const { temperatureCc, feelsLikeCc, humidityPercent, windCmS, conditions, isSimulated, at } = seen;
  const values = [locationId, at, temperatureCc, feelsLikeCc, humidityPercent, windCmS, conditions, isSimulated];
  await tx.run(
    {
      name: 'save-observation',
      text: `UPDATE weather_locations SET observed_at = $2, temperature_cc = $3, feels_like_cc = $4, humidity_percent = $5,
        wind_cm_s = $6, conditions = $7, is_simulated = $8 WHERE location_id = $1`,
    },
    values,
  );
  await tx.run(
    {
      name: 'save-weather-history',
      text: `INSERT INTO weather_history (location_id, observed_at, temperature_cc, feels_like_cc, humidity_percent, wind_cm_s,
          conditions, is_simulated)
        SELECT $1, $2, $3, $4, $5, $6, $7, $8 WHERE NOT EXISTS (
          SELECT 1 FROM (SELECT * FROM weather_history WHERE location_id = $1 ORDER BY observed_at DESC LIMIT 1) newest
          WHERE newest.temperature_cc = $3 AND newest.is_simulated = $8
            AND newest.observed_at > $2::timestamptz - ${HISTORY_AT_LEAST_EVERY_SQL})
        ON CONFLICT DO NOTHING`,
    },
    values,
  );
}

/** Sets what is asked for in place of the own city, and forgets what was measured elsewhere. */
export async function setWatchedPlace(
  tx: Queries,
  locationId: number,
  watched: { city: string; country: string } | null,
): Promise<void> {
  await tx.run(
    `UPDATE weather_locations SET watched_city = $2, watched_country = $3, observed_at = NULL, temperature_cc = NULL,
      feels_like_cc = NULL, humidity_percent = NULL, wind_cm_s = NULL, conditions = NULL, is_simulated = false
      WHERE location_id = $1`,
    [locationId, watched?.city ?? null, watched?.country ?? null],
  );
}

type PlaceRow = {
  location_id: number;
  city: string;
  country: string;
  watched_city: string | null;
  watched_country: string | null;
  observed_at: TimeColumn;
  temperature_cc: number | null;
  feels_like_cc: number | null;
  humidity_percent: number | null;
  wind_cm_s: number | null;
  conditions: string | null;
  is_simulated: boolean;
  alert_type: WeatherAlertType | null;
  raised_at: TimeColumn;
  point_count: number;
};

/** Every location that has points in service, with its newest observation and alert. */
export async function weatherPlaces(queries: Queries): Promise<WeatherPlace[]> {
  const rows = await queries.rows<PlaceRow>(
    `SELECT l.*, a.alert_type, a.raised_at, p.point_count
      FROM (SELECT location_id, count(*)::integer AS point_count FROM charging_points
        WHERE retired_at IS NULL GROUP BY location_id) p
      JOIN weather_locations l USING (location_id)
      LEFT JOIN weather_alerts a ON a.location_id = l.location_id AND a.cp_id IS NULL AND a.cleared_at IS NULL
      ORDER BY l.city, l.country`,
  );
  return rows.map(placeOf);
}

function placeOf(row: PlaceRow): WeatherPlace {
  const observedAtMs = msOrNull(row.observed_at);
  const alertSinceMs = msOrNull(row.raised_at);
  return {
    locationId: row.location_id,
    city: row.city,
    country: row.country,
    ...(row.watched_city !== null &&
      row.watched_country !== null && { watched: { city: row.watched_city, country: row.watched_country } }),
    pointCount: row.point_count,
    ...(row.temperature_cc !== null && { temperatureCc: row.temperature_cc }),
    ...(row.feels_like_cc !== null && { feelsLikeCc: row.feels_like_cc }),
    ...(row.humidity_percent !== null && { humidityPercent: row.humidity_percent }),
    ...(row.wind_cm_s !== null && { windCmS: row.wind_cm_s }),
    ...(row.conditions !== null && { conditions: row.conditions }),
    ...(observedAtMs !== null && { observedAtMs }),
    isSimulated: row.is_simulated,
    ...(row.alert_type !== null && { alert: row.alert_type }),
    ...(alertSinceMs !== null && { alertSinceMs }),
  };
}

/** What EV_W is told of the locations (S-API-07). */
export async function cpLocations(queries: Queries): Promise<CpLocation[]> {
  const rows = await queries.rows<{
    location_id: number;
    city: string;
    country: string;
    watched_city: string | null;
    watched_country: string | null;
    alert_type: WeatherAlertType | null;
    cp_ids: string[];
  }>(
    `SELECT l.location_id, l.city, l.country, l.watched_city, l.watched_country, a.alert_type, p.cp_ids
      FROM (SELECT location_id, array_agg(cp_id ORDER BY cp_id) AS cp_ids FROM charging_points
        WHERE retired_at IS NULL GROUP BY location_id) p
      JOIN weather_locations l USING (location_id)
      LEFT JOIN weather_alerts a ON a.location_id = l.location_id AND a.cp_id IS NULL AND a.cleared_at IS NULL
      ORDER BY l.location_id`,
  );
  return rows.map((row) => ({
    locationId: row.location_id,
    city: row.city,
    country: row.country,
    watched: { city: row.watched_city ?? row.city, country: row.watched_country ?? row.country },
    cpIds: row.cp_ids,
    ...(row.alert_type !== null && { alert: row.alert_type }),
  }));
}

/** Readings of the last hours, at most `most` of each location, thinned evenly. */
export async function weatherHistory(
  queries: Queries,
  wanted: { since: Date; locationIds: readonly number[] | null; most: number },
): Promise<{ locationId: number; readings: number[][] }[]> {
  const rows = await queries.rows<{
    location_id: number;
    at_ms: number;
    temperature_cc: number;
    is_simulated: boolean;
  }>(
    `SELECT location_id, floor(extract(epoch FROM observed_at) * 1000)::bigint AS at_ms, temperature_cc, is_simulated
      FROM (SELECT *, row_number() OVER one AS place, count(*) OVER (PARTITION BY location_id) AS total
        FROM weather_history WHERE observed_at > $1 AND ($2::integer[] IS NULL OR location_id = ANY($2))
        WINDOW one AS (PARTITION BY location_id ORDER BY observed_at DESC)) h
      WHERE (place - 1) % greatest(1, ceil(total::numeric / $3)::integer) = 0
      ORDER BY location_id, observed_at LIMIT 20000`,
    [wanted.since, wanted.locationIds, wanted.most],
  );
  const byLocation = Map.groupBy(rows, (row) => row.location_id);
  return [...byLocation].map(([locationId, ofOne]) => ({
    locationId,
    readings: ofOne.map((row) => [row.at_ms, row.temperature_cc, row.is_simulated ? 1 : 0]),
  }));
}

/** Forgets readings older than 90 days and alerts cleared as long ago, some at a time. */
export async function trimWeatherHistory(queries: Queries): Promise<void> {
  await queries.run(
    `DELETE FROM weather_history WHERE (location_id, observed_at) IN (
      SELECT location_id, observed_at FROM weather_history WHERE observed_at < now() - interval '90 days' LIMIT 5000)`,
  );
  await queries.run(
    `DELETE FROM weather_alerts WHERE alert_id IN (
      SELECT alert_id FROM weather_alerts WHERE cleared_at < now() - interval '90 days' LIMIT 5000)`,
  );
}

/** The thresholds that count. */
export async function readThresholds(queries: Queries): Promise<StoredThresholds> {
  const row = await queries.row<StoredThresholds>(
    'SELECT min_cc AS "minCc", max_cc AS "maxCc", revision FROM weather_thresholds',
  );
  if (!row) throw new Error('weather_thresholds has no row: the schema is not complete');
  return row;
}

/** Saves thresholds if `revision` is still the one that was edited; undefined: somebody else was faster. */
export async function saveThresholds(
  queries: Queries,
  wanted: StoredThresholds,
  by: string,
): Promise<StoredThresholds | undefined> {
  return queries.row<StoredThresholds>(
    `UPDATE weather_thresholds SET min_cc = $1, max_cc = $2, revision = revision + 1, updated_by = $4, updated_at = now()
      WHERE revision = $3 RETURNING min_cc AS "minCc", max_cc AS "maxCc", revision`,
    [wanted.minCc, wanted.maxCc, wanted.revision, by],
  );
}
