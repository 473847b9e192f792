import type { EngineView } from '../../messages/live-stream.ts';
import { duration } from '../shared/format.ts';
import { useFormats } from '../shared/i18n.ts';
import { useServerNow } from '../shared/live/live-store.ts';
import { ActionButton } from '../shared/ui/action-button.tsx';
import styles from './engine.module.css';
import { freshTicket } from './engine-situation.ts';
import { usePointTexts } from './texts/use-texts.ts';

/** The ticket of the last charge: large at first, then the last one; stays after a reload, until the next. */
export function LastTicket({ view }: { view: EngineView }) {
  const { t } = usePointTexts();
  const formats = useFormats();
  const nowMs = useServerNow();
  const ticket = view.lastTicket;
  if (!ticket) return null;
  const isFresh = freshTicket(view, nowMs) !== undefined;
  return (
    <section
      className={styles.ticket}
      aria-label={t('point.lastTicket')}
      data-testid="last-ticket"
      data-fresh={isFresh}
    >
      <p className="print-only">
        EV Charging · {view.cpId} · {view.address}, {view.city}
      </p>
      <h2>
        {isFresh ? t('point.ticket') : t('point.lastTicket')}
        {ticket.ticketNumber ? <span data-testid="ticket-number"> {ticket.ticketNumber}</span> : null}
      </h2>
      <p className={styles.sum}>
        <strong data-testid="ticket-energy">{formats.energyDetail(ticket.energyWh)}</strong> ×{' '}
        {formats.price(ticket.priceE4PerKwh)} ={' '}
        <strong data-testid="ticket-amount">{formats.money(ticket.amountCents)}</strong>
      </p>
      <p className="muted">
        {ticket.pluggedAtMs
          ? `${formats.dateTime(ticket.pluggedAtMs)} → ${formats.time(ticket.endedAtMs)} (${formats.zone(ticket.endedAtMs)}) · ${duration(ticket.endedAtMs - ticket.pluggedAtMs)}`
          : formats.dateTime(ticket.endedAtMs)}{' '}
        · {ticket.driverId ?? t('common.anonymous')} · {t('ticket.end')}: {t(`end.${ticket.endReason}`)}
      </p>
      {ticket.isAcknowledged ? null : (
        <p className={styles.unsent} data-testid="ticket-unsent">
          {t('point.unsent')}
        </p>
      )}
      <div className={`${styles.print} no-print`}>
        <ActionButton size="large" testId="print-ticket" onClick={() => window.print()}>
          {t('common.print')}
        </ActionButton>
      </div>
    </section>
  );
}
