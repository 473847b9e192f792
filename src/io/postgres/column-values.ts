/** A timestamptz as this database hands it out: Date from a column, ISO text inside jsonb. */
export type TimeColumn = Date | string | null;

/** Milliseconds since 1970, or null for NULL. */
export function msOrNull(value: TimeColumn): number | null {
  if (value === null) return null;
  return typeof value === 'string' ? Date.parse(value) : value.getTime();
}

/** Milliseconds since 1970 of a column that is never NULL. */
export function msOf(value: Date | string): number {
  return typeof value === 'string' ? Date.parse(value) : value.getTime();
}

/** A parameter for a timestamptz column. */
export function timeOrNull(atMs: number | null | undefined): Date | null {
  return atMs === null || atMs === undefined ? null : new Date(atMs);
}
