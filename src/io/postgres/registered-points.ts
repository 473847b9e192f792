import type { RegistrationState, RegistryPoint } from '../../messages/registry-api.ts';
import { msOrNull, type TimeColumn } from './column-values.ts';
import type { Queries } from './database.ts';

type Row = {
  cp_id: string;
  zone: string;
  city: string;
  country: string;
  address: string;
  latitude: number | null;
  longitude: number | null;
  price_e4_per_kwh: number;
  max_power_w: number;
  registered_at: Date;
  revision: number;
  is_retired: boolean;
  issued_at: TimeColumn;
  is_key_revoked: boolean;
  monitor_since: TimeColumn;
  token_expires_at: TimeColumn;
};

const SELECT = `SELECT p.cp_id, p.zone, l.city, l.country, p.address, p.latitude, p.longitude, p.price_e4_per_kwh, p.max_power_w,
    p.registered_at, p.revision, p.retired_at IS NOT NULL AS is_retired, c.issued_at, f.monitor_since,
    EXISTS (SELECT 1 FROM charging_point_holds h WHERE h.cp_id = p.cp_id AND h.kind = 'KEY_REVOKED') AS is_key_revoked,
    (SELECT max(t.expires_at) FROM enrolment_tokens t
      WHERE t.cp_id = p.cp_id AND t.uses_left > 0 AND t.expires_at > now()) AS token_expires_at
  FROM charging_points p JOIN weather_locations l USING (location_id)
  LEFT JOIN charging_point_facts f ON f.cp_id = p.cp_id
  LEFT JOIN cp_credentials c ON c.cp_id = p.cp_id AND c.revoked_at IS NULL`;

/** Every point that ever was, by id. */
export async function registeredPoints(db: Queries): Promise<RegistryPoint[]> {
  return (await db.rows<Row>(`${SELECT} ORDER BY p.cp_id`)).map(pointOf);
}

/** One of them. */
export async function registeredPoint(db: Queries, cpId: string): Promise<RegistryPoint | undefined> {
  const row = await db.row<Row>(`${SELECT} WHERE p.cp_id = $1`, [cpId]);
  return row && pointOf(row);
}

function stateOf(row: Row): RegistrationState {
  if (row.is_retired) return 'RETIRED';
  if (row.issued_at === null) return 'PENDING';
  return row.is_key_revoked ? 'BLOCKED' : 'REGISTERED';
}

function pointOf(row: Row): RegistryPoint {
  const [issuedAtMs, authenticatedAtMs, tokenExpiresAtMs] = [
    msOrNull(row.issued_at),
    msOrNull(row.monitor_since),
    msOrNull(row.token_expires_at),
  ];
  return {
    ...{ cpId: row.cp_id, zone: row.zone, city: row.city, country: row.country, address: row.address },
    ...(row.latitude === null || row.longitude === null ? {} : { latitude: row.latitude, longitude: row.longitude }),
    ...{ priceE4PerKwh: row.price_e4_per_kwh, maxPowerW: row.max_power_w },
    status: stateOf(row),
    isRegistered: row.issued_at !== null,
    isRetired: row.is_retired,
    registeredAtMs: row.registered_at.getTime(),
    ...(issuedAtMs === null ? {} : { credentialIssuedAtMs: issuedAtMs }),
    ...(authenticatedAtMs === null ? {} : { authenticatedAtMs }),
    ...(tokenExpiresAtMs === null ? {} : { tokenExpiresAtMs }),
    revision: row.revision,
  };
}
