import { CircleCheck, Search, Unplug } from 'lucide-react';
import { useMemo } from 'react';
import { Link, useSearchParams } from 'wouter';
import type { OpenSupplyState } from '../../../domain/vocabulary.ts';
import type { DriverPage } from '../../../messages/central-history-api.ts';
import type { PanelDriver, PanelSupply } from '../../../messages/live-stream.ts';
import { roughAge } from '../../shared/format.ts';
import { useFormats } from '../../shared/i18n.ts';
import { useCollection, useReading, useServerNow, useTick } from '../../shared/live/live-store.ts';
import { supplyFigures } from '../../shared/supply-figures.ts';
import { ActionButton } from '../../shared/ui/action-button.tsx';
import { Card, Empty, SCROLLED_BY_KEYS } from '../../shared/ui/parts.tsx';
import table from '../../shared/ui/table.module.css';
import styles from '../history/history.module.css';
import { usePages } from '../history/use-pages.ts';
import { Loading, ProblemNote, useIsCentralAway } from '../page-parts.tsx';
import { PANEL, useMay, useOperator } from '../session.ts';
import { useCentralTexts } from '../texts/use-texts.ts';
import { DriverPrivacy } from './driver-privacy.tsx';
import { type ListedDriver, listedDrivers } from './driver-rows.ts';
import own from './drivers.module.css';

function CurrentCharge({ supply }: { supply: PanelSupply }) {
  const { t } = useCentralTexts();
  const formats = useFormats();
  const { energyWh } = supplyFigures(supply, useReading(PANEL, supply.readingIndex), useTick());
  return (
    <>
      <strong>{supply.cpId}</strong> · {t(`phase.${supply.state as OpenSupplyState}`)} · {formats.energy(energyWh)}
    </>
  );
}

function Connection({ driver }: { driver: ListedDriver }) {
  const { t } = useCentralTexts();
  const nowMs = useServerNow();
  if (driver.sinceMs === undefined)
    return (
      <span className="muted">
        <Unplug size={16} aria-hidden="true" /> {t('driverList.offline')}
      </span>
    );
  return (
    <span>
      <CircleCheck size={16} aria-hidden="true" className={styles.good} /> {t('driverList.online')}{' '}
      <span className="muted">
        {t('driverList.via', { via: driver.via.join(', ') })} ·{' '}
        {t('common.ago', { t: roughAge(nowMs - driver.sinceMs) })}
      </span>
    </span>
  );
}

function BookCells({ driver }: { driver: ListedDriver }) {
  const { t } = useCentralTexts();
  const formats = useFormats();
  const { books } = driver;
  return (
    <>
      <td data-name={t('driverList.supplies')} className={styles.number}>
        {books ? <Link href={`/recargas?driver=${driver.driverId}`}>{formats.number(books.supplies)}</Link> : '–'}
      </td>
      <td data-name={t('figure.energy')} className={styles.number}>
        {books ? formats.energy(books.energyWh) : '–'}
      </td>
      <td data-name={t('driverList.last')} className={`${styles.number} ${styles.wide}`}>
        {books?.lastSupplyAtMs ? formats.dateTime(books.lastSupplyAtMs) : '–'}
      </td>
    </>
  );
}

function DriverTable(props: { drivers: readonly ListedDriver[]; hasBooks: boolean; onErased(): void }) {
  const { drivers, hasBooks, onErased } = props;
  const { t } = useCentralTexts();
  const isAdmin = useMay('admin');
  const books = ['driverList.supplies', 'figure.energy', 'driverList.last'] as const;
  return (
    <section className={table.scroll} {...SCROLLED_BY_KEYS}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{t('ticket.driver')}</th>
            <th scope="col">{t('history.result')}</th>
            <th scope="col">{t('driverList.current')}</th>
            {hasBooks
              ? books.map((key) => (
                  <th key={key} scope="col" className={styles.number}>
                    {t(key)}
                  </th>
                ))
              : null}
            {hasBooks && isAdmin ? <th scope="col">{t('driverPrivacy.column')}</th> : null}
          </tr>
        </thead>
        <tbody>
          {drivers.map((driver) => (
            <tr
              key={driver.driverId}
              data-testid={`listed-${driver.driverId}`}
              data-connected={driver.sinceMs !== undefined}
            >
              <td className={styles.wide}>
                <strong>{driver.driverId}</strong>
                {driver.books?.isErased ? <span className="muted"> {t('driverList.erased')}</span> : null}
              </td>
              <td className={styles.wide}>
                <Connection driver={driver} />
              </td>
              <td className={styles.wide} data-name={t('driverList.current')}>
                {driver.supply ? <CurrentCharge supply={driver.supply} /> : '–'}
              </td>
              {hasBooks ? <BookCells driver={driver} /> : null}
              {hasBooks && isAdmin ? (
                <td className={styles.wide}>
                  <DriverPrivacy
                    driverId={driver.driverId}
                    isErased={driver.books?.isErased ?? false}
                    onErased={onErased}
                  />
                </td>
              ) : null}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function useLive() {
  const drivers = useCollection<PanelDriver>(PANEL, 'drivers');
  const supplies = useCollection<PanelSupply>(PANEL, 'supplies');
  return useMemo(() => ({ drivers: Object.values(drivers), supplies: Object.values(supplies) }), [drivers, supplies]);
}

function EveryDriver() {
  const { t } = useCentralTexts();
  const live = useLive();
  const [params, setParams] = useSearchParams();
  const search = (params.get('q') ?? '').replace(/[^A-Za-z0-9]/g, '').slice(0, 20);
  const list = usePages<DriverPage>(
    useIsCentralAway() ? undefined : '/api/drivers',
    search === '' ? '' : `search=${search}`,
  );
  const books = list.pages.flatMap((page) => page.drivers);
  const drivers = listedDrivers(live, books);
  return (
    <>
      <div className={styles.totals}>
        <label className={own.search}>
          <Search size={18} aria-hidden="true" />
          <span className="visually-hidden">{t('driverList.search')}</span>
          <input
            type="search"
            placeholder={t('driverList.search')}
            value={params.get('q') ?? ''}
            maxLength={20}
            data-testid="driver-search"
            onChange={(event) => {
              const value = event.target.value.toUpperCase();
              setParams(value === '' ? {} : { q: value }, { replace: true });
            }}
          />
        </label>
        {list.pages[0] ? (
          <span className="muted" role="status">
            {t('driverList.shown', { shown: drivers.length, all: list.pages[0].total })}
          </span>
        ) : null}
      </div>
      {list.problem ? <ProblemNote problem={list.problem} onRetry={list.again} /> : null}
      <Card label={t('driverList.title')} testId="driver-list">
        {list.pages.length === 0 && !list.problem ? <Loading onRetry={list.again} /> : null}
        {list.pages.length > 0 && drivers.length === 0 ? <Empty>{t('driverList.empty')}</Empty> : null}
        {drivers.length > 0 ? <DriverTable drivers={drivers} hasBooks onErased={list.again} /> : null}
      </Card>
      {list.more ? (
        <div className={styles.more}>
          <ActionButton isBusy={list.isLoading} onClick={list.more}>
            {t('nav.more')}
          </ActionButton>
        </div>
      ) : null}
    </>
  );
}

function ConnectedDrivers() {
  const { t } = useCentralTexts();
  const drivers = listedDrivers(useLive(), undefined);
  return (
    <>
      <p className="muted">{t('driverList.publicOnly')}</p>
      <Card label={t('driverList.title')} testId="driver-list">
        {drivers.length === 0 ? (
          <Empty>{t('central.drivers.empty')}</Empty>
        ) : (
          <DriverTable drivers={drivers} hasBooks={false} onErased={() => undefined} />
        )}
      </Card>
    </>
  );
}

/** `/conductores`: ids, who is connected, what is being charged; the books only for operators, names for nobody (R1 footnote). */
export default function DriversPage() {
  const { t } = useCentralTexts();
  const isSignedIn = useOperator() !== undefined;
  return (
    <div className={styles.page}>
      <h2>{t('driverList.title')}</h2>
      {isSignedIn ? <EveryDriver /> : <ConnectedDrivers />}
    </div>
  );
}
