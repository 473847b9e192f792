import type { NewPoint } from '../../messages/central-api.ts';
import { newToken, sha256 } from '../crypto/tokens.ts';
import type { Queries } from './database.ts';
import { NOTICES } from './notices.ts';

/** Who does it, for the row, and when. */
export type Doing = { by: string; nowMs: number };

/** What creating a point came to. */
export type PointCreation =
  | { isCreated: true; enrolmentToken: string; expiresAtMs: number; isRepeated: boolean }
  | { isCreated: false; code: 'POINT_EXISTS' };

/** An enrolment token lives for a day (protocol 2.1). */
export const ENROLMENT_TOKEN_MS = 24 * 60 * 60 * 1_000;

/**
 * Creates a point with its first enrolment token, never a secret; its zone and location appear with it (D-17).
 * POINT_EXISTS unless the point was retired, or is described alike and nobody registered it yet (the first answer was lost).
 */
export async function createPointWithToken(tx: Queries, point: NewPoint, doing: Doing): Promise<PointCreation> {
  const outcome = await createPoint(tx, point);
  if (outcome === 'EXISTS' && !(await isUnregisteredTwin(tx, point))) return { isCreated: false, code: 'POINT_EXISTS' };
  const token = await issueEnrolmentToken(tx, { cpId: point.cpId, uses: 1 }, doing);
  return { isCreated: true, isRepeated: outcome === 'EXISTS', ...token };
}

/** Inserts the point with zone, location and facts, or brings a retired one back; EXISTS: it is there and in service. */
export async function createPoint(tx: Queries, point: NewPoint): Promise<'CREATED' | 'EXISTS'> {
  await tx.run('INSERT INTO zones (zone) VALUES ($1) ON CONFLICT DO NOTHING', [point.zone]);
  const locationId = await ensureLocation(tx, point);
  await tx.run('SELECT 1 FROM charging_point_facts WHERE cp_id = $1 FOR UPDATE', [point.cpId]);
  const values = [
    point.cpId,
    point.zone,
    locationId,
    point.address,
    point.latitude ?? null,
    point.longitude ?? null,
    point.priceE4PerKwh,
    point.maxPowerW,
  ];
  const written = await tx.run(
    `INSERT INTO charging_points (cp_id, zone, location_id, address, latitude, longitude, price_e4_per_kwh, max_power_w)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
     ON CONFLICT (cp_id) DO UPDATE SET zone = EXCLUDED.zone, location_id = EXCLUDED.location_id,
       address = EXCLUDED.address, latitude = EXCLUDED.latitude, longitude = EXCLUDED.longitude,
       price_e4_per_kwh = EXCLUDED.price_e4_per_kwh, max_power_w = EXCLUDED.max_power_w,
       registered_at = now(), retired_at = NULL, revision = charging_points.revision + 1
     WHERE charging_points.retired_at IS NOT NULL`,
    values,
  );
  if (written === 0) return 'EXISTS';
  await tx.run('DELETE FROM charging_point_holds WHERE cp_id = $1', [point.cpId]);
  await tx.run(
    `INSERT INTO charging_point_facts (cp_id) VALUES ($1)
     ON CONFLICT (cp_id) DO UPDATE SET version = charging_point_facts.version + 1`,
    [point.cpId],
  );
  await tx.run('SELECT pg_notify($1, $2)', [NOTICES.pointChanged, point.cpId]);
  return 'CREATED';
}

/** The weather location of a city, made unless it is there. */
export async function ensureLocation(tx: Queries, place: { city: string; country: string }): Promise<number> {
  const location = await tx.row<{ location_id: number }>(
    `INSERT INTO weather_locations (city, country) VALUES ($1, $2)
     ON CONFLICT (city, country) DO UPDATE SET city = EXCLUDED.city RETURNING location_id`,
    [place.city, place.country],
  );
  if (!location) throw new Error(`no location for ${place.city}`);
  return location.location_id;
}

async function isUnregisteredTwin(tx: Queries, point: NewPoint): Promise<boolean> {
  const twin = await tx.row(
    `SELECT 1 FROM charging_points p JOIN weather_locations l USING (location_id)
     WHERE p.cp_id = $1 AND p.zone = $2 AND l.city = $3 AND l.country = $4 AND p.address = $5
       AND p.price_e4_per_kwh = $6 AND p.max_power_w = $7
       AND NOT EXISTS (SELECT 1 FROM cp_credentials c WHERE c.cp_id = p.cp_id AND c.revoked_at IS NULL)`,
    [point.cpId, point.zone, point.city, point.country, point.address, point.priceE4PerKwh, point.maxPowerW],
  );
  return twin !== undefined;
}

/**
 * A new enrolment token: for one point (one use: also an admin's word that it may register again), or without `cpId`
 * for `uses` points of a fleet, perhaps of one zone only.
 */
export async function issueEnrolmentToken(
  db: Queries,
  wanted: { cpId?: string; zone?: string; uses: number },
  doing: Doing,
): Promise<{ enrolmentToken: string; expiresAtMs: number }> {
  const enrolmentToken = newToken();
  const expiresAtMs = doing.nowMs + ENROLMENT_TOKEN_MS;
  await db.run('DELETE FROM enrolment_tokens WHERE expires_at < $1', [new Date(doing.nowMs)]);
  await db.run(
    `INSERT INTO enrolment_tokens (token_sha256, cp_id, zone, uses_left, expires_at, created_by)
     VALUES ($1, $2, $3, $4, $5, $6)`,
    [sha256(enrolmentToken), wanted.cpId ?? null, wanted.zone ?? null, wanted.uses, new Date(expiresAtMs), doing.by],
  );
  return { enrolmentToken, expiresAtMs };
}

/** Makes a zone if there is none yet: drivers come in by a zone's channels, also before the first point does. */
export async function ensureSomeZone(db: Queries, zone: string): Promise<void> {
  await db.run('INSERT INTO zones (zone) SELECT $1 WHERE NOT EXISTS (SELECT FROM zones) ON CONFLICT DO NOTHING', [
    zone,
  ]);
}
