import type { Supply } from '../../domain/supply.ts';
import { ANONYMOUS, MAX_COUNTED_SUPPLIES, type SupplyFilter } from '../../messages/central-history-api.ts';
import type { Queries } from './database.ts';
import { OPEN_STATES_SQL, type SupplyRow, supplyOf } from './supplies.ts';

/** A supply of the past with the number of its newest ticket. */
export type PastSupply = { supply: Supply; ticketNumber: number | undefined };

type Where = { sql: string; values: unknown[] };

/** Only what is asked for becomes part of the statement, so that each question finds its index. */
function where(filter: SupplyFilter & { supplyId?: string }): Where {
  const values: unknown[] = [];
  const parts: string[] = [];
  const add = (sql: (place: string) => string, value: unknown) => {
    values.push(value);
    parts.push(sql(`$${values.length}`));
  };
  if (filter.supplyId !== undefined) add((place) => `s.supply_id = ${place}`, filter.supplyId);
  if (filter.cpId !== undefined) add((place) => `s.cp_id = ${place}`, filter.cpId);
  if (filter.driverId === ANONYMOUS) parts.push('s.driver_id IS NULL');
  else if (filter.driverId !== undefined) add((place) => `s.driver_id = ${place}`, filter.driverId);
  if (filter.zone !== undefined)
    add((place) => `s.cp_id IN (SELECT cp_id FROM charging_points WHERE zone = ${place})`, filter.zone);
  if (filter.state === 'OPEN') parts.push(`s.state IN ${OPEN_STATES_SQL}`);
  else if (filter.state !== undefined) add((place) => `s.state = ${place}`, filter.state);
  if (filter.endReason !== undefined) add((place) => `s.end_reason = ${place}`, filter.endReason);
  if (filter.ticketNumber !== undefined)
    add(
      (place) => `s.supply_id IN (SELECT supply_id FROM tickets WHERE ticket_number = ${place})`,
      filter.ticketNumber,
    );
  if (filter.fromMs !== undefined) add((place) => `s.requested_at >= ${place}`, new Date(filter.fromMs));
  if (filter.toMs !== undefined) add((place) => `s.requested_at < ${place}`, new Date(filter.toMs));
  return { sql: parts.length === 0 ? 'true' : parts.join(' AND '), values };
}

/** Supplies that match, newest request first, after `after` if given. */
export async function pastSupplies(
  queries: Queries,
  filter: SupplyFilter & { supplyId?: string },
  page: { after?: { requestedAtMs: number; supplyId: string }; limit: number },
): Promise<PastSupply[]> {
  const { sql, values } = where(filter);
  const next = values.length;
  const after = page.after ? [new Date(page.after.requestedAtMs), page.after.supplyId] : [];
  const isAfter = page.after ? `AND (s.requested_at, s.supply_id) < ($${next + 1}, $${next + 2})` : '';
  const rows = await queries.rows<SupplyRow & { ticket_number: number | null }>(
    `SELECT s.*, (SELECT max(t.ticket_number) FROM tickets t WHERE t.supply_id = s.supply_id) AS ticket_number
      FROM supplies s WHERE ${sql} ${isAfter}
      ORDER BY s.requested_at DESC, s.supply_id DESC LIMIT ${page.limit}`,
    [...values, ...after],
  );
  return rows.map((row) => ({ supply: supplyOf(row), ticketNumber: row.ticket_number ?? undefined }));
}

/** Number, energy and money of all that match; open ones have neither yet. Stops counting at `MAX_COUNTED_SUPPLIES`. */
export async function supplyTotals(
  queries: Queries,
  filter: SupplyFilter,
): Promise<{ supplies: number; energyWh: number; amountCents: number }> {
  const { sql, values } = where(filter);
  const row = await queries.row<{ supplies: number; energyWh: number; amountCents: number }>(
    `SELECT count(*) AS supplies, coalesce(sum(energy_wh), 0)::bigint AS "energyWh", coalesce(sum(amount_cents), 0)::bigint AS "amountCents"
      FROM (SELECT s.energy_wh, s.amount_cents FROM supplies s WHERE ${sql} LIMIT ${MAX_COUNTED_SUPPLIES}) matching`,
    values,
  );
  return row ?? { supplies: 0, energyWh: 0, amountCents: 0 };
}
