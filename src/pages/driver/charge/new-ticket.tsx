import { Check } from 'lucide-react';
import { ActionButton } from '../../shared/ui/action-button.tsx';
import { markTicketRead } from '../actions.ts';
import parts from '../parts.module.css';
import { useDriverTexts } from '../texts/use-texts.ts';
import { TicketCard } from '../tickets/ticket-card.tsx';
import { TicketFiles } from '../tickets/ticket-files.tsx';
import { useCall } from '../use-call.ts';
import { useTickets } from '../use-driver.ts';
import type { ViewOf } from './charge-view.ts';

function ReadAll({ count }: { count: number }) {
  const { t } = useDriverTexts();
  const call = useCall();
  const unread = useTickets().filter((ticket) => ticket.readAtMs === undefined);
  const readAll = async () => {
    let last = await markTicketRead(unread[0]?.ticketNumber ?? 0);
    for (const { ticketNumber } of unread.slice(1)) if (last.isOk) last = await markTicketRead(ticketNumber);
    return last;
  };
  return (
    <ActionButton testId="tickets-ok" isBusy={call.isBusy} onClick={() => void call.run(readAll)}>
      {t('driver.readAll', { count })}
    </ActionButton>
  );
}

/** The newest unread ticket: it stays until the driver says that it is understood (S-DRV-09). */
export function NewTicket({ view }: { view: ViewOf<'TICKET'> }) {
  const { t } = useDriverTexts();
  const call = useCall();
  return (
    <div className={parts.stack}>
      <TicketCard ticket={view.ticket} />
      <div className={`${parts.stack} no-print`}>
        <ActionButton
          variant="primary"
          size="large"
          testId="ticket-ok"
          isBusy={call.isBusy}
          onClick={() => void call.run(() => markTicketRead(view.ticket.ticketNumber))}
        >
          <Check size={22} aria-hidden="true" /> {t('common.gotIt')}
        </ActionButton>
        {view.unreadCount > 1 ? <ReadAll count={view.unreadCount} /> : null}
        <TicketFiles ticket={view.ticket} />
      </div>
    </div>
  );
}
