import type { AuditEvent, AuditFormat } from '../../../messages/audit-api.ts';
import { csvText, csvTime } from '../../../messages/csv-text.ts';

const COLUMNS: readonly [name: string, value: (event: AuditEvent) => string | undefined][] = [
  ['timestamp', ({ atMs }) => csvTime(atMs)],
  ['category', ({ category }) => category],
  ['action', ({ action }) => action],
  ['actor', ({ actor }) => actor],
  ['address', ({ address }) => address],
  ['cpId', ({ cpId }) => cpId],
  ['supplyId', ({ supplyId }) => supplyId],
  ['isSuccess', ({ isSuccess }) => String(isSuccess)],
  ['description', ({ description }) => description],
  ['component', ({ component }) => component],
  ['correlationId', ({ correlationId }) => correlationId],
  ['parameters', ({ parameters }) => JSON.stringify(parameters)],
];

/** The first line of a file of that format. */
export function auditHead(format: AuditFormat): string {
  return format === 'csv' ? csvText([COLUMNS.map(([name]) => name)]) : '';
}

/** Events as lines of CSV, or one JSON object a line. */
export function auditLines(format: AuditFormat, events: readonly AuditEvent[]): string {
  if (format === 'csv') return csvText(events.map((event) => COLUMNS.map(([, value]) => value(event))));
  return events
    .map(({ atMs, ...event }) => `${JSON.stringify({ timestamp: new Date(atMs).toISOString(), ...event })}\n`)
    .join('');
}
