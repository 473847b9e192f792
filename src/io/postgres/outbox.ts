import type { Queries } from './database.ts';

export type OutboxTransport = 'CHANNEL' | 'MONITOR' | 'STATUS';

/** A message that belongs to a transaction: written in it, sent after it. */
export type OutboxMessage = {
  messageId: string;
  /** CHANNEL: a lease's id or `cp:CP001`; MONITOR: a cpId; STATUS: a zone. */
  recipient: string;
  transport: OutboxTransport;
  type: string;
  body: unknown;
  correlationId?: string;
  /** Worthless afterwards; never sent. */
  expiresAtMs?: number;
};
export type OutboxRow = OutboxMessage & { outboxId: number };

const INSERT = {
  name: 'insert-outbox',
  text: `INSERT INTO outbox (message_id, recipient, transport, message_type, payload, correlation_id, expires_at, claimed_by, claimed_at)
    SELECT m.message_id, m.recipient, m.transport, m.message_type, m.payload, m.correlation_id, m.expires_at,
      CASE WHEN m.transport = 'MONITOR' THEN NULL ELSE $8::uuid END, CASE WHEN m.transport = 'MONITOR' THEN NULL ELSE now() END
    FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::jsonb[], $6::uuid[], $7::timestamptz[])
      WITH ORDINALITY AS m (message_id, recipient, transport, message_type, payload, correlation_id, expires_at, position)
    ORDER BY m.position RETURNING outbox_id`,
};

/** Queues messages in order, claimed by the replica that will send them after its commit. */
export async function insertOutbox(
  tx: Queries,
  messages: readonly OutboxMessage[],
  replicaId: string,
): Promise<OutboxRow[]> {
  if (messages.length === 0) return [];
  const rows = await tx.rows<{ outbox_id: number }>(INSERT, [
    messages.map((one) => one.messageId),
    messages.map((one) => one.recipient),
    messages.map((one) => one.transport),
    messages.map((one) => one.type),
    messages.map((one) => JSON.stringify(one.body)),
    messages.map((one) => one.correlationId ?? null),
    messages.map((one) => (one.expiresAtMs === undefined ? null : new Date(one.expiresAtMs))),
    replicaId,
  ]);
  return messages.map((message, index) => ({ ...message, outboxId: rows[index]?.outbox_id ?? 0 }));
}

/** Forgets what was sent. */
export async function deleteOutbox(queries: Queries, outboxIds: readonly number[]): Promise<void> {
  await queries.run({ name: 'delete-outbox', text: 'DELETE FROM outbox WHERE outbox_id = ANY($1::bigint[])' }, [
    outboxIds,
  ]);
}

/** Drops messages that came too late. */
export async function deleteExpiredOutbox(queries: Queries): Promise<number> {
  return queries.run('DELETE FROM outbox WHERE expires_at <= now()');
}

type Row = {
  outbox_id: number;
  message_id: string;
  recipient: string;
  transport: OutboxTransport;
  message_type: string;
  payload: unknown;
  correlation_id: string | null;
  expires_at: Date | null;
};

/** Left behind: unclaimed (a Monitor's), older than 2 s after their owner died, or claimed 10 s ago without a trace. */
const STALE_SQL = `(claimed_at IS NULL
    OR claimed_at < now() - interval '10 seconds'
    OR (claimed_at < now() - interval '2 seconds' AND NOT EXISTS (
      SELECT 1 FROM central_replicas r WHERE r.replica_id = claimed_by AND r.heartbeat_at > now() - interval '5 seconds')))
  AND (expires_at IS NULL OR expires_at > now())`;

/** What may be claimed now, oldest first, not locked yet. */
export async function staleOutbox(
  queries: Queries,
): Promise<Pick<OutboxRow, 'outboxId' | 'recipient' | 'transport'>[]> {
  const rows = await queries.rows<Pick<Row, 'outbox_id' | 'recipient' | 'transport'>>({
    name: 'stale-outbox',
    text: `SELECT outbox_id, recipient, transport FROM outbox WHERE ${STALE_SQL} ORDER BY outbox_id LIMIT 1000`,
  });
  return rows.map((row) => ({ outboxId: row.outbox_id, recipient: row.recipient, transport: row.transport }));
}

/** Claims those of the rows that nobody else is claiming. */
export async function claimOutbox(
  queries: Queries,
  outboxIds: readonly number[],
  replicaId: string,
): Promise<OutboxRow[]> {
  const rows = await queries.rows<Row>(
    {
      name: 'claim-outbox',
      text: `UPDATE outbox SET claimed_by = $2, claimed_at = now() WHERE outbox_id IN (
          SELECT outbox_id FROM outbox WHERE outbox_id = ANY($1::bigint[]) AND ${STALE_SQL} FOR UPDATE SKIP LOCKED)
        RETURNING outbox_id, message_id, recipient, transport, message_type, payload, correlation_id, expires_at`,
    },
    [outboxIds, replicaId],
  );
  return rows
    .map((row) => ({
      outboxId: row.outbox_id,
      messageId: row.message_id,
      recipient: row.recipient,
      transport: row.transport,
      type: row.message_type,
      body: row.payload,
      ...(row.correlation_id !== null && { correlationId: row.correlation_id }),
      ...(row.expires_at !== null && { expiresAtMs: row.expires_at.getTime() }),
    }))
    .sort((one, other) => one.outboxId - other.outboxId);
}
