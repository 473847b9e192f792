import { type AuditEvent, type AuditFilter, MAX_EXPORTED_EVENTS } from '../../messages/audit-api.ts';
import { plainAddress } from '../sockets/ip-address.ts';
import type { Queries } from './database.ts';

/** Where a page begins: after this event, going back in time. */
export type AuditPosition = { atMs: number; auditId: number };

type Row = Omit<AuditEvent, 'atMs' | 'address' | 'cpId' | 'supplyId' | 'correlationId'> & {
  at: Date;
  address: string | null;
  cpId: string | null;
  supplyId: string | null;
  correlationId: string | null;
};

const COLUMNS = `audit_id AS "auditId", at, component, category, action, source_entity AS actor, host(source_ip) AS address,
  is_success AS "isSuccess", cp_id AS "cpId", supply_id AS "supplyId", correlation_id AS "correlationId", parameters, description`;

/** Rows are written soon after they happen; a table that was away longer shows them with the next page. */
const LIVE_WITHIN_MS = 24 * 60 * 60_000;

/** Events that match, newest first. `after` goes on where a page ended. */
export async function findAuditEvents(
  db: Queries,
  filter: AuditFilter,
  page: { after?: AuditPosition; limit: number },
): Promise<AuditEvent[]> {
  const where = new Conditions(filter);
  if (page.after)
    where.add((at, id) => `(at, audit_id) < (${at}, ${id})`, [new Date(page.after.atMs), page.after.auditId]);
  const rows = await db.rows<Row>(
    `SELECT ${COLUMNS} FROM audit_log WHERE ${where.sql} ORDER BY at DESC, audit_id DESC LIMIT ${page.limit}`,
    where.values,
  );
  return rows.map(eventOf);
}

/** What was written after the row `afterId`, newest first: the live tail. */
export async function findNewAuditEvents(
  db: Queries,
  filter: AuditFilter,
  since: { afterId: number; nowMs: number; limit: number },
): Promise<AuditEvent[]> {
  const where = new Conditions(filter);
  where.add((id, at) => `audit_id > ${id} AND at > ${at}`, [since.afterId, new Date(since.nowMs - LIVE_WITHIN_MS)]);
  const rows = await db.rows<Row>(
    `SELECT ${COLUMNS} FROM audit_log WHERE ${where.sql} ORDER BY at DESC, audit_id DESC LIMIT ${since.limit}`,
    where.values,
  );
  return rows.map(eventOf);
}

/** How many match; counting ends at what an export would give. */
export async function countAuditEvents(db: Queries, filter: AuditFilter): Promise<number> {
  const where = new Conditions(filter);
  const row = await db.row<{ total: number }>(
    `SELECT count(*) AS total FROM (SELECT 1 FROM audit_log WHERE ${where.sql} LIMIT ${MAX_EXPORTED_EVENTS}) found`,
    where.values,
  );
  return row?.total ?? 0;
}

/** The newest id of the table. */
export async function newestAuditId(db: Queries): Promise<number> {
  const row = await db.row<{ id: number | null }>('SELECT max(audit_id) AS id FROM audit_log');
  return row?.id ?? 0;
}

/** True for an address or a network that the table can be asked about. */
export function isAddressOrNetwork(text: string): boolean {
  const [address, bits] = text.split('/');
  if (plainAddress(address) === undefined) return false;
  return bits === undefined || Number(bits) <= (address?.includes(':') ? 128 : 32);
}

/** A filter as SQL; every value is a parameter. */
class Conditions {
  readonly values: unknown[] = [];
  readonly #parts: string[] = [];

  constructor(filter: AuditFilter) {
    const { fromMs, toMs, category, component, action, cpId, driverId, supplyId, correlationId, isSuccess } = filter;
    this.#addIf(fromMs, (value) => `at >= ${value}::timestamptz`, asDate);
    this.#addIf(toMs, (value) => `at < ${value}::timestamptz`, asDate);
    this.#addIf(
      category,
      (value) => `category = ANY(${value}::text[])`,
      (names) => names.split(','),
    );
    this.#addIf(component, (value) => `component = ${value}`);
    this.#addIf(action, (value) => `action = ${value}`);
    this.#addIf(cpId, (value) => `cp_id = ${value}`);
    this.#addIf(
      driverId,
      (value) => `(source_entity = 'driver:' || ${value}::text OR parameters->>'driverId' = ${value})`,
    );
    this.#addIf(supplyId, (value) => `supply_id = ${value}::uuid`);
    this.#addIf(correlationId, (value) => `correlation_id = ${value}::uuid`);
    this.#addIf(isSuccess, (value) => `is_success = ${value}`);
    this.#addIf(filter.actor, (value) => `source_entity ILIKE ${value}`, contains);
    this.#addIf(filter.address, (value) => `source_ip <<= ${value}::inet`);
    this.#addIf(
      filter.text,
      (value) => `(description ILIKE ${value} OR action ILIKE ${value} OR parameters::text ILIKE ${value})`,
      contains,
    );
  }

  get sql(): string {
    return this.#parts.length === 0 ? 'true' : this.#parts.join(' AND ');
  }

  add(condition: (...names: string[]) => string, values: readonly unknown[]): void {
    this.#parts.push(condition(...values.map((value) => `$${this.values.push(value)}`)));
  }

  #addIf<T>(value: T | undefined, condition: (name: string) => string, convert: (value: T) => unknown = same): void {
    if (value !== undefined) this.add(condition, [convert(value)]);
  }
}

const same = (value: unknown) => value;
const asDate = (atMs: number) => new Date(atMs);
/** A part of a text: `%` and `_` stand for themselves. */
const contains = (text: string) => `%${text.replaceAll('\0', '').replace(/[\\%_]/g, '\\$&')}%`;

function eventOf({ at, address, cpId, supplyId, correlationId, ...row }: Row): AuditEvent {
  return {
    ...row,
    atMs: at.getTime(),
    ...(address !== null && { address }),
    ...(cpId !== null && { cpId }),
    ...(supplyId !== null && { supplyId }),
    ...(correlationId !== null && { correlationId }),
  };
}
