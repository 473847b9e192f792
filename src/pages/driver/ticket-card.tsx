import type { ReactNode } from 'react';
import type { TicketView } from '../../messages/entities.ts';
import { duration } from '../shared/format.ts';
import { useFormats } from '../shared/i18n.ts';
import styles from './driver.module.css';
import { useDriverTexts } from './texts/use-texts.ts';

function Line({ name, children, testId }: { name: string; children: ReactNode; testId?: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd data-testid={testId}>{children}</dd>
    </>
  );
}

/** A ticket, on the screen and on 80 mm paper: the server's figures, the viewer's time zone named. */
export function TicketCard({ ticket }: { ticket: TicketView }) {
  const { t } = useDriverTexts();
  const formats = useFormats();
  const startAtMs = ticket.pluggedAtMs ?? ticket.requestedAtMs;
  return (
    <article className={styles.ticket} data-testid={`ticket-${ticket.ticketNumber}`}>
      <h2>{t('ticket.heading', { n: ticket.ticketNumber })}</h2>
      <p className={styles.seal}>{ticket.isEstimated ? t('ticket.estimated') : t('ticket.final')}</p>
      <dl>
        <Line name={t('ticket.point')}>{ticket.cpId}</Line>
        <Line name={t('ticket.address')}>{ticket.address}</Line>
        <Line name={t('ticket.driver')}>{ticket.driverId ?? t('common.anonymous')}</Line>
        <Line name={ticket.pluggedAtMs ? t('ticket.start') : t('ticket.requested')}>{formats.dateTime(startAtMs)}</Line>
        <Line name={t('ticket.end')}>{formats.dateTime(ticket.endedAtMs)}</Line>
        <Line name={t('ticket.zone')}>{formats.zone(ticket.endedAtMs)}</Line>
        <Line name={t('figure.duration')}>
          {ticket.pluggedAtMs ? duration(ticket.endedAtMs - ticket.pluggedAtMs) : '–'}
        </Line>
        <Line name={t('ticket.energy')} testId="ticket-energy">
          {formats.energyDetail(ticket.energyWh)}
        </Line>
        <Line name={t('ticket.tariff')}>{formats.price(ticket.priceE4PerKwh)}</Line>
        <Line name={t('ticket.endReason')} testId="ticket-reason">
          {t(`end.${ticket.endReason}`)}
        </Line>
        {ticket.correctsTicketNumber ? (
          <Line name="">{t('ticket.corrects', { n: ticket.correctsTicketNumber })}</Line>
        ) : null}
      </dl>
      <p className={styles.total}>
        <span>{t('ticket.total')}</span>
        <strong data-testid="ticket-total">{formats.money(ticket.amountCents)}</strong>
      </p>
    </article>
  );
}
