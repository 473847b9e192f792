import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useHasFeed } from '../../shared/live/live-store.ts';
import { keepReadings } from '../../shared/live/reading-history.ts';
import { ActionButton } from '../../shared/ui/action-button.tsx';
import { Empty, Skeletons } from '../../shared/ui/parts.tsx';
import { useBox } from '../../shared/use-box.ts';
import { AddPointDialog } from '../add-point-dialog.tsx';
import { PANEL } from '../session.ts';
import { useCentralTexts } from '../texts/use-texts.ts';
import { Attention } from './attention.tsx';
import { BulkOrders } from './bulk-orders.tsx';
import { ColumnChoice, useColumnViewer } from './column-choice.tsx';
import { useChosenColumns } from './column-store.ts';
import { PointDrawer } from './detail/point-drawer.tsx';
import { Filters } from './filters.tsx';
import { GAP_REM, LIST_LOOKS, PointList } from './point-list.tsx';
import { PointMenu } from './point-menu.tsx';
import { countByState, plainRows, zoneRows } from './point-rows.ts';
import styles from './points-area.module.css';
import { FILTER_PARAMS, filterCount, type ListView, PARAM, toggled } from './points-query.ts';
import { SelectionBar } from './selection-bar.tsx';
import { StateBar } from './state-bar.tsx';
import { shownColumns } from './table-columns.ts';
import { Toolbar } from './toolbar.tsx';
import { Totals } from './totals.tsx';
import { type QueryInAddress, usePointsQuery } from './use-points-query.ts';
import { type ShownPoints, useShownPoints } from './use-shown-points.ts';

const PointMap = lazy(() => import('./map/point-map.tsx').then((module) => ({ default: module.PointMap })));

function NoPoints({ hasPoints, address }: { hasPoints: boolean; address: QueryInAddress }) {
  const { t } = useCentralTexts();
  return (
    <Empty testId="no-points">
      <p>{t(hasPoints ? 'central.noMatch' : 'central.noPoints')}</p>
      {hasPoints ? (
        <ActionButton
          size="small"
          testId="show-all"
          onClick={() =>
            address.put(
              Object.fromEntries([PARAM.search, PARAM.states, ...FILTER_PARAMS].map((name) => [name, undefined])),
            )
          }
        >
          {t('common.clearFilters')}
        </ActionButton>
      ) : null}
    </Empty>
  );
}

type ListProps = { points: ShownPoints; address: QueryInAddress; view: ListView; onOpen(cpId: string): void };

function SizedList({ points, address, view, onOpen }: ListProps) {
  const boxRef = useRef<HTMLDivElement>(null);
  const { widthPx, remPx } = useBox(boxRef);
  const { query, put } = address;
  const look = LIST_LOOKS[view];
  const columns = Math.max(1, Math.floor((widthPx + GAP_REM * remPx) / ((look.minWidthRem + GAP_REM) * remPx)));
  const { shown } = points;
  const cpIds = useMemo(() => shown.map(({ cpId }) => cpId), [shown]);
  const rows = useMemo(
    () => (query.sort === 'zone' ? zoneRows(shown, { columns, folded: query.folded }) : plainRows(cpIds, columns)),
    [shown, cpIds, columns, query.sort, query.folded],
  );
  const unfolded = useMemo(
    () => (query.sort === 'zone' ? rows.flatMap((row) => (row.kind === 'POINTS' ? row.cpIds : [])) : cpIds),
    [rows, cpIds, query.sort],
  );
  const chosen = useChosenColumns();
  const viewer = useColumnViewer();
  const tableColumns = useMemo(
    () => shownColumns({ chosen, roomRem: widthPx / remPx, viewer }),
    [chosen, widthPx, remPx, viewer],
  );
  return (
    <div ref={boxRef} className={styles.list}>
      {view === 'table' ? (
        <>
          <div className={styles.tableTools}>
            <ColumnChoice shown={tableColumns} />
          </div>
          <SelectionBar points={points.all} shown={shown} />
        </>
      ) : null}
      {widthPx > 0 ? (
        <PointList
          {...{ view, rows, columns, tableColumns, remPx, address, onOpen }}
          cpIds={unfolded}
          onFold={(zone) => put({ [PARAM.folded]: toggled(query.folded, zone).join(',') })}
        />
      ) : null}
    </div>
  );
}

/** True while the pointer or the focus is among the points: then their order holds still (ux 2.11). */
function useHold() {
  const [hold, setHold] = useState({ isPointed: false, isFocused: false });
  return {
    isHeld: hold.isPointed || hold.isFocused,
    release: () => setHold({ isPointed: false, isFocused: false }),
    handlers: {
      onPointerEnter: () => setHold((before) => ({ ...before, isPointed: true })),
      onPointerLeave: () => setHold((before) => ({ ...before, isPointed: false })),
      onFocus: () => setHold((before) => ({ ...before, isFocused: true })),
      onBlur: () => setHold((before) => ({ ...before, isFocused: false })),
    },
  };
}

/** The state of the network: counts that filter, what needs attention, and every point as wall, cards, table or map. */
export function PointsArea() {
  const { t } = useCentralTexts();
  const hasFeed = useHasFeed(PANEL);
  const address = usePointsQuery();
  const { query, put } = address;
  const hold = useHold();
  const points = useShownPoints(query, hold.isHeld);
  const [isAdding, setAdding] = useState(false);
  const [areFiltersOpen, setFiltersOpen] = useState(() => filterCount(query) > 0);
  const searchRef = useRef<HTMLInputElement>(null);
  const counts = useMemo(() => countByState(points.all), [points.all]);
  useEffect(keepReadings, []);
  const putRef = useRef(put);
  putRef.current = put;
  const open = useCallback((cpId: string) => putRef.current({ [PARAM.openCpId]: cpId }, { isStep: true }), []);
  return (
    <section className={styles.network} aria-labelledby="network-title">
      <div className={styles.head}>
        <h2 id="network-title">{t('central.networkState')}</h2>
        <Totals pointCount={points.all.length} />
        <BulkOrders points={points.all} shown={points.shown} onAdd={() => setAdding(true)} />
      </div>
      <StateBar counts={counts} address={address} />
      {hasFeed && points.all.length > 0 ? <Attention points={points.all} address={address} onOpen={open} /> : null}
      <Toolbar
        {...{ address, areFiltersOpen, searchRef }}
        shown={points.shown}
        all={points.all.length}
        onFilters={() => setFiltersOpen(!areFiltersOpen)}
      />
      {areFiltersOpen ? <Filters points={points.all} address={address} /> : null}
      {points.isOrderWaiting ? (
        <button type="button" className={styles.waiting} onClick={hold.release} data-testid="order-waiting">
          {t('points.orderWaits')}
        </button>
      ) : null}
      <div {...hold.handlers}>
        {hasFeed ? null : (
          <div className={styles.skeletons}>
            <Skeletons count={6} />
          </div>
        )}
        {hasFeed && query.view === 'map' ? (
          <Suspense fallback={<Skeletons count={1} isCodeComing />}>
            <PointMap points={points.shown} onOpen={open} />
          </Suspense>
        ) : null}
        {hasFeed && query.view !== 'map' && points.shown.length > 0 ? (
          <SizedList points={points} address={address} view={query.view} onOpen={open} />
        ) : null}
        {hasFeed && points.shown.length === 0 ? <NoPoints hasPoints={points.all.length > 0} address={address} /> : null}
      </div>
      {query.openCpId ? (
        <PointDrawer
          key={query.openCpId}
          cpId={query.openCpId}
          tab={query.openTab}
          onTab={(tab) => put({ [PARAM.openTab]: tab === 'now' ? undefined : tab })}
          onClose={() => put({ [PARAM.openCpId]: undefined, [PARAM.openTab]: undefined }, { isStep: true })}
        />
      ) : null}
      <PointMenu onOpen={open} />
      {isAdding ? <AddPointDialog onClose={() => setAdding(false)} /> : null}
    </section>
  );
}
