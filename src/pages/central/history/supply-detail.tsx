import type { ReactNode } from 'react';
import type { OpenSupplyState } from '../../../domain/vocabulary.ts';
import { ANONYMOUS, type SupplyDetail } from '../../../messages/central-history-api.ts';
import type { SupplyView, TicketView } from '../../../messages/entities.ts';
import { ChargeCurve } from '../../shared/charts/charge-curve.tsx';
import { duration } from '../../shared/format.ts';
import { useFormats } from '../../shared/i18n.ts';
import { useRefusalText } from '../../shared/ui/answer-text.ts';
import { Dialog } from '../../shared/ui/dialog.tsx';
import { Figure } from '../../shared/ui/parts.tsx';
import { useAnswer } from '../../shared/use-answer.ts';
import { Loading, ProblemNote } from '../page-parts.tsx';
import { useCentralTexts } from '../texts/use-texts.ts';
import styles from './history.module.css';
import { chargeSpanMs } from './supply-row.tsx';

function Row({ name, children, testId }: { name: string; children: ReactNode; testId?: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd data-testid={testId}>{children}</dd>
    </>
  );
}

function Figures({ supply }: { supply: SupplyView }) {
  const { t } = useCentralTexts();
  const formats = useFormats();
  const spanMs = supply.endedAtMs === undefined ? undefined : chargeSpanMs(supply, supply.endedAtMs);
  return (
    <dl className={styles.figures}>
      <Figure name={t('figure.energy')} value={formats.energyDetail(supply.energyWh)} testId="detail-energy" />
      <Figure name={t('figure.amount')} value={formats.money(supply.amountCents)} testId="detail-amount" />
      <Figure
        name={t('figure.duration')}
        value={spanMs === undefined ? '–' : duration(spanMs)}
        testId="detail-duration"
      />
    </dl>
  );
}

/** Every step with its time; what did not happen is not there. */
function Facts({ supply }: { supply: SupplyView }) {
  const { t } = useCentralTexts();
  const formats = useFormats();
  const refusalText = useRefusalText();
  const steps: [name: string, atMs: number | undefined][] = [
    [t('ticket.requested'), supply.requestedAtMs],
    [t('history.authorised'), supply.authorisedAtMs],
    [t('history.plugged'), supply.pluggedAtMs],
    [t('ticket.end'), supply.endedAtMs],
  ];
  const isOpen = supply.state !== 'ENDED' && supply.state !== 'DENIED';
  return (
    <dl className={styles.facts}>
      <Row name={t('ticket.driver')}>{supply.driverId ?? ANONYMOUS}</Row>
      <Row name={t('history.origin')}>{t(`origin.${supply.origin}`)}</Row>
      <Row name={t('ticket.tariff')}>{formats.price(supply.priceE4PerKwh)}</Row>
      {isOpen ? <Row name={t('history.result')}>{t(`phase.${supply.state as OpenSupplyState}`)}</Row> : null}
      {supply.endReason ? <Row name={t('ticket.endReason')}>{t(`end.${supply.endReason}`)}</Row> : null}
      {supply.refusal ? <Row name={t('history.denied')}>{refusalText(supply.refusal)}</Row> : null}
      {steps.map(([name, atMs]) =>
        atMs === undefined ? null : (
          <Row key={name} name={name}>
            {formats.dateTime(atMs)} {formats.zone(atMs)}
          </Row>
        ),
      )}
      <Row name="ID">
        <code>{supply.supplyId}</code>
      </Row>
    </dl>
  );
}

function Ticket({ ticket }: { ticket: TicketView }) {
  const { t } = useCentralTexts();
  const formats = useFormats();
  return (
    <article className={styles.ticket} data-testid={`detail-ticket-${ticket.ticketNumber}`}>
      <strong>{t('ticket.heading', { n: ticket.ticketNumber })}</strong>
      <span>{ticket.isEstimated ? t('ticket.estimated') : t('ticket.final')}</span>
      {ticket.correctsTicketNumber ? <span>{t('ticket.corrects', { n: ticket.correctsTicketNumber })}</span> : null}
      <span>
        {formats.energyDetail(ticket.energyWh)} × {formats.price(ticket.priceE4PerKwh)} ={' '}
        <strong>{formats.money(ticket.amountCents)}</strong>
      </span>
      <span className="muted">{formats.dateTime(ticket.issuedAtMs)}</span>
    </article>
  );
}

/** All about one charge: figures, steps, curve and tickets. */
export function SupplyDetailDialog({ supplyId, onClose }: { supplyId: string; onClose(): void }) {
  const { t } = useCentralTexts();
  const asked = useAnswer<SupplyDetail>(`/api/supplies/${encodeURIComponent(supplyId)}`);
  const detail = asked.body;
  const isUnknown = asked.problem?.status === 404 || asked.problem?.status === 400;
  const curve = detail?.tickets.find((ticket) => ticket.curve && ticket.curve.length > 1)?.curve;
  return (
    <Dialog
      title={detail ? t('history.detail', { id: detail.supply.cpId }) : t('history.title')}
      onClose={onClose}
      testId="supply-detail"
    >
      {isUnknown ? <p>{t('history.unknownSupply')}</p> : null}
      {asked.problem && !isUnknown ? <ProblemNote problem={asked.problem} onRetry={asked.again} /> : null}
      {detail || asked.problem ? null : <Loading onRetry={asked.again} />}
      {detail ? (
        <>
          {detail.supply.state === 'DENIED' ? null : <Figures supply={detail.supply} />}
          {curve ? <ChargeCurve points={curve} isSmall /> : null}
          <Facts supply={detail.supply} />
          {detail.tickets.map((ticket) => (
            <Ticket key={ticket.ticketNumber} ticket={ticket} />
          ))}
        </>
      ) : null}
    </Dialog>
  );
}
