import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Link } from 'wouter';
import type { TicketView } from '../../messages/entities.ts';
import { useFormats } from '../shared/i18n.ts';
import { ActionButton } from '../shared/ui/action-button.tsx';
import { errorText } from '../shared/ui/answer-text.ts';
import { FormError } from '../shared/ui/field.tsx';
import { Card, Empty } from '../shared/ui/parts.tsx';
import { markTicketRead, olderTickets } from './actions.ts';
import styles from './driver.module.css';
import { groupByMonth, type MonthGroup, mergeTickets } from './history.ts';
import type { FailedAnswer } from './session.ts';
import { useDriverTexts } from './texts/use-texts.ts';
import { TicketCard } from './ticket-card.tsx';
import { useMe, useTickets } from './use-driver.ts';

function TicketLine({ ticket }: { ticket: TicketView }) {
  const { t } = useDriverTexts();
  const formats = useFormats();
  return (
    <li>
      <Link
        href={`/historial/${ticket.ticketNumber}`}
        className={styles.ticketLine}
        data-testid={`history-${ticket.ticketNumber}`}
      >
        <span>
          <strong>{ticket.cpId}</strong> {formats.dateTime(ticket.endedAtMs)}
          {ticket.readAtMs === undefined ? <span className={styles.unread}>{t('driver.new')}</span> : null}
          <br />
          <span className="muted">
            {formats.energyDetail(ticket.energyWh)} · {t(`end.${ticket.endReason}`)}
            {ticket.correctsTicketNumber ? ` · ${t('ticket.corrects', { n: ticket.correctsTicketNumber })}` : ''}
          </span>
        </span>
        <strong>{formats.money(ticket.amountCents)}</strong>
        <ChevronRight size={18} aria-hidden="true" />
      </Link>
    </li>
  );
}

function Month({ group }: { group: MonthGroup }) {
  const formats = useFormats();
  return (
    <Card>
      <div className={styles.monthHead}>
        <h2>{group.month}</h2>
        <span className="muted">
          {formats.energy(group.energyWh)} · {formats.money(group.amountCents)}
        </span>
      </div>
      <ul>
        {group.tickets.map((ticket) => (
          <TicketLine key={ticket.ticketNumber} ticket={ticket} />
        ))}
      </ul>
    </Card>
  );
}

/** All tickets by month; older ones are fetched when asked for. */
export function HistoryPage() {
  const { t } = useDriverTexts();
  const formats = useFormats();
  const me = useMe();
  const live = useTickets();
  const [older, setOlder] = useState<TicketView[]>([]);
  const [hasMore, setHasMore] = useState(true);
  const [problem, setProblem] = useState<FailedAnswer>();
  const [isBusy, setBusy] = useState(false);
  const tickets = mergeTickets(live, older);
  const oldest = tickets.at(-1)?.ticketNumber;
  const loadOlder = async (before: number) => {
    setBusy(true);
    const answer = await olderTickets(before);
    setBusy(false);
    setProblem(answer.isOk ? undefined : answer);
    if (!answer.isOk) return;
    setOlder((known) => [...known, ...answer.body.tickets]);
    setHasMore(answer.body.hasMore);
  };
  return (
    <div className={styles.stack} data-testid="history">
      {me ? (
        <p className={styles.balance}>
          {t('driver.balance')} <strong data-testid="balance">{formats.money(me.balanceCents)}</strong>
        </p>
      ) : null}
      {tickets.length === 0 ? <Empty>{t('driver.noTickets')}</Empty> : null}
      {groupByMonth(tickets, formats.month).map((group) => (
        <Month key={group.month} group={group} />
      ))}
      {problem ? <FormError>{errorText(t, problem)}</FormError> : null}
      {oldest !== undefined && oldest > 1 && hasMore && live.length > 0 ? (
        <ActionButton testId="load-older" isBusy={isBusy} onClick={() => void loadOlder(oldest)}>
          {t('driver.loadOlder')}
        </ActionButton>
      ) : null}
    </div>
  );
}

/** One ticket under its own address; one that has left the stream is fetched. */
export function TicketPage({ ticketNumber }: { ticketNumber: number }) {
  const { t } = useDriverTexts();
  const live = useTickets().find((ticket) => ticket.ticketNumber === ticketNumber);
  const [fetched, setFetched] = useState<TicketView | 'MISSING'>();
  const isKnown = live !== undefined;
  useEffect(() => {
    if (isKnown) return;
    void olderTickets(ticketNumber + 1).then((answer) => {
      if (!answer.isOk) return;
      setFetched(answer.body.tickets.find((ticket) => ticket.ticketNumber === ticketNumber) ?? 'MISSING');
    });
  }, [isKnown, ticketNumber]);
  const ticket = live ?? (fetched === 'MISSING' ? undefined : fetched);
  return (
    <div className={styles.stack}>
      <Link href="/historial" className={`${styles.back} no-print`}>
        <ChevronLeft size={18} aria-hidden="true" /> {t('driver.tab.history')}
      </Link>
      {ticket ? (
        <TicketCard ticket={ticket} />
      ) : (
        <Empty>{t(fetched ? 'error.code.NOT_FOUND' : 'common.loading')}</Empty>
      )}
      {ticket ? (
        <div className={`${styles.row} no-print`}>
          <ActionButton onClick={() => window.print()}>{t('common.print')}</ActionButton>
          {ticket.readAtMs === undefined ? (
            <ActionButton variant="primary" testId="ticket-ok" onClick={() => void markTicketRead(ticketNumber)}>
              {t('common.gotIt')}
            </ActionButton>
          ) : null}
        </div>
      ) : null}
    </div>
  );
}
