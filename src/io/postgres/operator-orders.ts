import type { OrderKind } from '../../messages/central-api.ts';
import type { PanelOrder } from '../../messages/live-stream.ts';
import type { Queries } from './database.ts';

const COLUMNS = `order_id AS "orderId", cp_id AS "cpId", kind, state, code, ordered_by AS "orderedBy",
  (extract(epoch FROM ordered_at) * 1000)::bigint AS "orderedAtMs", (extract(epoch FROM settled_at) * 1000)::bigint AS "settledAtMs"`;

type OrderRow = Omit<PanelOrder, 'code' | 'settledAtMs'> & { code: string | null; settledAtMs: number | null };

function shown({ code, settledAtMs, ...order }: OrderRow): PanelOrder {
  return { ...order, ...(code === null ? {} : { code }), ...(settledAtMs === null ? {} : { settledAtMs }) };
}

/** Writes one row per point; rows that exist (the same order again) stay as they are. Returns the points that are new. */
export async function insertOrders(
  db: Queries,
  order: { orderId: string; kind: OrderKind; cpIds: readonly string[]; orderedBy: string; deadline: Date },
): Promise<string[]> {
  const rows = await db.rows<{ cpId: string }>(
    `INSERT INTO operator_orders (order_id, cp_id, kind, state, ordered_by, deadline_at)
     SELECT $1, cp_id, $2, 'SENT', $4, $5 FROM charging_points WHERE cp_id = ANY($3) AND retired_at IS NULL
     ON CONFLICT DO NOTHING RETURNING cp_id AS "cpId"`,
    [order.orderId, order.kind, order.cpIds, order.orderedBy, order.deadline],
  );
  return rows.map((row) => row.cpId);
}

/** The point's supply must be confirmed ended by then, else the row is TIMED_OUT (protocol 4). */
export async function awaitEndUntil(
  db: Queries,
  waiting: { orderId: string; cpId: string; deadline: Date },
): Promise<void> {
  await db.run(
    {
      name: 'order-awaits-end',
      text: `UPDATE operator_orders SET deadline_at = $3 WHERE order_id = $1 AND cp_id = $2 AND state = 'SENT'`,
    },
    [waiting.orderId, waiting.cpId, waiting.deadline],
  );
}

/** Settles a point's row of an order, once; undefined when it was settled before. */
export async function settleOrder(
  db: Queries,
  settled: { orderId: string; cpId: string; state: 'APPLIED' | 'REFUSED'; code?: string },
): Promise<PanelOrder | undefined> {
  const row = await db.row<OrderRow>(
    `UPDATE operator_orders SET state = $3, code = $4, settled_at = now(), deadline_at = NULL
      WHERE order_id = $1 AND cp_id = $2 AND state = 'SENT' RETURNING ${COLUMNS}`,
    [settled.orderId, settled.cpId, settled.state, settled.code ?? null],
  );
  return row ? shown(row) : undefined;
}

/** The supply of this point ended: its orders that waited for that are applied. */
export async function applyOrdersOf(db: Queries, cpId: string): Promise<PanelOrder[]> {
  const rows = await db.rows<OrderRow>(
    `UPDATE operator_orders SET state = 'APPLIED', settled_at = now(), deadline_at = NULL
      WHERE cp_id = $1 AND state = 'SENT' RETURNING ${COLUMNS}`,
    [cpId],
  );
  return rows.map(shown);
}

/** Orders whose supply was not confirmed ended in time. */
export async function timeOutOrders(db: Queries, now: Date): Promise<PanelOrder[]> {
  const rows = await db.rows<OrderRow>(
    `UPDATE operator_orders SET state = 'TIMED_OUT', settled_at = $1, deadline_at = NULL
      WHERE state = 'SENT' AND deadline_at <= $1 RETURNING ${COLUMNS}`,
    [now],
  );
  return rows.map(shown);
}

/** All rows of one order. */
export async function findOrder(db: Queries, orderId: string): Promise<PanelOrder[]> {
  return (
    await db.rows<OrderRow>(`SELECT ${COLUMNS} FROM operator_orders WHERE order_id = $1 ORDER BY cp_id`, [orderId])
  ).map(shown);
}

/** The newest rows, for a panel that has just started. */
export async function recentOrders(db: Queries, limit: number): Promise<PanelOrder[]> {
  return (
    await db.rows<OrderRow>(`SELECT ${COLUMNS} FROM operator_orders ORDER BY ordered_at DESC LIMIT $1`, [limit])
  ).map(shown);
}
