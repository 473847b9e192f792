import { type KeyboardEvent, type PointerEvent, useLayoutEffect, useRef, useState } from 'react';
import { useCentralTexts } from '../texts/use-texts.ts';
import styles from './column-edge.module.css';
import { setColumnWidths, useColumnWidths } from './column-store.ts';
import {
  COLUMN_WIDTH_LIMITS_REM,
  type MeasuredColumns,
  type SizedColumn,
  WIDTH_STEP_REM,
  withoutWidth,
  withWidth,
} from './column-widths.ts';
import { type ColumnWidths, type PointColumn, tableProperties, usualWidthRem } from './table-columns.ts';

type Props = {
  column: SizedColumn;
  columns: readonly PointColumn[];
  remPx: number;
  /** The edges are one stop of Tab; the arrows go from one to the next. */
  isTabStop: boolean;
  onFocus(): void;
};

type Drag = { fromPx: number; fromRem: number; measured: MeasuredColumns; widths: ColumnWidths };

/** Of usual letters, pixels. */
const asShown = (rem: number) => Math.round(rem * 16);

function measure(edge: HTMLElement, columns: readonly PointColumn[], remPx: number): MeasuredColumns {
  const cells = edge.closest('tr')?.children ?? [];
  return columns.map((column, place) => ({
    column,
    rem: (cells[place]?.getBoundingClientRect().width ?? 0) / remPx,
  }));
}

function remOf(measured: MeasuredColumns, column: PointColumn): number {
  return measured.find((one) => one.column === column)?.rem ?? 0;
}

/** While a column is dragged only these properties of the table change: React draws nothing, however many rows there are. */
function showWidths(edge: HTMLElement, columns: readonly PointColumn[], widths: ColumnWidths): void {
  const table = edge.closest('table');
  for (const [name, value] of Object.entries(tableProperties(columns, widths))) table?.style.setProperty(name, value);
}

/** Drags by any pointer. Nothing is kept of a press that did not move, or that Escape or the system broke off. */
function useDrag({ column, columns, remPx }: Props, widths: ColumnWidths) {
  const dragRef = useRef<Drag>(undefined);
  const [isDragged, setDragged] = useState(false);
  const leave = (edge: HTMLElement, isKept: boolean) => {
    const drag = dragRef.current;
    dragRef.current = undefined;
    setDragged(false);
    if (!drag || drag.widths === widths) return;
    if (isKept) setColumnWidths(drag.widths);
    else showWidths(edge, columns, widths);
  };
  const handlers = {
    onPointerDown(event: PointerEvent<HTMLElement>) {
      if (!event.isPrimary || event.button !== 0) return;
      const edge = event.currentTarget;
      edge.setPointerCapture(event.pointerId);
      const measured = measure(edge, columns, remPx);
      dragRef.current = { fromPx: event.clientX, fromRem: remOf(measured, column), measured, widths };
      setDragged(true);
    },
    onPointerMove(event: PointerEvent<HTMLElement>) {
      const drag = dragRef.current;
      if (!drag || (event.clientX === drag.fromPx && drag.widths === widths)) return;
      const rem = drag.fromRem + (event.clientX - drag.fromPx) / remPx;
      drag.widths = withWidth(widths, drag.measured, { column, rem });
      showWidths(event.currentTarget, columns, drag.widths);
    },
    onPointerUp: (event: PointerEvent<HTMLElement>) => leave(event.currentTarget, true),
    onPointerCancel: (event: PointerEvent<HTMLElement>) => leave(event.currentTarget, false),
  };
  return { isDragged, handlers, breakOff: (edge: HTMLElement) => leave(edge, false) };
}

function focusNext(edge: HTMLElement, step: 1 | -1): void {
  const edges = [...(edge.closest('tr')?.querySelectorAll<HTMLElement>('[data-edge]') ?? [])];
  edges[edges.indexOf(edge) + step]?.focus();
}

/** What a key does at an edge; undefined: nothing. */
function actOfKey(event: KeyboardEvent<HTMLElement>, { column, columns, remPx }: Props, widths: ColumnWidths) {
  const edge = event.currentTarget;
  const stepRem = event.shiftKey ? WIDTH_STEP_REM.large : WIDTH_STEP_REM.plain;
  const widen = (byRem: number) => () => {
    const measured = measure(edge, columns, remPx);
    setColumnWidths(withWidth(widths, measured, { column, rem: remOf(measured, column) + byRem }));
  };
  switch (event.key) {
    case 'ArrowLeft':
      return widen(-stepRem);
    case 'ArrowRight':
      return widen(stepRem);
    case 'ArrowUp':
      return () => focusNext(edge, -1);
    case 'ArrowDown':
      return () => focusNext(edge, 1);
    case 'Home':
      return () => setColumnWidths(withoutWidth(widths, column));
    default:
      return undefined;
  }
}

/** The edge of a column's header: drag it, or go there and use the arrows (ux 3.1, 2.8: no drag as the only way). */
export function ColumnEdge(props: Props) {
  const { column, columns, remPx, isTabStop, onFocus } = props;
  const { t } = useCentralTexts();
  const widths = useColumnWidths();
  const edgeRef = useRef<HTMLHRElement>(null);
  const [measuredRem, setMeasuredRem] = useState(() => usualWidthRem(column));
  const { isDragged, handlers, breakOff } = useDrag(props, widths);
  useLayoutEffect(() => {
    const edge = edgeRef.current;
    // Only whoever has gone there hears how wide it is.
    if (edge && edge === document.activeElement) setMeasuredRem(remOf(measure(edge, columns, remPx), column));
  });
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const { currentTarget: edge } = event;
    const act = isDragged && event.key === 'Escape' ? () => breakOff(edge) : actOfKey(event, props, widths);
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  };
  return (
    <hr
      {...handlers}
      ref={edgeRef}
      className={styles.edge}
      tabIndex={isTabStop ? 0 : -1}
      aria-orientation="vertical"
      aria-label={t('points.columns.widthOf', { column: t(`points.column.${column}`) })}
      aria-valuenow={asShown(widths[column] ?? measuredRem)}
      aria-valuemin={asShown(COLUMN_WIDTH_LIMITS_REM.least)}
      aria-valuemax={asShown(COLUMN_WIDTH_LIMITS_REM.most)}
      title={t('points.columns.widthHint')}
      data-edge={column}
      data-dragged={isDragged}
      data-testid={`edge-${column}`}
      onFocus={onFocus}
      onKeyDown={onKeyDown}
      onDoubleClick={() => setColumnWidths(withoutWidth(widths, column))}
    />
  );
}
