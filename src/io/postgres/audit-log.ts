import type { AuditRecord, AuditSink } from '../audit/audit.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Queries } from './database.ts';

/** Copies a component's audit into `audit_log`; the file stays the complete one. */
export type AuditLogWriter = { sink: AuditSink; stop(): Promise<void> };

const MAX_WAITING = 10_000;
const MAX_BATCH = 500;
const FLUSH_EVERY_MS = 500;
const COLUMNS = `at timestamptz, component text, category text, action text, source_entity text, source_ip inet,
  is_success boolean, cp_id text, supply_id uuid, correlation_id uuid, parameters jsonb, description text`;

/** One insert for many records; while the database is away the newest 10,000 wait, and what is left out is told to the log. */
export function startAuditLogWriter(parts: { db: Queries; clock: Clock; log: Log }): AuditLogWriter {
  const waiting: AuditRecord[] = [];
  let dropped = 0;
  let flushing: Promise<void> | undefined;

  async function flush(): Promise<void> {
    const batch = waiting.slice(0, MAX_BATCH);
    if (batch.length === 0) return;
    try {
      await insertAuditRecords(parts.db, batch);
      waiting.splice(0, batch.length);
    } catch (error) {
      parts.log.warn({ err: error, waiting: waiting.length }, 'audit records wait for the database');
      // A record that the database will never take must not keep the others waiting; the file has it.
      if (!canRetry(error)) waiting.splice(0, batch.length);
    }
    if (dropped > 0) parts.log.error({ dropped }, 'audit records did not reach the database; the file has them');
    dropped = 0;
  }

  const flushOnce = (): Promise<void> => {
    flushing ??= flush().finally(() => {
      flushing = undefined;
    });
    return flushing;
  };
  const timer = parts.clock.setRepeating(() => void flushOnce(), FLUSH_EVERY_MS);
  return {
    sink: (record) => {
      // The batch at the front may be on its way: what is dropped comes after it.
      if (waiting.length >= MAX_WAITING) dropped += waiting.splice(MAX_BATCH, 1).length;
      waiting.push(record);
    },
    async stop() {
      timer.cancel();
      await flushOnce();
      const left = waiting.length;
      if (left > 0) await flushOnce();
    },
  };
}

/** Inserts records in one statement. */
export async function insertAuditRecords(db: Queries, records: readonly AuditRecord[]): Promise<void> {
  await db.run(
    `INSERT INTO audit_log (at, component, category, action, source_entity, source_ip, is_success, cp_id, supply_id,
       correlation_id, parameters, description)
     SELECT * FROM jsonb_to_recordset($1::jsonb) AS r(${COLUMNS})`,
    [JSON.stringify(records.map(rowOf), withoutNul)],
  );
}

function rowOf(record: AuditRecord): Record<string, unknown> {
  return {
    at: record.timestamp,
    component: record.component,
    category: record.category,
    action: record.action,
    source_entity: record.source_entity,
    source_ip: record.source_ip,
    is_success: record.success,
    cp_id: record.cp_id ?? null,
    supply_id: uuidOrNull(record.supply_id),
    correlation_id: uuidOrNull(record.correlation_id),
    parameters: record.parameters,
    description: record.description,
  };
}

// PostgreSQL keeps no NUL in text, and an unknown id may hold anything.
function withoutNul(_name: string, value: unknown): unknown {
  return typeof value === 'string' ? value.replaceAll('\0', '') : value;
}

function uuidOrNull(text: string | undefined): string | null {
  return text !== undefined && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text) ? text : null;
}

function canRetry(error: unknown): boolean {
  return error instanceof Error && 'canRetry' in error && error.canRetry === true;
}
