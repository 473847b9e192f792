import { Download, RefreshCw } from 'lucide-react';
import { useCallback, useEffect, useRef, useState } from 'react';
import { MAX_COUNTED_SUPPLIES, type SupplyPage } from '../../../messages/central-history-api.ts';
import type { PanelSupply } from '../../../messages/live-stream.ts';
import { useFormats } from '../../shared/i18n.ts';
import { useCollection } from '../../shared/live/live-store.ts';
import { ActionButton } from '../../shared/ui/action-button.tsx';
import { Card, Empty } from '../../shared/ui/parts.tsx';
import { useAddressFilters } from '../../shared/use-address-filters.ts';
import { Loading, NeedsLogin, ProblemNote, useIsCentralAway } from '../page-parts.tsx';
import { useOperator } from '../session.ts';
import { useCentralTexts } from '../texts/use-texts.ts';
import styles from './history.module.css';
import { SupplyDetailDialog } from './supply-detail.tsx';
import { GroupSwitch, SupplyFilters } from './supply-filters.tsx';
import { historyQuery, isFiltered, readHistoryFilter } from './supply-query.ts';
import { SupplyRow } from './supply-row.tsx';
import { usePages } from './use-pages.ts';

/** Filter and opened charge in the address. */
function useAddress() {
  const { params, put, clear } = useAddressFilters();
  return { filter: readHistoryFilter(params), opened: params.get('supply'), put, clear };
}

/** True when a charge has begun or ended since the list was read; rows never move by themselves (ux 2.11). */
function useHasNews(readMark: unknown): boolean {
  const supplies = useCollection<PanelSupply>('panel', 'supplies');
  const ids = Object.keys(supplies).sort().join(' ');
  const known = useRef<string>(undefined);
  const [hasNews, setNews] = useState(false);
  const markBefore = useRef(readMark);
  useEffect(() => {
    if (markBefore.current !== readMark || known.current === undefined) {
      markBefore.current = readMark;
      known.current = ids;
      setNews(false);
      return;
    }
    if (known.current !== ids) setNews(true);
  }, [ids, readMark]);
  return hasNews;
}

function Totals({ page }: { page: SupplyPage | undefined }) {
  const { t } = useCentralTexts();
  const formats = useFormats();
  if (!page?.totals) return null;
  const { supplies, energyWh, amountCents } = page.totals;
  if (supplies >= MAX_COUNTED_SUPPLIES)
    return <span role="status">{t('history.totalsAtLeast', { count: formats.number(supplies) })}</span>;
  return (
    <span role="status" data-testid="history-totals">
      {t('history.totals', {
        count: supplies,
        energy: formats.energy(energyWh),
        amount: formats.money(amountCents),
      })}
    </span>
  );
}

const COLUMNS = [
  'history.date',
  'ticket.point',
  'ticket.driver',
  'history.origin',
  'history.result',
  'history.duration',
  'figure.energy',
  'figure.amount',
  'history.ticket',
] as const;
const FIRST_NUMBER = 5;

function HistoryTable({ pages, onOpen }: { pages: readonly SupplyPage[]; onOpen(supplyId: string): void }) {
  const { t } = useCentralTexts();
  return (
    <table className={styles.table} data-testid="history">
      <thead>
        <tr>
          {COLUMNS.map((key, place) => (
            <th key={key} scope="col" className={place < FIRST_NUMBER ? undefined : styles.number}>
              {t(key)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {pages.flatMap((page) =>
          page.supplies.map((supply) => <SupplyRow key={supply.supplyId} supply={supply} onOpen={onOpen} />),
        )}
      </tbody>
    </table>
  );
}

function History() {
  const { t } = useCentralTexts();
  const { filter, opened, put, clear } = useAddress();
  const query = historyQuery(filter);
  const list = usePages<SupplyPage>(useIsCentralAway() ? undefined : '/api/supplies/history', query);
  const hasNews = useHasNews(list.pages[0]);
  const open = useCallback((supplyId: string) => put('supply', supplyId), [put]);
  const isEmpty = list.pages.length > 0 && list.pages[0]?.supplies.length === 0;
  return (
    <>
      <div className={styles.head}>
        <h2 id="history-title">{t('history.title')}</h2>
        <GroupSwitch filter={filter} put={put} />
      </div>
      <SupplyFilters filter={filter} put={put} />
      <div className={styles.totals}>
        <Totals page={list.pages[0]} />
        {hasNews ? (
          <ActionButton size="small" testId="history-refresh" onClick={list.again}>
            <RefreshCw size={16} aria-hidden="true" /> {t('nav.news')} · {t('nav.refresh')}
          </ActionButton>
        ) : null}
        <a className={styles.link} href={`/api/supplies/export${query === '' ? '' : `?${query}`}`} download>
          <Download size={16} aria-hidden="true" /> {t('nav.export')}
        </a>
      </div>
      {list.problem ? <ProblemNote problem={list.problem} onRetry={list.again} /> : null}
      <Card label={t('history.title')}>
        {list.pages.length === 0 && !list.problem ? <Loading onRetry={list.again} /> : null}
        {isEmpty ? (
          <Empty testId="no-supplies">
            <p>{isFiltered(filter) ? t('history.empty') : t('history.none')}</p>
            {isFiltered(filter) ? (
              <ActionButton size="small" onClick={clear}>
                {t('common.clearFilters')}
              </ActionButton>
            ) : null}
          </Empty>
        ) : null}
        {list.pages.length > 0 && !isEmpty ? <HistoryTable pages={list.pages} onOpen={open} /> : null}
      </Card>
      {list.more ? (
        <div className={styles.more}>
          <ActionButton testId="history-more" isBusy={list.isLoading} onClick={list.more}>
            {t('nav.more')}
          </ActionButton>
        </div>
      ) : null}
      {opened ? <SupplyDetailDialog supplyId={opened} onClose={() => put('supply', '')} /> : null}
    </>
  );
}

/** `/recargas`: what was charged, by whom and where; for operators (D-15). */
export default function SuppliesPage() {
  const isSignedIn = useOperator() !== undefined;
  return <div className={styles.page}>{isSignedIn ? <History /> : <NeedsLogin title="history.title" />}</div>;
}
