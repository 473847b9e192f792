import type { Queries } from './database.ts';

/** A point as Registry's administrators see it. */
export type RegisteredPoint = {
  cpId: string;
  zone: string;
  city: string;
  country: string;
  address: string;
  isRegistered: boolean;
  isRetired: boolean;
  registeredAtMs: number;
};

/** Every point that ever was, by id. */
export async function registeredPoints(db: Queries): Promise<RegisteredPoint[]> {
  const rows = await db.rows<Omit<RegisteredPoint, 'registeredAtMs'> & { registeredAt: Date }>(
    `SELECT p.cp_id AS "cpId", p.zone, l.city, l.country, p.address, p.registered_at AS "registeredAt",
        p.retired_at IS NOT NULL AS "isRetired",
        EXISTS (SELECT 1 FROM cp_credentials c WHERE c.cp_id = p.cp_id AND c.revoked_at IS NULL) AS "isRegistered"
      FROM charging_points p JOIN weather_locations l USING (location_id) ORDER BY p.cp_id`,
  );
  return rows.map(({ registeredAt, ...row }) => ({ ...row, registeredAtMs: registeredAt.getTime() }));
}
