import { LogOut } from 'lucide-react';
import { useFormats } from '../shared/i18n.ts';
import { ActionButton } from '../shared/ui/action-button.tsx';
import { useRefusalText } from '../shared/ui/answer-text.ts';
import { Card, Empty } from '../shared/ui/parts.tsx';
import styles from './driver.module.css';
import { type DriverMessage, driverMessages } from './driver-messages.ts';
import { signOut } from './session.ts';
import { useDriverTexts } from './texts/use-texts.ts';
import { useMe, useTickets } from './use-driver.ts';

function MessageText({ message }: { message: DriverMessage }) {
  const { t } = useDriverTexts();
  const formats = useFormats();
  const refusalText = useRefusalText();
  const id = message.cpId;
  if (message.kind === 'REFUSED') return t('driver.message.REFUSED', { id, why: refusalText(message.refusal) });
  if (message.kind === 'TICKET')
    return t('driver.message.TICKET', {
      id,
      n: message.ticketNumber,
      amount: formats.money(message.amountCents),
      why: t(`end.${message.endReason}`),
    });
  return t(`driver.message.${message.kind}`, { id });
}

function Messages() {
  const { t } = useDriverTexts();
  const formats = useFormats();
  const me = useMe();
  const tickets = useTickets();
  const messages = me ? driverMessages(me, tickets) : [];
  return (
    <Card testId="messages">
      <h2>{t('driver.messages')}</h2>
      {messages.length === 0 ? <Empty>{t('driver.noMessages')}</Empty> : null}
      <div className={styles.messages} role="log" aria-live="off" aria-label={t('driver.messages')}>
        <ol>
          {messages.map((message) => (
            <li key={message.key} data-kind={message.kind}>
              <time className="muted" dateTime={new Date(message.atMs).toISOString()}>
                {formats.dateTime(message.atMs)}
              </time>
              <MessageText message={message} />
            </li>
          ))}
        </ol>
      </div>
    </Card>
  );
}

/** Messages, account and way out. */
export function MorePage() {
  const { t } = useDriverTexts();
  const formats = useFormats();
  const me = useMe();
  return (
    <div className={styles.stack}>
      <Messages />
      <Card>
        <div className={styles.stack}>
          <h2>{t('driver.account')}</h2>
          {me ? (
            <p>
              {me.driverId} · {t('driver.balance')} {formats.money(me.balanceCents)}
            </p>
          ) : null}
          <ActionButton testId="logout" onClick={() => void signOut()}>
            <LogOut size={18} aria-hidden="true" /> {t('common.signOut')}
          </ActionButton>
        </div>
      </Card>
    </div>
  );
}
