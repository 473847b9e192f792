import { ArrowUp, Download, Pause, Play, RefreshCw } from 'lucide-react';
import { useCallback, useMemo, useRef, useState } from 'react';
import { type AuditEvent, type AuditPage, MAX_EXPORTED_EVENTS } from '../../../messages/audit-api.ts';
import { useFormats } from '../../shared/i18n.ts';
import { ActionButton } from '../../shared/ui/action-button.tsx';
import { Card, Empty, SCROLLED_BY_KEYS } from '../../shared/ui/parts.tsx';
import tables from '../../shared/ui/table.module.css';
import { useAddressFilters } from '../../shared/use-address-filters.ts';
import history from '../history/history.module.css';
import { usePages } from '../history/use-pages.ts';
import { Loading, NeedsLogin, ProblemNote } from '../page-parts.tsx';
import { useOperator } from '../session.ts';
import { useCentralTexts } from '../texts/use-texts.ts';
import styles from './audit.module.css';
import { AuditFilters, RangeSwitch } from './audit-filters.tsx';
import { auditQuery, isAuditFiltered, mayGoOn, readAuditView } from './audit-query.ts';
import { AUDIT_COLUMNS, AuditRow } from './audit-row.tsx';
import { type LiveTail, useLiveTail } from './use-live-tail.ts';
import { useNearEnd } from './use-near-end.ts';

/** Above this the newest row counts as being looked at. */
const TOP_PX = 160;

function useAddress() {
  const { params, put, clear } = useAddressFilters();
  return { view: readAuditView(params), address: params.toString(), put, clear };
}

/** The question stays the same while the address does: "the last hour" is counted from when it was asked. */
function useQuestion(address: string): { query: string; askAnew(): void } {
  const [askedAtMs, setAskedAtMs] = useState(() => Date.now());
  const query = useMemo(() => auditQuery(readAuditView(new URLSearchParams(address)), askedAtMs), [address, askedAtMs]);
  return { query, askAnew: useCallback(() => setAskedAtMs(Date.now()), []) };
}

function Exports({ query, total }: { query: string; total: number | undefined }) {
  const { t } = useCentralTexts();
  const formats = useFormats();
  const count = total ?? 0;
  const isCut = count >= MAX_EXPORTED_EVENTS;
  return (
    <>
      <span role="status" data-testid="audit-total">
        {isCut
          ? t('audit.totalAtLeast', { n: formats.number(count) })
          : t('audit.total', { count, n: formats.number(count) })}
      </span>
      {(['csv', 'jsonl'] as const).map((format) => (
        <a
          key={format}
          className={history.link}
          href={`/api/audit/export?${query === '' ? '' : `${query}&`}format=${format}`}
          aria-label={t('audit.export', { n: formats.number(count), format: format.toUpperCase() })}
          data-testid={`audit-export-${format}`}
          download
        >
          <Download size={16} aria-hidden="true" /> {format.toUpperCase()}
        </a>
      ))}
    </>
  );
}

function LiveSwitch(props: { isOn: boolean; isPossible: boolean; onToggle(): void }) {
  const { t } = useCentralTexts();
  const isLive = props.isOn && props.isPossible;
  const Icon = isLive ? Pause : Play;
  return (
    <ActionButton
      size="small"
      testId="audit-live"
      blockedBy={props.isPossible ? undefined : t('audit.noTail')}
      onClick={props.onToggle}
    >
      <Icon size={16} aria-hidden="true" /> {isLive ? t('audit.pause') : t('audit.live')}
    </ActionButton>
  );
}

function Table({ events }: { events: readonly AuditEvent[] }) {
  const { t } = useCentralTexts();
  return (
    <table className={`${history.table} ${styles.table}`} data-testid="audit">
      <thead>
        <tr>
          {AUDIT_COLUMNS.map((name) => (
            <th key={name} scope="col">
              {t(`audit.column.${name}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {events.map((event) => (
          <AuditRow key={event.auditId} event={event} />
        ))}
      </tbody>
    </table>
  );
}

function NewEvents({ tail, onShow }: { tail: LiveTail; onShow(): void }) {
  const { t } = useCentralTexts();
  return (
    <div className={styles.pillPlace} role="status">
      {tail.waitingCount > 0 ? (
        <button type="button" className={styles.pill} data-testid="audit-new" onClick={onShow}>
          <ArrowUp size={16} aria-hidden="true" /> {t('audit.newEvents', { count: tail.waitingCount })}
        </button>
      ) : null}
    </div>
  );
}

function Audit() {
  const { t } = useCentralTexts();
  const { view, address, put, clear } = useAddress();
  const { query, askAnew } = useQuestion(address);
  const list = usePages<AuditPage>('/api/audit', query);
  const [isLive, setLive] = useState(true);
  const isTail = isLive && mayGoOn(view);
  const isAtTop = useCallback(
    () => window.scrollY < TOP_PX && !document.querySelector('[data-testid="audit-details"]'),
    [],
  );
  const tail = useLiveTail({ query, first: list.pages[0], isOn: isTail, isAtTop, startAgain: askAnew });
  const end = useRef<HTMLDivElement>(null);
  useNearEnd(end, list.isLoading ? undefined : list.more);
  const events = [...tail.shown, ...list.pages.flatMap((page) => page.events)];
  const total = list.pages[0]?.total;
  const showNew = () => {
    tail.show();
    window.scrollTo({ top: 0 });
  };
  return (
    <>
      <div className={history.head}>
        <h2 id="audit-title">{t('audit.title')}</h2>
        <RangeSwitch view={view} put={put} />
      </div>
      <AuditFilters view={view} put={put} />
      <div className={history.totals}>
        <Exports query={query} total={total === undefined ? undefined : total + tail.shown.length} />
        <ActionButton size="small" variant="quiet" testId="audit-refresh" onClick={askAnew}>
          <RefreshCw size={16} aria-hidden="true" /> {t('nav.refresh')}
        </ActionButton>
        <LiveSwitch isOn={isLive} isPossible={mayGoOn(view)} onToggle={() => setLive(!isLive)} />
      </div>
      <NewEvents tail={tail} onShow={showNew} />
      {list.problem ? <ProblemNote problem={list.problem} onRetry={list.again} /> : null}
      <Card label={t('audit.title')}>
        {list.pages.length === 0 && !list.problem ? <Loading onRetry={list.again} /> : null}
        {list.pages.length > 0 && events.length === 0 ? (
          <Empty testId="no-events">
            <p>{t('audit.empty')}</p>
            {isAuditFiltered(view) ? (
              <ActionButton size="small" onClick={clear}>
                {t('common.clearFilters')}
              </ActionButton>
            ) : null}
          </Empty>
        ) : null}
        {events.length > 0 ? (
          <div className={tables.scroll} {...SCROLLED_BY_KEYS}>
            <Table events={events} />
          </div>
        ) : null}
      </Card>
      <div ref={end} className={history.more}>
        {list.more ? (
          <ActionButton testId="audit-more" isBusy={list.isLoading} onClick={list.more}>
            {t('nav.more')}
          </ActionButton>
        ) : null}
      </div>
    </>
  );
}

/** `/auditoria`: who did what, when and from where (S-AUD-12, R2-28); for operators (D-15). */
export default function AuditPageView() {
  const isSignedIn = useOperator() !== undefined;
  return <div className={history.page}>{isSignedIn ? <Audit /> : <NeedsLogin title="audit.title" />}</div>;
}
