import type { PointSort } from './points-query.ts';

/** Columns of the table, in order. */
export const POINT_COLUMNS = [
  ...(['select', 'id', 'state', 'detail', 'zone', 'city', 'address', 'driver', 'power', 'energy', 'amount'] as const),
  ...(['start', 'price', 'max', 'temperature', 'registration', 'key', 'fingerprint', 'monitor', 'seen'] as const),
  'actions',
] as const;
export type PointColumn = (typeof POINT_COLUMNS)[number];

/** Always there for whoever may use them; all others can be chosen. */
const FIXED: readonly PointColumn[] = ['select', 'id', 'actions'];
export type ChoosableColumn = Exclude<PointColumn, 'select' | 'id' | 'actions'>;

type Look = {
  widthRem: number;
  /** Share of what is left over. */
  grow?: number;
  /** Without a choice: left out before those of a higher rank while there is no room; 0: only by choice. */
  rank: number;
  /** Only for whoever may give orders, or is logged in. */
  needs?: 'orders' | 'login';
};

const LOOKS: Readonly<Record<PointColumn, Look>> = {
  select: { widthRem: 2, rank: 99, needs: 'orders' },
  id: { widthRem: 6.5, rank: 99 },
  state: { widthRem: 9.5, rank: 98 },
  detail: { widthRem: 11, grow: 1.6, rank: 97 },
  zone: { widthRem: 4, rank: 5 },
  city: { widthRem: 6, grow: 1, rank: 7 },
  address: { widthRem: 8, grow: 1.4, rank: 3 },
  driver: { widthRem: 6, rank: 8 },
  power: { widthRem: 5, rank: 11 },
  energy: { widthRem: 5.5, rank: 10 },
  amount: { widthRem: 4.5, rank: 9 },
  start: { widthRem: 5, rank: 0 },
  price: { widthRem: 6.5, rank: 6 },
  max: { widthRem: 5.5, rank: 4 },
  temperature: { widthRem: 5, rank: 0 },
  registration: { widthRem: 7, rank: 0 },
  key: { widthRem: 8, rank: 2 },
  fingerprint: { widthRem: 8, rank: 0, needs: 'login' },
  monitor: { widthRem: 9, rank: 0, needs: 'login' },
  seen: { widthRem: 8, rank: 1 },
  actions: { widthRem: 2.5, rank: 99, needs: 'orders' },
};

/** What a reader has made of the widths, in rem; a column that is not named has its usual one. */
export type ColumnWidths = Readonly<Partial<Record<PointColumn, number>>>;

/** Between two columns, and on both sides of the row. */
const GAP_REM = 0.625;

export type ColumnViewer = { mayOrder: boolean; isSignedIn: boolean };

function isFor(column: PointColumn, viewer: ColumnViewer): boolean {
  const { needs } = LOOKS[column];
  return needs === undefined || (needs === 'orders' ? viewer.mayOrder : viewer.isSignedIn);
}

/** What this viewer may choose from. */
export function choosableColumns(viewer: ColumnViewer): ChoosableColumn[] {
  return POINT_COLUMNS.filter((column) => isFor(column, viewer) && !FIXED.includes(column)) as ChoosableColumn[];
}

/** Of a column that shares what is left over: the least. */
export function usualWidthRem(column: PointColumn): number {
  return LOOKS[column].widthRem;
}

/** Takes a share of what is left over. */
export function isGrowing(column: PointColumn): boolean {
  return LOOKS[column].grow !== undefined;
}

/** Room that these columns need at least. */
export function widthRem(columns: readonly PointColumn[], widths: ColumnWidths = {}): number {
  return columns.reduce((sum, column) => sum + (widths[column] ?? LOOKS[column].widthRem) + GAP_REM, GAP_REM);
}

/**
 * Chosen columns are all shown, if need be by scrolling sideways; without a choice, as many of the usual ones as fit in
 * their usual widths: making one wider takes none away.
 */
export function shownColumns(asked: {
  chosen: readonly PointColumn[] | undefined;
  roomRem: number;
  viewer: ColumnViewer;
}): PointColumn[] {
  const { chosen, roomRem, viewer } = asked;
  const mine = POINT_COLUMNS.filter((column) => isFor(column, viewer));
  if (chosen) return mine.filter((column) => FIXED.includes(column) || chosen.includes(column));
  let usual = mine.filter((column) => LOOKS[column].rank > 0);
  while (usual.length > 3 && widthRem(usual) > roomRem) {
    const least = usual.reduce((worst, column) => (LOOKS[column].rank < LOOKS[worst].rank ? column : worst));
    usual = usual.filter((column) => column !== least);
  }
  return usual;
}

/** The columns as a grid's template. */
function columnTemplate(columns: readonly PointColumn[], widths: ColumnWidths): string {
  return columns
    .map((column) => {
      const { widthRem, grow } = LOOKS[column];
      const own = widths[column];
      if (own !== undefined) return `${own}rem`;
      return grow === undefined ? `${widthRem}rem` : `minmax(${widthRem}rem, ${grow}fr)`;
    })
    .join(' ');
}

/** What a table of these columns is laid out by; its rows inherit it. */
export function tableProperties(columns: readonly PointColumn[], widths: ColumnWidths): Record<`--${string}`, string> {
  return {
    '--table-columns': columnTemplate(columns, widths),
    '--table-width': `${widthRem(columns, widths)}rem`,
  };
}

/** What was kept of an earlier choice; anything else is no choice. */
export function readColumns(kept: string | null): ChoosableColumn[] | undefined {
  try {
    const names: unknown = JSON.parse(kept ?? 'null');
    if (!Array.isArray(names)) return undefined;
    return POINT_COLUMNS.filter((column) => names.includes(column) && !FIXED.includes(column)) as ChoosableColumn[];
  } catch {
    // Not ours.
    return undefined;
  }
}

/** Columns whose header sorts the list. */
export const COLUMN_SORTS: Partial<Record<PointColumn, PointSort>> = {
  id: 'id',
  state: 'attention',
  zone: 'zone',
  power: 'power',
  price: 'price',
  max: 'max',
};
