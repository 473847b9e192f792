import { ChevronRight, Download } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'wouter';
import type { TicketView } from '../../../messages/entities.ts';
import { useFormats } from '../../shared/i18n.ts';
import { ActionButton } from '../../shared/ui/action-button.tsx';
import { errorText } from '../../shared/ui/answer-text.ts';
import { Field, FormError } from '../../shared/ui/field.tsx';
import { Card, Empty } from '../../shared/ui/parts.tsx';
import { olderTickets } from '../actions.ts';
import parts from '../parts.module.css';
import type { FailedAnswer } from '../session.ts';
import { useDriverTexts } from '../texts/use-texts.ts';
import { useMe, useTickets } from '../use-driver.ts';
import styles from './history.module.css';
import {
  chooseTickets,
  groupByMonth,
  HISTORY_KINDS,
  type HistoryChoice,
  type MonthGroup,
  mergeTickets,
} from './history.ts';

function TicketLine({ ticket }: { ticket: TicketView }) {
  const { t } = useDriverTexts();
  const formats = useFormats();
  return (
    <li>
      <Link
        href={`/historial/${ticket.ticketNumber}`}
        className={styles.line}
        data-testid={`history-${ticket.ticketNumber}`}
      >
        <span className={styles.what}>
          <span>
            <strong>{ticket.cpId}</strong>
            {ticket.readAtMs === undefined ? <span className={styles.unread}>{t('driver.new')}</span> : null}
          </span>
          <span>{formats.dateTime(ticket.endedAtMs)}</span>
          <span className="muted">
            {formats.energyDetail(ticket.energyWh)} · {t(`end.${ticket.endReason}`)}
            {ticket.isEstimated ? ` · ${t('driver.estimatedShort')}` : ''}
            {ticket.correctsTicketNumber ? ` · ${t('ticket.corrects', { n: ticket.correctsTicketNumber })}` : ''}
          </span>
        </span>
        <strong className={styles.amount}>{formats.money(ticket.amountCents)}</strong>
        <ChevronRight size={18} aria-hidden="true" />
      </Link>
    </li>
  );
}

function Month({ group, isPartial }: { group: MonthGroup; isPartial: boolean }) {
  const { t } = useDriverTexts();
  const formats = useFormats();
  return (
    <Card>
      <div className={styles.monthHead} data-testid="month">
        <h2>{group.month}</h2>
        <p>
          <span className="muted">
            {t(isPartial ? 'driver.monthPart' : 'driver.monthTotal', { count: group.count })}
          </span>
          <strong>{formats.energy(group.energyWh)}</strong>
          <strong>{formats.money(group.amountCents)}</strong>
        </p>
      </div>
      <ul>
        {group.tickets.map((ticket) => (
          <TicketLine key={ticket.ticketNumber} ticket={ticket} />
        ))}
      </ul>
    </Card>
  );
}

function HistoryFilters({ choice, put }: { choice: HistoryChoice; put(change: Partial<HistoryChoice>): void }) {
  const { t } = useDriverTexts();
  return (
    <div className={parts.stack}>
      <Field
        label={t('driver.searchTickets')}
        type="search"
        testId="history-search"
        value={choice.search}
        onChange={(search) => put({ search })}
      />
      <fieldset className={styles.kinds} aria-label={t('driver.showOnly')}>
        {HISTORY_KINDS.map((kind) => (
          <button
            key={kind}
            type="button"
            aria-pressed={choice.kind === kind}
            data-testid={`history-kind-${kind}`}
            onClick={() => put({ kind })}
          >
            {t(`driver.historyKind.${kind}`)}
          </button>
        ))}
      </fieldset>
    </div>
  );
}

function Balance() {
  const { t } = useDriverTexts();
  const formats = useFormats();
  const me = useMe();
  if (!me) return null;
  return (
    <div className={styles.balance}>
      <p>
        {t('driver.balance')} <strong data-testid="balance">{formats.money(me.balanceCents)}</strong>
      </p>
      <a className={parts.linkButton} href="/api/tickets.csv" download="tickets.csv" data-testid="history-csv">
        <Download size={18} aria-hidden="true" /> CSV
      </a>
    </div>
  );
}

/** Pages of older tickets, fetched when asked for. */
function useOlder(live: readonly TicketView[]) {
  const [older, setOlder] = useState<TicketView[]>([]);
  const [hasMore, setHasMore] = useState(true);
  const [problem, setProblem] = useState<FailedAnswer>();
  const [isBusy, setBusy] = useState(false);
  const tickets = mergeTickets(live, older);
  const oldest = tickets.at(-1)?.ticketNumber ?? 1;
  return {
    ...{ tickets, problem, isBusy },
    // The stream holds fifty: fewer are all there are.
    hasMore: hasMore && live.length >= 50 && oldest > 1,
    async load() {
      setBusy(true);
      const answer = await olderTickets(oldest);
      setBusy(false);
      setProblem(answer.isOk ? undefined : answer);
      if (!answer.isOk) return;
      setOlder((known) => [...known, ...answer.body.tickets]);
      setHasMore(answer.body.hasMore);
    },
  };
}

/** All tickets by month with their totals (S-DRV-06). */
export function HistoryPage() {
  const { t } = useDriverTexts();
  const formats = useFormats();
  const { tickets, hasMore, problem, isBusy, load } = useOlder(useTickets());
  const [choice, setChoice] = useState<HistoryChoice>({ search: '', kind: 'ALL' });
  const words = (ticket: TicketView) => [formats.dateTime(ticket.endedAtMs), t(`end.${ticket.endReason}`)];
  const groups = groupByMonth(chooseTickets(tickets, choice, words), formats.month);
  return (
    <div className={parts.stack} data-testid="history">
      <Balance />
      {tickets.length === 0 ? (
        <Empty>{t('driver.noTickets')}</Empty>
      ) : (
        <HistoryFilters choice={choice} put={(change) => setChoice({ ...choice, ...change })} />
      )}
      {tickets.length > 0 && groups.length === 0 ? (
        <Empty testId="no-tickets-match">
          <p>{t('driver.noTicketsMatch')}</p>
          <ActionButton onClick={() => setChoice({ search: '', kind: 'ALL' })}>{t('common.clearFilters')}</ActionButton>
        </Empty>
      ) : null}
      {groups.map((group, index) => (
        <Month key={group.month} group={group} isPartial={hasMore && index === groups.length - 1} />
      ))}
      {problem ? <FormError>{errorText(t, problem)}</FormError> : null}
      {hasMore ? (
        <ActionButton testId="load-older" isBusy={isBusy} onClick={() => void load()}>
          {t('driver.loadOlder')}
        </ActionButton>
      ) : null}
    </div>
  );
}
