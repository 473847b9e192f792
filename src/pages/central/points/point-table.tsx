import { ArrowDownNarrowWide } from 'lucide-react';
import type { ReactNode } from 'react';
import type { PanelPoint, PanelSupply } from '../../../messages/live-stream.ts';
import { roughAge } from '../../shared/format.ts';
import { useFormats } from '../../shared/i18n.ts';
import { useServerNow } from '../../shared/live/live-store.ts';
import { StateBadge } from '../../shared/ui/state-badge.tsx';
import { useCentralTexts } from '../texts/use-texts.ts';
import styles from './point-table.module.css';
import { LateChip, PointFlags, StateDetail } from './point-words.tsx';
import { PARAM } from './points-query.ts';
import { COLUMN_SORTS, POINT_COLUMNS, type PointColumn } from './table-columns.ts';
import { useLiveFigures } from './use-live-figures.ts';
import type { PointProps } from './use-point.ts';
import { hasFigures, usePoint } from './use-point.ts';
import type { QueryInAddress } from './use-points-query.ts';

function Cell({ column, children }: { column: PointColumn; children?: ReactNode }) {
  return (
    <td className={styles.cell} data-column={column}>
      {children}
    </td>
  );
}

function FigureCells({ supply }: { supply: PanelSupply }) {
  const formats = useFormats();
  const figures = useLiveFigures(supply);
  return (
    <>
      <Cell column="power">
        <span data-testid="tile-power">{supply.state === 'INTERRUPTED' ? '–' : formats.power(figures.powerW)}</span>
      </Cell>
      <Cell column="energy">
        <span data-testid="tile-energy">{formats.energy(figures.energyWh)}</span>
      </Cell>
      <Cell column="amount">
        <span data-testid="tile-amount">{formats.money(figures.amountCents)}</span>
      </Cell>
    </>
  );
}

function LateDetail({ supply }: { supply: PanelSupply }) {
  return <LateChip figures={useLiveFigures(supply)} />;
}

function SeenCell({ point }: { point: PanelPoint }) {
  const { t } = useCentralTexts();
  const nowMs = useServerNow();
  if (point.state !== 'DISCONNECTED') return <Cell column="seen">{t('central.facts.connectedNow')}</Cell>;
  return (
    <Cell column="seen">
      {point.lastSeenAtMs ? t('common.ago', { t: roughAge(nowMs - point.lastSeenAtMs) }) : t('common.never')}
    </Cell>
  );
}

/** The cells of one point in the table; the row around them is the list's. */
export function PointCells(props: PointProps) {
  const { t } = useCentralTexts();
  const formats = useFormats();
  const { point, supply } = usePoint(props.cpId);
  if (!point) return null;
  return (
    <>
      <Cell column="id">
        <button
          type="button"
          className={styles.id}
          tabIndex={props.tabIndex}
          data-state={point.state}
          data-cp={point.cpId}
          data-testid={`tile-${point.cpId}`}
          onClick={() => props.onOpen(point.cpId)}
        >
          {point.cpId}
        </button>
      </Cell>
      <Cell column="state">
        <StateBadge state={point.state} audience="panel" />
      </Cell>
      <Cell column="detail">
        <StateDetail point={point} supply={supply} />
        {supply && hasFigures(supply) ? <LateDetail supply={supply} /> : null}
        <PointFlags point={point} supply={supply} />
      </Cell>
      <Cell column="zone">{point.zone}</Cell>
      <Cell column="city">{point.city}</Cell>
      <Cell column="address">
        <span title={point.address}>{point.address}</span>
      </Cell>
      <Cell column="driver">{supply ? (supply.driverId ?? t('common.anonymous')) : ''}</Cell>
      {supply && hasFigures(supply) ? (
        <FigureCells supply={supply} />
      ) : (
        <>
          <Cell column="power" />
          <Cell column="energy" />
          <Cell column="amount" />
        </>
      )}
      <Cell column="price">{formats.price(point.priceE4PerKwh)}</Cell>
      <Cell column="max">{formats.power(point.maxPowerW)}</Cell>
      <Cell column="key">{t(`central.key.${point.keyState}`)}</Cell>
      <SeenCell point={point} />
    </>
  );
}

/** Names of the columns; those that can be sorted by are buttons. */
export function TableHead({ address }: { address: QueryInAddress }) {
  const { t } = useCentralTexts();
  return (
    <thead className={styles.head}>
      <tr aria-rowindex={1} className={`${styles.row} ${styles.headRow}`}>
        {POINT_COLUMNS.map((column) => {
          const sort = COLUMN_SORTS[column];
          const isSorted = sort !== undefined && address.query.sort === sort;
          return (
            <th
              key={column}
              scope="col"
              className={styles.cell}
              data-column={column}
              aria-sort={isSorted ? 'other' : undefined}
            >
              {sort ? (
                <button type="button" className={styles.sort} onClick={() => address.put({ [PARAM.sort]: sort })}>
                  {t(`points.column.${column}`)}
                  {isSorted ? <ArrowDownNarrowWide size={14} aria-hidden="true" /> : null}
                </button>
              ) : (
                t(`points.column.${column}`)
              )}
            </th>
          );
        })}
      </tr>
    </thead>
  );
}

export const tableRowClass = styles.row;
