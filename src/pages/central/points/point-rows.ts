import { POINT_STATES, type PointState } from '../../../domain/vocabulary.ts';
import type { PanelPoint } from '../../../messages/live-stream.ts';
import { worstState } from './point-order.ts';

export type StateCounts = Record<PointState, number>;

export function countByState(points: Iterable<PanelPoint>): StateCounts {
  const counts = Object.fromEntries(POINT_STATES.map((state) => [state, 0])) as StateCounts;
  for (const point of points) counts[point.state] += 1;
  return counts;
}

/** One line of the virtual list: a zone's header, or as many points as fit beside each other. */
export type ListRow =
  | { kind: 'ZONE'; zone: string; counts: StateCounts; worst: PointState | undefined; isFolded: boolean }
  | { kind: 'POINTS'; cpIds: readonly string[] };

function linesOf(cpIds: readonly string[], columns: number): ListRow[] {
  const lines: ListRow[] = [];
  for (let at = 0; at < cpIds.length; at += columns)
    lines.push({ kind: 'POINTS', cpIds: cpIds.slice(at, at + columns) });
  return lines;
}

/** Points without headers, `columns` in a line. */
export function plainRows(cpIds: readonly string[], columns: number): ListRow[] {
  return linesOf(cpIds, columns);
}

/** Points that come in the order of their zones, each zone under its header; a folded zone is its header alone. */
export function zoneRows(
  points: readonly PanelPoint[],
  options: { columns: number; folded: readonly string[] },
): ListRow[] {
  const zones = new Map<string, PanelPoint[]>();
  for (const point of points) {
    const others = zones.get(point.zone);
    if (others) others.push(point);
    else zones.set(point.zone, [point]);
  }
  return [...zones].flatMap(([zone, inZone]) => {
    const counts = countByState(inZone);
    const worst = worstState(inZone.map((point) => point.state));
    const isFolded = options.folded.includes(zone);
    const header: ListRow = { kind: 'ZONE', zone, counts, worst, isFolded };
    const cpIds = inZone.map((point) => point.cpId);
    return isFolded ? [header] : [header, ...linesOf(cpIds, options.columns)];
  });
}

/** Where each row begins, and at the end where the last one stops, in pixels. */
export function rowOffsets(rows: readonly ListRow[], heights: { zonePx: number; pointsPx: number }): number[] {
  const offsets = [0];
  for (const row of rows) offsets.push(offsets.at(-1)! + (row.kind === 'ZONE' ? heights.zonePx : heights.pointsPx));
  return offsets;
}

/** First and one-past-last row that touch the window, found by halving. */
export function rowsInWindow(
  offsets: readonly number[],
  window: { topPx: number; bottomPx: number },
): [number, number] {
  const count = offsets.length - 1;
  const firstAfter = (edgePx: number): number => {
    let low = 0;
    let high = count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (offsets[middle + 1]! > edgePx) high = middle;
      else low = middle + 1;
    }
    return low;
  };
  const first = firstAfter(window.topPx);
  const last = Math.min(count, firstAfter(window.bottomPx - 1) + 1);
  return [Math.min(first, last), last];
}

/** The row that holds a point; -1 if none does. */
export function rowOf(rows: readonly ListRow[], cpId: string): number {
  return rows.findIndex((row) => row.kind === 'POINTS' && row.cpIds.includes(cpId));
}

/** The point that a key leads to in a list of `columns`, from the place of another; undefined: this key leads nowhere. */
export function placeByKey(key: string, from: number, list: { count: number; columns: number; pageRows: number }) {
  const { count, columns, pageRows } = list;
  const steps: Record<string, number> = {
    ArrowRight: 1,
    ArrowLeft: -1,
    ArrowDown: columns,
    ArrowUp: -columns,
    PageDown: columns * pageRows,
    PageUp: -columns * pageRows,
    Home: -count,
    End: count,
  };
  const step = steps[key];
  if (step === undefined || count === 0) return undefined;
  return Math.min(count - 1, Math.max(0, from + step));
}
