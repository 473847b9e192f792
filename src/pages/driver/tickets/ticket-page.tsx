import { Check, ChevronLeft } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Link } from 'wouter';
import type { TicketView } from '../../../messages/entities.ts';
import { ActionButton } from '../../shared/ui/action-button.tsx';
import { errorText } from '../../shared/ui/answer-text.ts';
import { FormError } from '../../shared/ui/field.tsx';
import { Empty } from '../../shared/ui/parts.tsx';
import { markTicketRead, olderTickets } from '../actions.ts';
import parts from '../parts.module.css';
import type { FailedAnswer } from '../session.ts';
import { useDriverTexts } from '../texts/use-texts.ts';
import { useCall } from '../use-call.ts';
import { useTickets } from '../use-driver.ts';
import { TicketCard } from './ticket-card.tsx';
import { TicketFiles } from './ticket-files.tsx';

type Found = { ticket: TicketView | undefined } | { problem: FailedAnswer };

/** From the stream, else from the server; undefined while it is looked for. */
function useTicket(ticketNumber: number): Found | undefined {
  const live = useTickets().find((ticket) => ticket.ticketNumber === ticketNumber);
  const [fetched, setFetched] = useState<Found>();
  const isKnown = live !== undefined;
  useEffect(() => {
    setFetched(undefined);
    if (isKnown || !Number.isSafeInteger(ticketNumber)) return;
    void olderTickets(ticketNumber + 1).then((answer) => {
      if (!answer.isOk) return setFetched({ problem: answer });
      setFetched({ ticket: answer.body.tickets.find((ticket) => ticket.ticketNumber === ticketNumber) });
    });
  }, [isKnown, ticketNumber]);
  return live ? { ticket: live } : fetched;
}

function GotIt({ ticketNumber }: { ticketNumber: number }) {
  const { t } = useDriverTexts();
  const call = useCall();
  return (
    <ActionButton
      variant="primary"
      size="large"
      testId="ticket-ok"
      isBusy={call.isBusy}
      onClick={() => void call.run(() => markTicketRead(ticketNumber))}
    >
      <Check size={22} aria-hidden="true" /> {t('common.gotIt')}
    </ActionButton>
  );
}

/** One ticket under its own address; one that has left the stream is fetched. */
export function TicketPage({ ticketNumber }: { ticketNumber: number }) {
  const { t } = useDriverTexts();
  const found = useTicket(ticketNumber);
  const ticket = found && 'ticket' in found ? found.ticket : undefined;
  return (
    <div className={parts.stack}>
      <Link href="/historial" className={`${parts.back} no-print`}>
        <ChevronLeft size={18} aria-hidden="true" /> {t('driver.tab.history')}
      </Link>
      {found && 'problem' in found ? <FormError>{errorText(t, found.problem)}</FormError> : null}
      {found === undefined ? <Empty>{t('common.loading')}</Empty> : null}
      {found && 'ticket' in found && !ticket ? <Empty>{t('error.code.NOT_FOUND')}</Empty> : null}
      {ticket ? (
        <>
          <TicketCard ticket={ticket} />
          {ticket.readAtMs === undefined ? <GotIt ticketNumber={ticketNumber} /> : null}
          <TicketFiles ticket={ticket} />
        </>
      ) : null}
    </div>
  );
}
