import { ChevronLeft, CircleX, Info, type LucideIcon, Receipt, TriangleAlert } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Link } from 'wouter';
import { useFormats } from '../../shared/i18n.ts';
import { Card, Empty } from '../../shared/ui/parts.tsx';
import parts from '../parts.module.css';
import { useDriverTexts } from '../texts/use-texts.ts';
import type { DriverMessage } from './driver-messages.ts';
import styles from './messages.module.css';
import { useMessageText } from './use-message-text.ts';
import { MESSAGE_KINDS, markMessagesSeen, messageKind, toggleMuted, useMessages, useMuted } from './use-messages.ts';

const ICONS: Readonly<Record<(typeof MESSAGE_KINDS)[number], LucideIcon>> = {
  TICKET: Receipt,
  REFUSED: CircleX,
  INTERRUPTED: TriangleAlert,
  STEP: Info,
};

function MessageText({ message }: { message: DriverMessage }) {
  const text = useMessageText()(message);
  return message.kind === 'TICKET' ? <Link href={`/historial/${message.ticketNumber}`}>{text}</Link> : text;
}

function Mutes() {
  const { t } = useDriverTexts();
  const muted = useMuted();
  return (
    <fieldset className={styles.mutes}>
      <legend>{t('driver.showMessages')}</legend>
      {MESSAGE_KINDS.map((kind) => (
        <label key={kind}>
          <input
            type="checkbox"
            checked={!muted.includes(kind)}
            data-testid={`message-kind-${kind}`}
            onChange={() => toggleMuted(kind)}
          />
          {t(`driver.messageKind.${kind}`)}
        </label>
      ))}
    </fieldset>
  );
}

/** The driver's own messages: information and errors (S-DRV-10), the same on every device. */
export function MessagesPage() {
  const { t } = useDriverTexts();
  const formats = useFormats();
  const { messages, seenAtMs } = useMessages();
  // What was new when the page was opened stays marked while it is read.
  const [newSinceMs] = useState(seenAtMs);
  const newestAtMs = messages[0]?.atMs ?? 0;
  useEffect(() => markMessagesSeen(newestAtMs), [newestAtMs]);
  return (
    <div className={parts.stack}>
      <Link href="/mas" className={parts.back}>
        <ChevronLeft size={18} aria-hidden="true" /> {t('driver.tab.more')}
      </Link>
      <h2>{t('driver.messages')}</h2>
      <Mutes />
      <Card testId="messages">
        {messages.length === 0 ? <Empty>{t('driver.noMessages')}</Empty> : null}
        <div role="log" aria-live="off" aria-label={t('driver.messages')}>
          <ol className={styles.messages}>
            {messages.map((message) => {
              const kind = messageKind(message);
              const Icon = ICONS[kind];
              return (
                <li key={message.key} data-kind={kind} data-testid="message">
                  <Icon size={20} aria-hidden="true" />
                  <div>
                    <time className="muted" dateTime={new Date(message.atMs).toISOString()}>
                      {formats.dateTime(message.atMs)}
                    </time>
                    {message.atMs > newSinceMs ? <span className={styles.fresh}>{t('driver.new')}</span> : null}
                    <p>
                      <MessageText message={message} />
                    </p>
                  </div>
                </li>
              );
            })}
          </ol>
        </div>
      </Card>
    </div>
  );
}
