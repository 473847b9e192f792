import { Download, Printer, Share2 } from 'lucide-react';
import type { TicketView } from '../../../messages/entities.ts';
import { useFormats } from '../../shared/i18n.ts';
import { ActionButton } from '../../shared/ui/action-button.tsx';
import parts from '../parts.module.css';
import { useDriverTexts } from '../texts/use-texts.ts';

const KINDS = ['html', 'txt', 'json'] as const;

/** Print, files of the server with the same figures, and sharing where the browser can. */
export function TicketFiles({ ticket }: { ticket: TicketView }) {
  const { t, language } = useDriverTexts();
  const formats = useFormats();
  const { ticketNumber } = ticket;
  const zone = encodeURIComponent(Intl.DateTimeFormat().resolvedOptions().timeZone);
  const share = () =>
    navigator
      .share({
        title: t('ticket.title', { n: ticketNumber }),
        text: `${t('ticket.title', { n: ticketNumber })}: ${ticket.cpId}, ${formats.dateTime(ticket.endedAtMs)}, ${formats.energyDetail(ticket.energyWh)}, ${formats.money(ticket.amountCents)}`,
      })
      // Closing the sheet of the system is no error.
      .catch(() => undefined);
  return (
    <div className={`${parts.row} no-print`}>
      <ActionButton testId="print-ticket" onClick={() => window.print()}>
        <Printer size={18} aria-hidden="true" /> {t('common.print')}
      </ActionButton>
      {KINDS.map((kind) => (
        <a
          key={kind}
          className={parts.linkButton}
          href={`/api/tickets/${ticketNumber}.${kind}?lang=${language}&zone=${zone}`}
          download={`ticket-${ticketNumber}.${kind}`}
          data-testid={`ticket-${kind}`}
          aria-label={t('driver.downloadAs', { kind: kind.toUpperCase() })}
        >
          <Download size={18} aria-hidden="true" /> {kind.toUpperCase()}
        </a>
      ))}
      {'share' in navigator ? (
        <ActionButton testId="share-ticket" onClick={() => void share()}>
          <Share2 size={18} aria-hidden="true" /> {t('driver.share')}
        </ActionButton>
      ) : null}
    </div>
  );
}
