import { useFormats } from '../../shared/i18n.ts';
import { useRefusalText } from '../../shared/ui/answer-text.ts';
import { useDriverTexts } from '../texts/use-texts.ts';
import type { DriverMessage } from './driver-messages.ts';

/** A message in the reader's words. */
export function useMessageText(): (message: DriverMessage) => string {
  const { t } = useDriverTexts();
  const formats = useFormats();
  const refusalText = useRefusalText();
  return (message) => {
    const id = message.cpId;
    if (message.kind === 'REFUSED') return t('driver.message.REFUSED', { id, why: refusalText(message.refusal) });
    if (message.kind !== 'TICKET') return t(`driver.message.${message.kind}`, { id });
    const { ticketNumber: n, amountCents, endReason } = message;
    return t('driver.message.TICKET', { id, n, amount: formats.money(amountCents), why: t(`end.${endReason}`) });
  };
}
