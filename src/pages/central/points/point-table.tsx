import { ArrowDownNarrowWide } from 'lucide-react';
import { memo, type ReactNode, useEffect, useRef, useState } from 'react';
import type { PanelPoint, PanelSupply } from '../../../messages/live-stream.ts';
import { roughAge } from '../../shared/format.ts';
import { useFormats } from '../../shared/i18n.ts';
import { useServerNow } from '../../shared/live/live-store.ts';
import { StateBadge } from '../../shared/ui/state-badge.tsx';
import { useCentralTexts } from '../texts/use-texts.ts';
import { ColumnEdge } from './column-edge.tsx';
import { isResizable, type SizedColumn } from './column-widths.ts';
import { PointMenuButton } from './point-menu.tsx';
import styles from './point-table.module.css';
import { LateChip, PointFlags, StateDetail, Temperature } from './point-words.tsx';
import { PARAM } from './points-query.ts';
import { selectAll, toggleSelected, useIsSelected, useSelection } from './selection.ts';
import { COLUMN_SORTS, type PointColumn } from './table-columns.ts';
import { useLiveFigures } from './use-live-figures.ts';
import type { PointProps } from './use-point.ts';
import { hasFigures, usePoint } from './use-point.ts';
import type { QueryInAddress } from './use-points-query.ts';

type RowProps = PointProps & {
  columns: readonly PointColumn[];
  /** All points of the list in their order: what lies between two ticks. A function, so that a row is not drawn again for it. */
  listed(): readonly string[];
};
type CellProps = RowProps & { point: PanelPoint; supply: PanelSupply | undefined };

function IdCell({ point, tabIndex, onOpen }: CellProps) {
  return (
    <button
      type="button"
      className={styles.id}
      tabIndex={tabIndex}
      data-state={point.state}
      data-cp={point.cpId}
      data-testid={`tile-${point.cpId}`}
      onClick={() => onOpen(point.cpId)}
    >
      {point.cpId}
    </button>
  );
}

function SelectCell({ point, tabIndex, listed }: CellProps) {
  const { t } = useCentralTexts();
  const { cpId } = point;
  return (
    <input
      type="checkbox"
      className={styles.tick}
      tabIndex={tabIndex}
      checked={useIsSelected(cpId)}
      aria-label={t('points.selection.one', { id: cpId })}
      data-of={cpId}
      data-part="select"
      data-testid={`select-${cpId}`}
      onChange={(event) => {
        const { shiftKey } = event.nativeEvent as MouseEvent;
        toggleSelected(cpId, shiftKey ? listed() : undefined);
      }}
    />
  );
}

function LateDetail({ supply }: { supply: PanelSupply }) {
  return <LateChip figures={useLiveFigures(supply)} />;
}

function DetailCell({ point, supply }: CellProps) {
  return (
    <>
      <StateDetail point={point} supply={supply} />
      {supply && hasFigures(supply) ? <LateDetail supply={supply} /> : null}
      <PointFlags point={point} supply={supply} />
    </>
  );
}

function LiveFigure({ supply, figure }: { supply: PanelSupply; figure: 'power' | 'energy' | 'amount' }) {
  const formats = useFormats();
  const { powerW, energyWh, amountCents } = useLiveFigures(supply);
  const power = supply.state === 'INTERRUPTED' ? '–' : formats.power(powerW);
  const texts = { power, energy: formats.energy(energyWh), amount: formats.money(amountCents) };
  return <span data-testid={`tile-${figure}`}>{texts[figure]}</span>;
}

function SeenCell({ point }: CellProps) {
  const { t } = useCentralTexts();
  const nowMs = useServerNow();
  if (point.state !== 'DISCONNECTED') return t('central.facts.connectedNow');
  return point.lastSeenAtMs ? t('common.ago', { t: roughAge(nowMs - point.lastSeenAtMs) }) : t('common.never');
}

/** What stands in each column that is more than a word of the point. */
const CELLS: Partial<Record<PointColumn, (props: CellProps) => ReactNode>> = {
  select: SelectCell,
  id: IdCell,
  state: ({ point }) => <StateBadge state={point.state} audience="panel" />,
  detail: DetailCell,
  address: ({ point }) => <span title={point.address}>{point.address}</span>,
  temperature: ({ point }) => <Temperature point={point} />,
  seen: SeenCell,
  actions: ({ point, tabIndex }) => <PointMenuButton point={point} tabIndex={tabIndex} />,
};

function PlainCell({ column, point, supply }: CellProps & { column: PointColumn }) {
  const { t } = useCentralTexts();
  const formats = useFormats();
  switch (column) {
    case 'zone':
      return point.zone;
    case 'city':
      return point.city;
    case 'driver':
      return supply ? (supply.driverId ?? t('common.anonymous')) : '';
    case 'power':
    case 'energy':
    case 'amount':
      return supply && hasFigures(supply) ? <LiveFigure supply={supply} figure={column} /> : '';
    case 'start':
      return supply?.pluggedAtMs ? formats.time(supply.pluggedAtMs) : '';
    case 'price':
      return formats.price(point.priceE4PerKwh);
    case 'max':
      return formats.power(point.maxPowerW);
    case 'registration':
      return t(point.isRegistered ? 'central.registered' : 'central.notRegistered');
    case 'key':
      return t(`central.key.${point.keyState}`);
    case 'fingerprint':
      return <code>{point.keyFingerprint ?? ''}</code>;
    case 'monitor':
      return <code>{point.monitorAddress ?? ''}</code>;
    default:
      return '';
  }
}

/** The cells of one point in the table; the row around them is the list's. */
export const PointCells = memo(function PointCells(props: RowProps) {
  const { point, supply } = usePoint(props.cpId);
  if (!point) return null;
  return props.columns.map((column) => {
    const Content = CELLS[column];
    return (
      <td key={column} className={styles.cell} data-column={column}>
        {Content ? (
          <Content {...props} point={point} supply={supply} />
        ) : (
          <PlainCell {...props} column={column} point={point} supply={supply} />
        )}
      </td>
    );
  });
});

function SelectAll({ cpIds }: { cpIds: readonly string[] }) {
  const { t } = useCentralTexts();
  const ref = useRef<HTMLInputElement>(null);
  const selected = useSelection();
  const count = cpIds.filter((cpId) => selected.has(cpId)).length;
  const isAll = count > 0 && count === cpIds.length;
  useEffect(() => {
    if (ref.current) ref.current.indeterminate = count > 0 && !isAll;
  });
  return (
    <input
      ref={ref}
      type="checkbox"
      className={styles.tick}
      checked={isAll}
      aria-label={t('points.selection.every')}
      data-testid="select-all"
      onChange={() => selectAll(cpIds, !isAll)}
    />
  );
}

type HeadProps = { address: QueryInAddress; columns: readonly PointColumn[]; cpIds: readonly string[]; remPx: number };

function HeadCell({ column, address, cpIds }: HeadProps & { column: PointColumn }) {
  const { t } = useCentralTexts();
  const sort = COLUMN_SORTS[column];
  if (column === 'select') return <SelectAll cpIds={cpIds} />;
  if (column === 'actions') return <span className="visually-hidden">{t('points.column.actions')}</span>;
  if (!sort) return t(`points.column.${column}`);
  return (
    <button type="button" className={styles.sort} onClick={() => address.put({ [PARAM.sort]: sort })}>
      {t(`points.column.${column}`)}
      {address.query.sort === sort ? <ArrowDownNarrowWide size={14} aria-hidden="true" /> : null}
    </button>
  );
}

/** Names of the columns; those that can be sorted by are buttons, and all but those of controls have an edge to be drawn by. */
export function TableHead(props: HeadProps) {
  const { columns, address, remPx } = props;
  const { t } = useCentralTexts();
  const [edge, setEdge] = useState<SizedColumn>();
  const edgeStop = edge !== undefined && columns.includes(edge) ? edge : columns.find(isResizable);
  return (
    <thead className={styles.head}>
      <tr aria-rowindex={1} className={`${styles.row} ${styles.headRow}`}>
        {columns.map((column) => (
          <th
            key={column}
            scope="col"
            className={`${styles.cell} ${styles.headCell}`}
            data-column={column}
            // Its edge is no part of its name.
            aria-label={isResizable(column) ? t(`points.column.${column}`) : undefined}
            aria-sort={COLUMN_SORTS[column] === address.query.sort ? 'other' : undefined}
          >
            <span className={styles.headWord}>
              <HeadCell {...props} column={column} />
            </span>
            {isResizable(column) ? (
              <ColumnEdge
                {...{ column, columns, remPx }}
                isTabStop={column === edgeStop}
                onFocus={() => setEdge(column)}
              />
            ) : null}
          </th>
        ))}
      </tr>
    </thead>
  );
}

export const tableRowClass = styles.row;
