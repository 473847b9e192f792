import type { WeatherAlertType } from '../../domain/weather-rule.ts';
import type { Queries } from './database.ts';

/** True for a row `p` of charging_points that an active alert means: its location's or its own there (domain: isHeldByWeather). */
export const HELD_BY_WEATHER_SQL = `EXISTS (SELECT 1 FROM weather_alerts a WHERE a.location_id = p.location_id
    AND (a.cp_id IS NULL OR a.cp_id = p.cp_id) AND a.cleared_at IS NULL)`;

/** A location, locked: reports of one location are decided one after the other. */
export type LockedLocation = {
  locationId: number;
  city: string;
  country: string;
  /** What is asked for in its place, if somebody changed that. */
  watched: { city: string; country: string } | null;
  temperatureCc: number | null;
};

type LocationRow = {
  location_id: number;
  city: string;
  country: string;
  watched_city: string | null;
  watched_country: string | null;
  temperature_cc: number | null;
};

const LOCATION = 'l.location_id, l.city, l.country, l.watched_city, l.watched_country, l.temperature_cc';

/** Locks the location of a point, of a city, or the one with this id; undefined if there is none. */
export async function lockLocation(
  tx: Queries,
  of: { cpId: string } | { city: string; country: string } | { locationId: number },
): Promise<LockedLocation | undefined> {
  let row: LocationRow | undefined;
  if ('cpId' in of) {
    row = await tx.row(
      `SELECT ${LOCATION} FROM charging_points p JOIN weather_locations l USING (location_id)
        WHERE p.cp_id = $1 AND p.retired_at IS NULL FOR UPDATE OF l`,
      [of.cpId],
    );
  } else if ('city' in of) {
    row = await tx.row(`SELECT ${LOCATION} FROM weather_locations l WHERE city = $1 AND country = $2 FOR UPDATE`, [
      of.city,
      of.country,
    ]);
  } else {
    row = await tx.row(`SELECT ${LOCATION} FROM weather_locations l WHERE location_id = $1 FOR UPDATE`, [
      of.locationId,
    ]);
  }
  return row && locationOf(row);
}

function locationOf(row: LocationRow): LockedLocation {
  const { location_id: locationId, city, country, watched_city, watched_country, temperature_cc } = row;
  const watched =
    watched_city !== null && watched_country !== null ? { city: watched_city, country: watched_country } : null;
  return { locationId, city, country, watched, temperatureCc: temperature_cc };
}

/** The location of a city, made if it is new. */
export async function ensureLocation(tx: Queries, place: { city: string; country: string }): Promise<number> {
  const row = await tx.row<{ location_id: number }>(
    `INSERT INTO weather_locations (city, country) VALUES ($1, $2)
      ON CONFLICT (city, country) DO UPDATE SET city = EXCLUDED.city RETURNING location_id`,
    [place.city, place.country],
  );
  return row!.location_id;
}

/** The active alert of the location (`cpId` null) or of one point in it. */
export async function activeAlert(
  tx: Queries,
  scope: { locationId: number; cpId: string | null },
): Promise<WeatherAlertType | null> {
  const row = await tx.row<{ alert_type: WeatherAlertType }>(
    `SELECT alert_type FROM weather_alerts
      WHERE location_id = $1 AND coalesce(cp_id, '') = coalesce($2, '') AND cleared_at IS NULL`,
    [scope.locationId, scope.cpId],
  );
  return row?.alert_type ?? null;
}

/** Ends the active alert of this scope, if there is one, and writes the new level. */
export async function replaceAlert(
  tx: Queries,
  scope: { locationId: number; cpId: string | null },
  next: { level: WeatherAlertType | null; temperatureCc: number; by: string; at: Date },
): Promise<void> {
  await tx.run(
    `UPDATE weather_alerts SET cleared_at = $3
      WHERE location_id = $1 AND coalesce(cp_id, '') = coalesce($2, '') AND cleared_at IS NULL`,
    [scope.locationId, scope.cpId, next.at],
  );
  if (next.level === null) return;
  await tx.run(
    `INSERT INTO weather_alerts (location_id, cp_id, alert_type, temperature_cc, raised_by, raised_at)
      VALUES ($1, $2, $3, $4, $5, $6)`,
    [scope.locationId, scope.cpId, next.level, next.temperatureCc, next.by, next.at],
  );
}

/** Ends every alert of a location that has none of its points any more, or of a point that stands elsewhere. */
export async function clearOrphanedAlerts(queries: Queries): Promise<void> {
  await queries.run(
    `UPDATE weather_alerts a SET cleared_at = now() WHERE cleared_at IS NULL AND NOT EXISTS (
      SELECT 1 FROM charging_points p WHERE p.location_id = a.location_id AND p.retired_at IS NULL
        AND (a.cp_id IS NULL OR a.cp_id = p.cp_id))`,
  );
}

/** The points of a location that are in service, in order. */
export async function pointsOfLocation(queries: Queries, locationId: number): Promise<string[]> {
  const rows = await queries.rows<{ cp_id: string }>(
    'SELECT cp_id FROM charging_points WHERE location_id = $1 AND retired_at IS NULL ORDER BY cp_id',
    [locationId],
  );
  return rows.map((row) => row.cp_id);
}
