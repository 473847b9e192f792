import { Play, Plus, Search, Square } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useSearchParams } from 'wouter';
import type { PanelPoint, PanelSupply } from '../../../messages/live-stream.ts';
import { useFormats } from '../../shared/i18n.ts';
import { useCollection, useHasFeed } from '../../shared/live/live-store.ts';
import { STATE_ICONS, STATES_IN_ORDER } from '../../shared/state-look.ts';
import { ActionButton } from '../../shared/ui/action-button.tsx';
import { useBlockedReason } from '../../shared/ui/freshness-bar.tsx';
import { Empty, Skeletons } from '../../shared/ui/parts.tsx';
import { AddPointDialog } from '../add-point-dialog.tsx';
import { PANEL, useMay } from '../session.ts';
import { useCentralTexts } from '../texts/use-texts.ts';
import { useOrderConfirmation } from '../use-order-confirmation.tsx';
import { PointDialog } from './point-dialog.tsx';
import { countByState, parseStates, toggleState, visiblePoints } from './point-list.ts';
import { PointTile } from './point-tile.tsx';
import styles from './points.module.css';

/** Filter in the address: a reload, a bookmark and a colleague see the same. */
function useFilter() {
  const [params, setParams] = useSearchParams();
  const states = parseStates(params.get('state'));
  const search = params.get('q') ?? '';
  const put = (name: string, value: string) =>
    setParams(
      (before) => {
        if (value === '') before.delete(name);
        else before.set(name, value);
        return before;
      },
      { replace: true },
    );
  return { states, search, put };
}

type Filter = ReturnType<typeof useFilter>;

function StateChips({ points, filter }: { points: readonly PanelPoint[]; filter: Filter }) {
  const { t } = useCentralTexts();
  const formats = useFormats();
  const counts = countByState(points);
  return (
    <fieldset className={styles.chips} aria-label={t('central.filterByState')}>
      {STATES_IN_ORDER.map((state) => {
        const Icon = STATE_ICONS[state];
        return (
          <button
            key={state}
            type="button"
            className={styles.stateChip}
            data-state={state}
            data-testid={`filter-${state}`}
            aria-pressed={filter.states.includes(state)}
            onClick={() => filter.put('state', toggleState(filter.states, state).join(','))}
          >
            <Icon size={16} aria-hidden="true" />
            <strong>{formats.number(counts[state])}</strong> {t(`state.panel.${state}`)}
          </button>
        );
      })}
    </fieldset>
  );
}

function SearchBox({ filter }: { filter: Filter }) {
  const { t } = useCentralTexts();
  return (
    <label className={styles.search}>
      <Search size={18} aria-hidden="true" />
      <span className="visually-hidden">{t('central.searchPoints')}</span>
      <input
        type="search"
        placeholder={t('central.searchPoints')}
        data-testid="search"
        value={filter.search}
        onChange={(event) => filter.put('q', event.target.value)}
      />
    </label>
  );
}

function NetworkOrders({ points, onAdd }: { points: readonly PanelPoint[]; onAdd(): void }) {
  const { t } = useCentralTexts();
  const mayOrder = useMay('operator');
  const isAdmin = useMay('admin');
  const blockedBy = useBlockedReason(PANEL);
  const { ask, dialog } = useOrderConfirmation();
  const emptyReason = points.length === 0 ? t('central.noPoints') : undefined;
  if (!mayOrder) return null;
  return (
    <div className={styles.orders}>
      <ActionButton
        testId="stop-all"
        variant="danger"
        blockedBy={blockedBy ?? emptyReason}
        onClick={() => ask({ kind: 'STOP', points, isForAll: true })}
      >
        <Square size={16} aria-hidden="true" /> {t('central.stopAll')}
      </ActionButton>
      <ActionButton
        testId="resume-all"
        blockedBy={blockedBy ?? emptyReason}
        onClick={() => ask({ kind: 'RESUME', points, isForAll: true })}
      >
        <Play size={16} aria-hidden="true" /> {t('central.resumeAll')}
      </ActionButton>
      {isAdmin ? (
        <ActionButton testId="add-point" blockedBy={blockedBy} onClick={onAdd}>
          <Plus size={16} aria-hidden="true" /> {t('central.addPoint')}
        </ActionButton>
      ) : null}
      {dialog}
    </div>
  );
}

/** Totals of the moment; readings are added up by nobody but for this glance, money and energy come from the server. */
function Totals({ points }: { points: readonly PanelPoint[] }) {
  const { t } = useCentralTexts();
  const drivers = Object.keys(useCollection(PANEL, 'drivers')).length;
  const supplies = Object.values(useCollection<PanelSupply>(PANEL, 'supplies'));
  const charging = supplies.filter((supply) => supply.state === 'CHARGING').length;
  return (
    <p className={styles.totals} data-testid="totals">
      {[
        t('central.pointCount', { count: points.length }),
        t('central.chargingCount', { n: charging }),
        t('central.driverCount', { count: drivers }),
      ].join(' · ')}
    </p>
  );
}

/** The state of the network: every point as a tile, with filters and the orders for all. */
export function NetworkState() {
  const { t } = useCentralTexts();
  const hasFeed = useHasFeed(PANEL);
  const points = Object.values(useCollection<PanelPoint>(PANEL, 'points'));
  const supplies = useCollection<PanelSupply>(PANEL, 'supplies');
  const filter = useFilter();
  const [openCpId, setOpenCpId] = useState<string>();
  const [isAdding, setAdding] = useState(false);
  const supplyOf = useMemo(
    () => new Map(Object.values(supplies).map((supply) => [supply.cpId, supply.supplyId])),
    [supplies],
  );
  const shown = visiblePoints(points, filter);
  return (
    <section className={styles.network} aria-labelledby="network-title">
      <div className={styles.networkHead}>
        <h2 id="network-title">{t('central.networkState')}</h2>
        <Totals points={points} />
        <NetworkOrders points={points} onAdd={() => setAdding(true)} />
      </div>
      <div className={styles.filters}>
        <StateChips points={points} filter={filter} />
        <SearchBox filter={filter} />
        {shown.length === points.length ? null : (
          <span className="muted" role="status">
            {t('central.shownOf', { shown: shown.length, all: points.length })}
          </span>
        )}
      </div>
      <ul className={styles.tiles} data-testid="tiles">
        {hasFeed ? null : <Skeletons count={6} />}
        {shown.map((point) => (
          <PointTile key={point.cpId} cpId={point.cpId} supplyId={supplyOf.get(point.cpId)} onOpen={setOpenCpId} />
        ))}
      </ul>
      {hasFeed && shown.length === 0 ? (
        <Empty testId="no-points">
          <p>{points.length === 0 ? t('central.noPoints') : t('central.noMatch')}</p>
          {points.length === 0 ? null : (
            <ActionButton
              size="small"
              onClick={() => {
                filter.put('q', '');
                filter.put('state', '');
              }}
            >
              {t('common.clearFilters')}
            </ActionButton>
          )}
        </Empty>
      ) : null}
      {openCpId ? <PointDialog cpId={openCpId} onClose={() => setOpenCpId(undefined)} /> : null}
      {isAdding ? <AddPointDialog onClose={() => setAdding(false)} /> : null}
    </section>
  );
}
