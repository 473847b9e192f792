export type CsvValue = string | number | boolean | undefined;

/** Rows as RFC 4180 CSV; text that a spreadsheet would take for a formula stays text. */
export function csvText(rows: readonly (readonly CsvValue[])[]): string {
  return rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

function cell(value: CsvValue): string {
  if (typeof value !== 'string') return String(value ?? '');
  const text = value.replace(/^[=+\-@\t\r]/, "'$&");
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A moment for a spreadsheet: ISO 8601 in UTC. */
export function csvTime(atMs: number | undefined): string | undefined {
  return atMs === undefined ? undefined : new Date(atMs).toISOString();
}
