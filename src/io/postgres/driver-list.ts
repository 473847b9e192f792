import type { DriverRow } from '../../messages/central-history-api.ts';
import type { Queries } from './database.ts';

type Row = Omit<DriverRow, 'lastSupplyAtMs'> & { lastSupplyAtMs: number | null };

/** Drivers by id with what they have charged, after `cursor` if given; `search` is the beginning of an id. */
export async function driverRows(
  queries: Queries,
  page: { search: string; cursor?: string; limit: number; driverId?: string },
): Promise<DriverRow[]> {
  const rows = await queries.rows<Row>(
    `SELECT d.driver_id AS "driverId", d.erased_at IS NOT NULL AS "isErased", f.supplies, f."energyWh", f."amountCents", f."lastSupplyAtMs"
      FROM drivers d CROSS JOIN LATERAL (
        SELECT count(*) AS supplies, coalesce(sum(s.energy_wh), 0)::bigint AS "energyWh",
          coalesce(sum(s.amount_cents), 0)::bigint AS "amountCents",
          (extract(epoch FROM max(s.requested_at)) * 1000)::bigint AS "lastSupplyAtMs"
        FROM supplies s WHERE s.driver_id = d.driver_id AND s.state <> 'DENIED') f
      WHERE starts_with(d.driver_id, $1) AND d.driver_id > $2 AND d.driver_id = coalesce($4, d.driver_id) ORDER BY d.driver_id LIMIT $3`,
    [page.search, page.cursor ?? '', page.limit, page.driverId ?? null],
  );
  return rows.map(({ lastSupplyAtMs, ...row }) => ({ ...row, ...(lastSupplyAtMs !== null && { lastSupplyAtMs }) }));
}

export async function countDrivers(queries: Queries, search: string): Promise<number> {
  const row = await queries.row<{ total: number }>(
    'SELECT count(*) AS total FROM drivers WHERE starts_with(driver_id, $1)',
    [search],
  );
  return row?.total ?? 0;
}
