import { BadgeCheck, Hourglass } from 'lucide-react';
import type { ReactNode } from 'react';
import type { TicketView } from '../../../messages/entities.ts';
import { ChargeCurve } from '../../shared/charts/charge-curve.tsx';
import { duration } from '../../shared/format.ts';
import { useFormats } from '../../shared/i18n.ts';
import { useDriverTexts } from '../texts/use-texts.ts';
import styles from './ticket.module.css';

function Line({ name, children, testId }: { name: string; children: ReactNode; testId?: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd data-testid={testId}>{children}</dd>
    </>
  );
}

function Seal({ isEstimated }: { isEstimated: boolean }) {
  const { t } = useDriverTexts();
  const Icon = isEstimated ? Hourglass : BadgeCheck;
  return (
    <p className={styles.seal} data-estimated={isEstimated} data-testid="ticket-seal">
      <Icon size={18} aria-hidden="true" /> {isEstimated ? t('ticket.estimated') : t('ticket.final')}
    </p>
  );
}

/** A ticket, on the screen and on paper (80 mm or A4): the server's figures, the viewer's time zone named. */
export function TicketCard({ ticket }: { ticket: TicketView }) {
  const { t } = useDriverTexts();
  const formats = useFormats();
  const startAtMs = ticket.pluggedAtMs ?? ticket.requestedAtMs;
  return (
    <article className={styles.ticket} data-testid={`ticket-${ticket.ticketNumber}`}>
      <p className={styles.paperHead}>EV Charging</p>
      <h2>{t('ticket.heading', { n: ticket.ticketNumber })}</h2>
      <Seal isEstimated={ticket.isEstimated} />
      <dl>
        <Line name={t('ticket.point')}>{ticket.cpId}</Line>
        <Line name={t('ticket.address')}>{ticket.address}</Line>
        <Line name={t('ticket.driver')}>{ticket.driverId ?? t('common.anonymous')}</Line>
        <Line name={ticket.pluggedAtMs ? t('ticket.start') : t('ticket.requested')}>{formats.dateTime(startAtMs)}</Line>
        <Line name={t('ticket.end')}>{formats.dateTime(ticket.endedAtMs)}</Line>
        <Line name={t('ticket.zone')}>{formats.zone(ticket.endedAtMs)}</Line>
        <Line name={t('figure.duration')} testId="ticket-duration">
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
      {ticket.curve && ticket.curve.length > 1 ? <ChargeCurve points={ticket.curve} isSmall /> : null}
    </article>
  );
}
