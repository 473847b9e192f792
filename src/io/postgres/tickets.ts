import type { TicketDraft } from '../../domain/ticket.ts';
import type { EndReason } from '../../domain/vocabulary.ts';
import type { TicketView } from '../../messages/entities.ts';
import { msOf, msOrNull, type TimeColumn } from './column-values.ts';
import type { Queries } from './database.ts';

/** What became of a draft. `isNew` false: the supply had its ticket already, nothing was written (F-21). */
export type IssuedTicket = { ticketNumber: number; balanceCents: number | null; isNew: boolean };

const INSERT_FIRST = {
  name: 'insert-ticket',
  text: `INSERT INTO tickets (supply_id, energy_wh, price_e4_per_kwh, amount_cents, end_reason, is_estimated, curve, issued_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
    ON CONFLICT (supply_id) WHERE corrects_ticket_number IS NULL DO NOTHING RETURNING ticket_number`,
};

const INSERT_CORRECTION = `INSERT INTO tickets (supply_id, energy_wh, price_e4_per_kwh, amount_cents, end_reason, is_estimated, curve, issued_at,
      corrects_ticket_number)
    SELECT $1, $2, $3, $4, $5, $6, $7, $8, max(ticket_number) FROM tickets WHERE supply_id = $1
    HAVING max(ticket_number) IS NOT NULL
    ON CONFLICT (corrects_ticket_number) DO NOTHING RETURNING ticket_number`;

const PAY = {
  name: 'pay-ticket',
  text: `WITH paid AS (
      INSERT INTO wallet_entries (driver_id, amount_cents, ticket_number)
      SELECT driver_id, $2, $3 FROM supplies WHERE supply_id = $1 AND driver_id IS NOT NULL
      ON CONFLICT (ticket_number) DO NOTHING RETURNING driver_id, amount_cents)
    UPDATE drivers d SET balance_cents = balance_cents + paid.amount_cents FROM paid WHERE d.driver_id = paid.driver_id
    RETURNING d.balance_cents`,
};

/** Writes the ticket, the wallet entry and the new balance, all or nothing with the caller's transaction (D-20). */
export async function issueTicket(
  tx: Queries,
  draft: TicketDraft,
  extras: { curve: number[][] | undefined; issuedAtMs: number },
): Promise<IssuedTicket> {
  const row = await tx.row<{ ticket_number: number }>(draft.isCorrective ? INSERT_CORRECTION : INSERT_FIRST, [
    draft.supplyId,
    draft.energyWh,
    draft.priceE4PerKwh,
    draft.amountCents,
    draft.endReason,
    draft.isEstimated,
    extras.curve === undefined ? null : JSON.stringify(extras.curve),
    new Date(extras.issuedAtMs),
  ]);
  if (!row) {
    const known = await newestTicket(tx, draft.supplyId);
    return { ticketNumber: known?.ticketNumber ?? 0, balanceCents: null, isNew: false };
  }
  if (draft.walletChangeCents === null) return { ticketNumber: row.ticket_number, balanceCents: null, isNew: true };
  const paid = await tx.row<{ balance_cents: number }>(PAY, [
    draft.supplyId,
    draft.walletChangeCents,
    row.ticket_number,
  ]);
  return { ticketNumber: row.ticket_number, balanceCents: paid?.balance_cents ?? null, isNew: true };
}

/** The newest ticket of a supply: what its engine is told as acknowledgement. */
export async function newestTicket(
  queries: Queries,
  supplyId: string,
): Promise<{ ticketNumber: number; energyWh: number; amountCents: number; endReason: EndReason } | undefined> {
  return queries.row(
    {
      name: 'newest-ticket',
      text: `SELECT ticket_number AS "ticketNumber", energy_wh AS "energyWh", amount_cents AS "amountCents", end_reason AS "endReason"
        FROM tickets WHERE supply_id = $1 ORDER BY ticket_number DESC LIMIT 1`,
    },
    [supplyId],
  );
}

type TicketRow = {
  ticket_number: number;
  corrects_ticket_number: number | null;
  supply_id: string;
  cp_id: string;
  address: string;
  city: string;
  driver_id: string | null;
  requested_at: Date;
  authorised_at: TimeColumn;
  plugged_at: TimeColumn;
  ended_at: Date;
  issued_at: Date;
  energy_wh: number;
  price_e4_per_kwh: number;
  amount_cents: number;
  end_reason: EndReason;
  is_estimated: boolean;
  read_at: TimeColumn;
  curve: number[][] | null;
};

const VIEW_SQL = `SELECT t.ticket_number, t.corrects_ticket_number, t.supply_id, s.cp_id, p.address, l.city, s.driver_id, s.requested_at,
    s.authorised_at, s.plugged_at, coalesce(s.ended_at, t.issued_at) AS ended_at, t.issued_at, t.energy_wh, t.price_e4_per_kwh,
    t.amount_cents, t.end_reason, t.is_estimated, t.read_at, t.curve
  FROM tickets t JOIN supplies s USING (supply_id) JOIN charging_points p ON p.cp_id = s.cp_id
  JOIN weather_locations l USING (location_id)`;

function ticketViewOf(row: TicketRow): TicketView {
  const authorisedAtMs = msOrNull(row.authorised_at);
  const pluggedAtMs = msOrNull(row.plugged_at);
  const readAtMs = msOrNull(row.read_at);
  return {
    ticketNumber: row.ticket_number,
    ...(row.corrects_ticket_number !== null && { correctsTicketNumber: row.corrects_ticket_number }),
    supplyId: row.supply_id,
    cpId: row.cp_id,
    address: `${row.address}, ${row.city}`,
    ...(row.driver_id !== null && { driverId: row.driver_id }),
    requestedAtMs: msOf(row.requested_at),
    ...(authorisedAtMs !== null && { authorisedAtMs }),
    ...(pluggedAtMs !== null && { pluggedAtMs }),
    endedAtMs: msOf(row.ended_at),
    issuedAtMs: msOf(row.issued_at),
    energyWh: row.energy_wh,
    priceE4PerKwh: row.price_e4_per_kwh,
    amountCents: row.amount_cents,
    endReason: row.end_reason,
    isEstimated: row.is_estimated,
    ...(readAtMs !== null && { readAtMs }),
    ...(row.curve !== null && { curve: row.curve }),
  };
}

/** One ticket as its driver is shown it. */
export async function ticketView(queries: Queries, ticketNumber: number): Promise<TicketView | undefined> {
  const row = await queries.row<TicketRow>(`${VIEW_SQL} WHERE t.ticket_number = $1`, [ticketNumber]);
  return row && ticketViewOf(row);
}

/** All tickets of a supply, newest first. */
export async function ticketsOfSupply(queries: Queries, supplyId: string): Promise<TicketView[]> {
  const rows = await queries.rows<TicketRow>(
    `${VIEW_SQL} WHERE t.supply_id = $1 ORDER BY t.ticket_number DESC LIMIT 20`,
    [supplyId],
  );
  return rows.map(ticketViewOf);
}

/** A driver's tickets, newest first; `before` pages on. */
export async function ticketsOfDriver(
  queries: Queries,
  driverId: string,
  page: { before?: number; limit: number },
): Promise<TicketView[]> {
  const rows = await queries.rows<TicketRow>(
    `${VIEW_SQL} WHERE s.driver_id = $1 AND ($2::bigint IS NULL OR t.ticket_number < $2) ORDER BY t.ticket_number DESC LIMIT $3`,
    [driverId, page.before ?? null, page.limit],
  );
  return rows.map(ticketViewOf);
}

/** Tickets that the driver has not confirmed yet, newest first. */
export async function unreadTickets(queries: Queries, driverId: string, limit: number): Promise<TicketView[]> {
  const rows = await queries.rows<TicketRow>(
    `${VIEW_SQL} WHERE s.driver_id = $1 AND t.read_at IS NULL ORDER BY t.ticket_number DESC LIMIT $2`,
    [driverId, limit],
  );
  return rows.map(ticketViewOf);
}

const OWN_SQL = 'supply_id IN (SELECT supply_id FROM supplies WHERE driver_id = $1)';

/** Notes that the driver's page holds these tickets; somebody else's are left alone (F-22). */
export async function markDelivered(
  queries: Queries,
  driverId: string,
  ticketNumbers: readonly number[],
): Promise<void> {
  await queries.run(
    `UPDATE tickets SET delivered_at = now() WHERE ticket_number = ANY($2::bigint[]) AND delivered_at IS NULL AND ${OWN_SQL}`,
    [driverId, ticketNumbers],
  );
}

/** Notes that the driver has seen the ticket; false if it is not one of his. */
export async function markRead(queries: Queries, driverId: string, ticketNumber: number): Promise<boolean> {
  const touched = await queries.run(
    `UPDATE tickets SET read_at = coalesce(read_at, now()), delivered_at = coalesce(delivered_at, now())
      WHERE ticket_number = $2 AND ${OWN_SQL}`,
    [driverId, ticketNumber],
  );
  return touched > 0;
}
