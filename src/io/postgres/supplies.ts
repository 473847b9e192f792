import { parseRefusal, refusalText } from '../../domain/refusal.ts';
import type { OpenSupply, Supply } from '../../domain/supply.ts';
import type { EndReason, SupplyOrigin, SupplyState, SuspectReason } from '../../domain/vocabulary.ts';
import { msOf, msOrNull, type TimeColumn, timeOrNull } from './column-values.ts';
import type { Queries } from './database.ts';

/** A row of `supplies`, as a row or as its jsonb. */
export type SupplyRow = {
  supply_id: string;
  request_id: string;
  client_id: string;
  cp_id: string;
  driver_id: string | null;
  origin: SupplyOrigin;
  state: SupplyState;
  version: number;
  price_e4_per_kwh: number;
  requested_at: Date | string;
  authorised_at: TimeColumn;
  plugged_at: TimeColumn;
  ended_at: TimeColumn;
  closed_at: TimeColumn;
  deadline_at: TimeColumn;
  ordered_end_reason: EndReason | null;
  end_reason: EndReason | null;
  refusal: string | null;
  energy_wh: number | null;
  amount_cents: number | null;
  is_estimated: boolean;
  suspect_reasons: SuspectReason[];
};

/** States in which a supply holds its point, as SQL. */
export const OPEN_STATES_SQL = "('REQUESTED','PREPARING','CHARGING','ENDING','INTERRUPTED')";
const BINDING_STATES_SQL = "('REQUESTED','PREPARING','CHARGING','ENDING')";

/** The domain's supply; the table's checks guarantee what its state promises. */
export function supplyOf(row: SupplyRow): Supply {
  return {
    supplyId: row.supply_id,
    requestId: row.request_id,
    clientId: row.client_id,
    cpId: row.cp_id,
    driverId: row.driver_id,
    origin: row.origin,
    state: row.state,
    version: row.version,
    priceE4PerKwh: row.price_e4_per_kwh,
    requestedAtMs: msOf(row.requested_at),
    authorisedAtMs: msOrNull(row.authorised_at),
    pluggedAtMs: msOrNull(row.plugged_at),
    endedAtMs: msOrNull(row.ended_at),
    closedAtMs: msOrNull(row.closed_at),
    deadlineAtMs: msOrNull(row.deadline_at),
    orderedEndReason: row.ordered_end_reason,
    endReason: row.end_reason,
    refusal: row.refusal === null ? null : (parseRefusal(row.refusal) ?? { code: 'SERVICE_UNAVAILABLE' }),
    energyWh: row.energy_wh,
    amountCents: row.amount_cents,
    isEstimated: row.is_estimated,
    suspectReasons: row.suspect_reasons,
  } as Supply;
}

function valuesOf(supply: Supply): unknown[] {
  return [
    supply.supplyId,
    supply.requestId,
    supply.clientId,
    supply.cpId,
    supply.driverId,
    supply.origin,
    supply.state,
    supply.version,
    supply.priceE4PerKwh,
    timeOrNull(supply.requestedAtMs),
    timeOrNull(supply.authorisedAtMs),
    timeOrNull(supply.pluggedAtMs),
    timeOrNull(supply.endedAtMs),
    timeOrNull(supply.closedAtMs),
    timeOrNull(supply.deadlineAtMs),
    supply.orderedEndReason,
    supply.endReason,
    supply.refusal === null ? null : refusalText(supply.refusal),
    supply.energyWh,
    supply.amountCents,
    supply.isEstimated,
    [...supply.suspectReasons],
  ];
}

const COLUMNS = `supply_id, request_id, client_id, cp_id, driver_id, origin, state, version, price_e4_per_kwh,
  requested_at, authorised_at, plugged_at, ended_at, closed_at, deadline_at, ordered_end_reason, end_reason, refusal,
  energy_wh, amount_cents, is_estimated, suspect_reasons`;

const INSERT = {
  name: 'insert-supply',
  text: `INSERT INTO supplies (${COLUMNS})
    VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$20,$21,$22)`,
};

const UPDATE = {
  name: 'update-supply',
  text: `UPDATE supplies SET state = $2, version = $3, authorised_at = $4, plugged_at = $5, ended_at = $6, closed_at = $7,
    deadline_at = $8, ordered_end_reason = $9, end_reason = $10, refusal = $11, energy_wh = $12, amount_cents = $13,
    is_estimated = $14, suspect_reasons = $15 WHERE supply_id = $1`,
};

/** The driver may be unknown here and the request id taken: a restored database must not refuse what an engine has measured. */
const ADOPT = {
  name: 'adopt-supply',
  text: `INSERT INTO supplies (${COLUMNS})
    VALUES ($1, CASE WHEN EXISTS (SELECT 1 FROM supplies WHERE request_id = $2::uuid) THEN $1::uuid ELSE $2::uuid END, $3, $4,
      (SELECT driver_id FROM drivers WHERE driver_id = $5),
      $6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$20,$21,$22)`,
};

/** A new supply; violates one_open_supply_per_cp, one_open_supply_per_driver or supplies_request_id_key when another was faster. */
export async function insertSupply(tx: Queries, supply: Supply): Promise<void> {
  await tx.run(INSERT, valuesOf(supply));
}

/** A supply that an engine ended and this database does not know. */
export async function adoptSupply(tx: Queries, supply: Supply): Promise<void> {
  await tx.run(ADOPT, valuesOf(supply));
}

/** What a decision changed; identity, price and request never change. */
export async function updateSupply(tx: Queries, supply: Supply): Promise<void> {
  const [supplyId, , , , , , state, version, , , ...rest] = valuesOf(supply);
  await tx.run(UPDATE, [supplyId, state, version, ...rest]);
}

/** The supply with this id. */
export async function supplyById(queries: Queries, supplyId: string): Promise<Supply | undefined> {
  const statement = { name: 'supply-by-id', text: 'SELECT * FROM supplies WHERE supply_id = $1' };
  const row = await queries.row<SupplyRow>(statement, [supplyId]);
  return row && supplyOf(row);
}

/** All of these supplies that exist. */
export async function suppliesByIds(queries: Queries, supplyIds: readonly string[]): Promise<Supply[]> {
  const rows = await queries.rows<SupplyRow>('SELECT * FROM supplies WHERE supply_id = ANY($1::uuid[])', [supplyIds]);
  return rows.map(supplyOf);
}

/** What a request is decided on besides the point: the request's own supply, and what binds its driver. */
export async function requestBackground(
  tx: Queries,
  request: { requestId: string; driverId: string | null },
): Promise<{ sameRequest: Supply | null; balanceCents: number | null; binding: OpenSupply | null }> {
  const row = await tx.row<{ same: SupplyRow | null; balance_cents: number | null; binding: SupplyRow | null }>(
    {
      name: 'request-background',
      text: `SELECT (SELECT to_jsonb(s) FROM supplies s WHERE s.request_id = $1) AS same,
        (SELECT balance_cents FROM drivers WHERE driver_id = $2 AND erased_at IS NULL) AS balance_cents,
        (SELECT to_jsonb(s) FROM supplies s WHERE s.driver_id = $2 AND s.state IN ${BINDING_STATES_SQL}) AS binding`,
    },
    [request.requestId, request.driverId],
  );
  return {
    sameRequest: row?.same ? supplyOf(row.same) : null,
    balanceCents: row?.balance_cents ?? null,
    binding: row?.binding ? (supplyOf(row.binding) as OpenSupply) : null,
  };
}

/** Open supplies of a driver, INTERRUPTED ones too. */
export async function openSuppliesOfDriver(queries: Queries, driverId: string): Promise<OpenSupply[]> {
  const rows = await queries.rows<SupplyRow>(
    `SELECT * FROM supplies WHERE driver_id = $1 AND state IN ${OPEN_STATES_SQL} ORDER BY requested_at DESC LIMIT 21`,
    [driverId],
  );
  return rows.map((row) => supplyOf(row) as OpenSupply);
}

/** Due timers, claimed by the caller's transaction: another replica skips them. */
export async function dueSupplies(queries: Queries, nowMs: number): Promise<{ supplyId: string; cpId: string }[]> {
  const rows = await queries.rows<{ supply_id: string; cp_id: string }>(
    {
      name: 'due-supplies',
      text: 'SELECT supply_id, cp_id FROM supplies WHERE deadline_at <= $1 ORDER BY deadline_at LIMIT 200 FOR UPDATE SKIP LOCKED',
    },
    [new Date(nowMs)],
  );
  return rows.map((row) => ({ supplyId: row.supply_id, cpId: row.cp_id }));
}
