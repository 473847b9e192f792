import type { AuditRecord, AuditSink } from '../audit/audit.ts';
import { readAuditRecords } from '../audit/audit-reader.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Queries } from './database.ts';

/** Copies a component's audit into `audit_log`; the file stays the complete one. */
export type AuditLogWriter = { sink: AuditSink; stop(): Promise<void> };

export type AuditLogParts = {
  db: Queries;
  clock: Clock;
  log: Log;
  /** Whose file it is: what the table lacks after an outage or a kill is taken from there. */
  component: string;
  folder: string;
  maxWaiting?: number;
};

const MAX_WAITING = 10_000;
const MAX_BATCH = 500;
const FLUSH_EVERY_MS = 250;
const MAX_CAUGHT_UP = 50_000;
const MINUTE_MS = 60_000;
const CATCH_UP_WITHIN_MS = 7 * 24 * 60 * MINUTE_MS;
const COLUMNS = `at timestamptz, component text, category text, action text, source_entity text, source_ip inet,
  is_success boolean, cp_id text, supply_id uuid, correlation_id uuid, parameters jsonb, description text`;
const NAMES = `at, component, category, action, source_entity, source_ip, is_success, cp_id, supply_id, correlation_id,
  parameters, description`;
const KEY = ['at', 'component', 'action', 'source_entity', 'description'];

/**
 * One insert for all records of 250 ms. While the database is away the newest 10,000 wait; what did not fit, or was on
 * its way when the process was killed, is read from the file when the database answers again.
 */
export function startAuditLogWriter(parts: AuditLogParts): AuditLogWriter {
  const writer = new Writer(parts);
  const timer = parts.clock.setRepeating(() => void writer.turn(), FLUSH_EVERY_MS);
  return {
    sink: (record) => writer.add(record),
    async stop() {
      timer.cancel();
      await writer.turn();
      await writer.turn();
    },
  };
}

class Writer {
  readonly #parts: AuditLogParts;
  readonly #startedAtMs: number;
  readonly #waiting: AuditRecord[] = [];
  #dropped = 0;
  /** Since when the table may lack what the file has; 0: since this component's newest row. */
  #lackingSinceMs: number | undefined = 0;
  #running: Promise<void> | undefined;

  constructor(parts: AuditLogParts) {
    this.#parts = parts;
    this.#startedAtMs = parts.clock.nowMs();
  }

  add(record: AuditRecord): void {
    if (this.#waiting.length >= (this.#parts.maxWaiting ?? MAX_WAITING)) {
      // The batch at the front may be on its way: what is dropped comes after it.
      const [first] = this.#waiting.splice(Math.min(MAX_BATCH, this.#waiting.length - 1), 1);
      this.#dropped += 1;
      this.#lackingSinceMs ??= Date.parse(first?.timestamp ?? record.timestamp);
    }
    this.#waiting.push(record);
  }

  turn(): Promise<void> {
    this.#running ??= this.#work()
      .catch((error: unknown) =>
        this.#parts.log.warn({ err: error, waiting: this.#waiting.length }, 'audit records wait for the database'),
      )
      .finally(() => {
        this.#running = undefined;
      });
    return this.#running;
  }

  async #work(): Promise<void> {
    const batch = this.#waiting.slice(0, MAX_BATCH);
    if (batch.length > 0) {
      await this.#insert(batch);
      this.#waiting.splice(0, batch.length);
    }
    if (this.#waiting.length === 0 && this.#lackingSinceMs !== undefined) await this.#catchUp(this.#lackingSinceMs);
  }

  /** A record that the database will never take must not keep the others out; the file has it. */
  async #insert(batch: readonly AuditRecord[]): Promise<void> {
    try {
      await insertAuditRecords(this.#parts.db, batch);
    } catch (error) {
      if (canRetry(error)) throw error;
      for (const record of batch) {
        await insertAuditRecords(this.#parts.db, [record]).catch((refusal: unknown) => {
          if (canRetry(refusal)) throw refusal;
          this.#parts.log.error(
            { err: refusal, action: record.action },
            'an audit record fits no table; the file has it',
          );
        });
      }
    }
  }

  async #catchUp(lackingSinceMs: number): Promise<void> {
    const { db, log } = this.#parts;
    // What is dropped from here on is lacking anew.
    this.#lackingSinceMs = undefined;
    let inserted = 0;
    try {
      const sinceMs = lackingSinceMs || (await this.#newestRowMs()) - MINUTE_MS;
      const found = await this.#recordsOfFile(sinceMs);
      for (let at = 0; at < found.length; at += MAX_BATCH)
        inserted += await insertMissing(db, found.slice(at, at + MAX_BATCH));
    } catch (error) {
      this.#lackingSinceMs = lackingSinceMs;
      throw error;
    }
    if (inserted > 0 || this.#dropped > 0)
      log.info({ inserted, dropped: this.#dropped }, 'audit records that the table lacked were taken from the file');
    this.#dropped = 0;
  }

  /** Without those that were recorded meanwhile: they are in the file already and wait for their own turn. */
  async #recordsOfFile(sinceMs: number): Promise<AuditRecord[]> {
    const { component, folder } = this.#parts;
    const found = await readAuditRecords({ folder, component, sinceMs, maxRecords: MAX_CAUGHT_UP });
    const waiting = new Set(this.#waiting.map(keyOf));
    return found.filter((record) => !waiting.has(keyOf(record)));
  }

  async #newestRowMs(): Promise<number> {
    const { db, component } = this.#parts;
    const since = new Date(this.#startedAtMs - CATCH_UP_WITHIN_MS);
    const row = await db.row<{ at: Date | null }>(
      'SELECT max(at) AS at FROM audit_log WHERE component = $1 AND at > $2 AND at < $3',
      [component, since, new Date(this.#startedAtMs)],
    );
    return row?.at?.getTime() ?? since.getTime();
  }
}

/** Inserts records in one statement. */
export async function insertAuditRecords(db: Queries, records: readonly AuditRecord[]): Promise<void> {
  await db.run(`INSERT INTO audit_log (${NAMES}) SELECT ${NAMES} FROM jsonb_to_recordset($1::jsonb) AS r(${COLUMNS})`, [
    JSON.stringify(records.map(rowOf), storable),
  ]);
}

/** Inserts what is not there yet; how many that were. */
function insertMissing(db: Queries, records: readonly AuditRecord[]): Promise<number> {
  return db.run(
    `INSERT INTO audit_log (${NAMES}) SELECT ${NAMES} FROM jsonb_to_recordset($1::jsonb) AS r(${COLUMNS})
      WHERE NOT EXISTS (SELECT 1 FROM audit_log a WHERE ${KEY.map((name) => `a.${name} = r.${name}`).join(' AND ')})`,
    [JSON.stringify(records.map(rowOf), storable)],
  );
}

/** Makes partitions ahead and drops months that are over; how many were dropped. */
export async function tendAuditLog(db: Queries): Promise<number> {
  const row = await db.row<{ dropped: number }>('SELECT tend_audit_log() AS dropped');
  return row?.dropped ?? 0;
}

function keyOf({ timestamp, action, source_entity, description }: AuditRecord): string {
  return JSON.stringify([timestamp, action, source_entity, description]);
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

// PostgreSQL keeps neither NUL nor half a surrogate pair in text, and an unknown id may hold anything.
function storable(_name: string, value: unknown): unknown {
  return typeof value === 'string' ? value.replaceAll('\0', '').toWellFormed() : value;
}

function uuidOrNull(text: string | undefined): string | null {
  return text !== undefined && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text) ? text : null;
}

function canRetry(error: unknown): boolean {
  return error instanceof Error && 'canRetry' in error && error.canRetry === true;
}
