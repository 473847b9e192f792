import type { AuditEvent, AuditFormat } from '../../../messages/audit-api.ts';

const COLUMNS: readonly [name: string, value: (event: AuditEvent) => string | undefined][] = [
  ['timestamp', ({ atMs }) => new Date(atMs).toISOString()],
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

/** RFC 4180; what a spreadsheet would take for a formula is given as text: names and ids may come from an attacker. */
function csvValue(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** The first line of a file of that format. */
export function auditHead(format: AuditFormat): string {
  return format === 'csv' ? `${COLUMNS.map(([name]) => name).join(',')}\r\n` : '';
}

/** Events as lines of CSV, or one JSON object a line. */
export function auditLines(format: AuditFormat, events: readonly AuditEvent[]): string {
  if (format === 'csv')
    return events.map((event) => `${COLUMNS.map(([, value]) => csvValue(value(event) ?? '')).join(',')}\r\n`).join('');
  return events
    .map(({ atMs, ...event }) => `${JSON.stringify({ timestamp: new Date(atMs).toISOString(), ...event })}\n`)
    .join('');
}
