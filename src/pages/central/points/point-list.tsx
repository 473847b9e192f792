import {
  type CSSProperties,
  type KeyboardEvent,
  type ReactNode,
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { headerHeightPx } from '../header-height.ts';
import { useCentralTexts } from '../texts/use-texts.ts';
import { useColumnWidths } from './column-store.ts';
import { PointCard } from './point-card.tsx';
import styles from './point-list.module.css';
import { type ListRow, placeByKey, rowOf, rowOffsets } from './point-rows.ts';
import { PointCells, TableHead, tableRowClass } from './point-table.tsx';
import { PointTile } from './point-tile.tsx';
import type { ListView } from './points-query.ts';
import { type PointColumn, tableProperties } from './table-columns.ts';
import type { QueryInAddress } from './use-points-query.ts';
import { useRowsInWindow } from './use-window.ts';
import { ZoneHeader } from './zone-header.tsx';

/** Sizes of each look, in rem, gap included: rows have one height, so any row's place is known without drawing it. */
export const LIST_LOOKS = {
  wall: { pointsRem: 10.75, minWidthRem: 12 },
  cards: { pointsRem: 14.5, minWidthRem: 17 },
  table: { pointsRem: 2.75, minWidthRem: Number.POSITIVE_INFINITY },
} as const;
export const GAP_REM = 0.75;
const ZONE_REM = 3;
const PAGE_ROWS = 4;
/** A table of which each cell can have the focus. */
const WALKED_BY_ARROWS = { role: 'grid' };

type Props = {
  view: ListView;
  rows: readonly ListRow[];
  cpIds: readonly string[];
  columns: number;
  /** Of the table. */
  tableColumns: readonly PointColumn[];
  remPx: number;
  address: QueryInAddress;
  onOpen(cpId: string): void;
  onFold(zone: string): void;
};

/** Arrows, Home, End and page keys go through all points, drawn or not; the list is one stop of Tab (ux 2.8). */
function useWalk(props: Props, offsets: readonly number[], box: { current: HTMLElement | null }) {
  const { cpIds, rows, columns } = props;
  const [walkedTo, setWalkedTo] = useState<string>();
  const wantsFocus = useRef<{ cpId: string; part: string | undefined }>(undefined);
  const active = walkedTo !== undefined && cpIds.includes(walkedTo) ? walkedTo : undefined;
  useEffect(() => {
    // A draw in between still has the point of before: that one is not meant.
    const wanted = wantsFocus.current;
    if (active === undefined || wanted?.cpId !== active) return;
    const place =
      wanted.part === undefined ? `[data-cp="${active}"]` : `[data-of="${active}"][data-part="${wanted.part}"]`;
    const target = box.current?.querySelector<HTMLElement>(place);
    if (!target) return;
    wantsFocus.current = undefined;
    target.focus({ preventScroll: true });
  });
  const onKeyDown = (event: KeyboardEvent) => {
    const { part } = (event.target as HTMLElement).dataset;
    const from = cpIds.indexOf(cpIdOf(event.target));
    if (from < 0) return;
    const place = placeByKey(event.key, from, { count: cpIds.length, columns, pageRows: PAGE_ROWS });
    if (place === undefined) return;
    event.preventDefault();
    const cpId = cpIds[place]!;
    wantsFocus.current = { cpId, part };
    setWalkedTo(cpId);
    scrollToRow(box.current, offsets, rowOf(rows, cpId));
  };
  return { active, setWalkedTo, onKeyDown };
}

/** The point that an element of the list is (`data-cp`) or belongs to (`data-of`: its menu, its tick). */
function cpIdOf(target: EventTarget): string {
  const { cp, of } = (target as HTMLElement).dataset;
  return cp ?? of ?? '';
}

/** Kept free above and below the row that has the focus, beside what the header covers. */
const KEPT_CLEAR_PX = 24;

function scrollToRow(box: HTMLElement | null, offsets: readonly number[], row: number): void {
  if (!box || row < 0) return;
  const { top } = box.getBoundingClientRect();
  const from = top + offsets[row]!;
  const to = top + offsets[row + 1]!;
  const topPx = headerHeightPx() + KEPT_CLEAR_PX;
  if (from < topPx) window.scrollBy({ top: from - topPx });
  else if (to > window.innerHeight - KEPT_CLEAR_PX) window.scrollBy({ top: to - window.innerHeight + KEPT_CLEAR_PX });
}

type PointsRowProps = {
  row: ListRow & { kind: 'POINTS' };
  props: Props;
  active: string | undefined;
  listed(): readonly string[];
};

function PointsRow({ row, props, active, listed }: PointsRowProps) {
  const first = active ?? props.cpIds[0];
  const tabIndex = (cpId: string) => (cpId === first ? 0 : -1);
  if (props.view === 'table') {
    const cpId = row.cpIds[0]!;
    return (
      <PointCells
        cpId={cpId}
        tabIndex={tabIndex(cpId)}
        onOpen={props.onOpen}
        columns={props.tableColumns}
        listed={listed}
      />
    );
  }
  const Point = props.view === 'wall' ? PointTile : PointCard;
  return row.cpIds.map((cpId) => (
    <td key={cpId} className={styles.cell}>
      <Point cpId={cpId} tabIndex={tabIndex(cpId)} onOpen={props.onOpen} />
    </td>
  ));
}

/** The points as a wall, as cards or as a table. Only the rows in the window exist: 5,000 points are as quick as 50 (ux 9.4). */
export function PointList(props: Props) {
  const { t } = useCentralTexts();
  const { view, rows, columns, remPx } = props;
  const boxRef = useRef<HTMLTableSectionElement>(null);
  const offsets = useMemo(
    () => rowOffsets(rows, { zonePx: ZONE_REM * remPx, pointsPx: LIST_LOOKS[view].pointsRem * remPx }),
    [rows, view, remPx],
  );
  const cpIdsRef = useRef(props.cpIds);
  cpIdsRef.current = props.cpIds;
  const listed = useCallback(() => cpIdsRef.current, []);
  const [from, to] = useRowsInWindow(boxRef, offsets);
  const { active, setWalkedTo, onKeyDown } = useWalk(props, offsets, boxRef);
  const activeRow = active === undefined ? -1 : rowOf(rows, active);
  const shown = rows.slice(from, to).map((row, place): [ListRow, number] => [row, from + place]);
  // The row that has the focus stays, wherever the window is; in its place, as a moved element loses the focus.
  if (activeRow >= to) shown.push([rows[activeRow]!, activeRow]);
  else if (activeRow >= 0 && activeRow < from) shown.unshift([rows[activeRow]!, activeRow]);
  const widths = useColumnWidths();
  const headRows = view === 'table' ? 1 : 0;
  return (
    <table
      {...WALKED_BY_ARROWS}
      aria-label={t('points.list')}
      aria-rowcount={rows.length + headRows}
      aria-colcount={view === 'table' ? undefined : columns}
      style={view === 'table' ? (tableProperties(props.tableColumns, widths) as CSSProperties) : undefined}
      className={styles.list}
      data-view={view}
      data-testid="tiles"
      onKeyDown={onKeyDown}
      onFocus={(event) => setWalkedTo(cpIdOf(event.target))}
    >
      {view === 'table' ? (
        <TableHead address={props.address} columns={props.tableColumns} cpIds={props.cpIds} remPx={remPx} />
      ) : null}
      <tbody ref={boxRef} className={styles.box} style={{ height: offsets.at(-1) }}>
        {shown.map(([row, place]) => (
          <RowPlace
            key={row.kind === 'ZONE' ? row.zone : row.cpIds[0]}
            {...{ row, place, offsets, headRows, columns, view }}
          >
            {row.kind === 'ZONE' ? (
              <td className={styles.cell}>
                <ZoneHeader row={row} onFold={props.onFold} />
              </td>
            ) : (
              <PointsRow {...{ row, props, active, listed }} />
            )}
          </RowPlace>
        ))}
      </tbody>
    </table>
  );
}

type PlaceProps = {
  row: ListRow;
  place: number;
  offsets: readonly number[];
  headRows: number;
  columns: number;
  view: ListView;
  children: ReactNode;
};

function RowPlace({ row, place, offsets, headRows, columns, view, children }: PlaceProps) {
  const isTableRow = view === 'table' && row.kind === 'POINTS';
  const gap = row.kind === 'POINTS' && !isTableRow ? `${GAP_REM}rem` : '0px';
  return (
    <tr
      aria-rowindex={place + 1 + headRows}
      className={`${styles.row} ${isTableRow ? tableRowClass : ''}`}
      style={{
        transform: `translateY(${offsets[place]}px)`,
        height: `calc(${offsets[place + 1]! - offsets[place]!}px - ${gap})`,
        ...(isTableRow || row.kind === 'ZONE' ? {} : { gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` }),
      }}
    >
      {children}
    </tr>
  );
}
