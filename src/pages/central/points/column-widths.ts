import { type ColumnWidths, isGrowing, POINT_COLUMNS, type PointColumn } from './table-columns.ts';

/** Between these a column can be made narrower or wider: its edge stays in reach, and no column hides all others. */
export const COLUMN_WIDTH_LIMITS_REM = { least: 3, most: 40 } as const;
/** By one press of an arrow key, and with Shift. */
export const WIDTH_STEP_REM = { plain: 0.5, large: 2.5 } as const;

export type SizedColumn = Exclude<PointColumn, 'select' | 'actions'>;

/** Columns of controls have one size. */
export function isResizable(column: PointColumn): column is SizedColumn {
  return column !== 'select' && column !== 'actions';
}

function isAllowed(rem: unknown): rem is number {
  const { least, most } = COLUMN_WIDTH_LIMITS_REM;
  return typeof rem === 'number' && rem >= least && rem <= most;
}

/** The nearest width within the limits, in whole pixels of usual letters. */
function allowedRem(rem: number): number {
  const { least, most } = COLUMN_WIDTH_LIMITS_REM;
  return Math.round(Math.min(most, Math.max(least, rem)) * 16) / 16;
}

/** What was kept of earlier widths; whatever is no width of a column of ours is left out. */
export function readWidths(kept: string | null): ColumnWidths {
  try {
    const found: unknown = JSON.parse(kept ?? 'null');
    if (typeof found !== 'object' || found === null) return {};
    const byName = found as Readonly<Record<string, unknown>>;
    const widths: Partial<Record<PointColumn, number>> = {};
    for (const column of POINT_COLUMNS) {
      const rem = Object.hasOwn(byName, column) ? byName[column] : undefined;
      if (isResizable(column) && isAllowed(rem)) widths[column] = rem;
    }
    return widths;
  } catch {
    // Not ours.
    return {};
  }
}

/** The columns as they stand on the screen: in order, with what each measures. */
export type MeasuredColumns = readonly { column: PointColumn; rem: number }[];

/**
 * Widths after one column was made so wide. Columns to the left of it that share what is left over keep what they have
 * now: else they would give way, and the edge would not stay under the pointer.
 */
export function withWidth(widths: ColumnWidths, measured: MeasuredColumns, to: { column: PointColumn; rem: number }) {
  const next: Partial<Record<PointColumn, number>> = { ...widths };
  for (const { column, rem } of measured) {
    if (column === to.column) break;
    if (isGrowing(column)) next[column] ??= allowedRem(rem);
  }
  next[to.column] = allowedRem(to.rem);
  return next as ColumnWidths;
}

/** The column has its usual width again. */
export function withoutWidth(widths: ColumnWidths, column: PointColumn): ColumnWidths {
  const { [column]: _usual, ...rest } = widths;
  return rest;
}
