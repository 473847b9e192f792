import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react';
import type { PanelMessage } from '../../messages/live-stream.ts';
import { roughAge } from '../shared/format.ts';
import { useFormats } from '../shared/i18n.ts';
import { useCollection, useLinkLevel, useServerNow, useUpstream } from '../shared/live/live-store.ts';
import { useCodeText } from '../shared/ui/code-text.ts';
import { Card, Empty, SCROLLED_BY_KEYS } from '../shared/ui/parts.tsx';
import styles from './central.module.css';
import { PANEL } from './session.ts';
import { useCentralTexts } from './texts/use-texts.ts';

const ICONS = { info: Info, warn: TriangleAlert, error: CircleAlert };
const MAX_SHOWN = 100;

function MessageLine({ message }: { message: PanelMessage }) {
  const { t } = useCentralTexts();
  const formats = useFormats();
  const codeText = useCodeText();
  const Icon = ICONS[message.level];
  return (
    <li data-level={message.level} data-testid="message">
      <time dateTime={new Date(message.atMs).toISOString()} title={formats.dateTime(message.atMs)}>
        {formats.time(message.atMs)}
      </time>
      <Icon size={16} aria-label={t(`central.level.${message.level}`)} />
      <span>
        {codeText('message', message.code, message.params, message.cpId)}
        {message.count > 1 ? <strong> ×{message.count}</strong> : null}
      </span>
    </li>
  );
}

/** The last line of the messages is always the state of Central itself (R1-02). */
function CentralStatus() {
  const { t } = useCentralTexts();
  const upstream = useUpstream(PANEL);
  const nowMs = useServerNow();
  const isUp = upstream?.isCentralReachable ?? false;
  const level = useLinkLevel();
  const isKnown = level === 'LIVE' || level === 'CONNECTING';
  const Icon = isUp && isKnown ? CircleCheck : TriangleAlert;
  const age = upstream?.centralSeenAtMs ? roughAge(nowMs - upstream.centralSeenAtMs) : undefined;
  const known = isUp ? t('central.statusOk') : age ? t('central.statusLostSince', { t: age }) : t('central.statusLost');
  return (
    <p className={styles.centralStatus} data-up={isUp && isKnown} data-testid="central-status">
      <Icon size={16} aria-hidden="true" />
      {isKnown ? known : t('central.statusUnknown')}
    </p>
  );
}

export function Messages() {
  const { t } = useCentralTexts();
  const messages = Object.values(useCollection<PanelMessage>(PANEL, 'messages'))
    .sort((a, b) => b.atMs - a.atMs)
    .slice(0, MAX_SHOWN);
  return (
    <Card testId="messages" label={t('central.messages.title')}>
      <h2 className={styles.cardTitle}>{t('central.messages.title')}</h2>
      {messages.length === 0 ? (
        <Empty>{t('central.messages.empty')}</Empty>
      ) : (
        <div
          className={styles.messages}
          role="log"
          aria-live="off"
          aria-label={t('central.messages.title')}
          {...SCROLLED_BY_KEYS}
        >
          <ol>
            {messages.map((message) => (
              <MessageLine key={message.messageId} message={message} />
            ))}
          </ol>
        </div>
      )}
      <CentralStatus />
    </Card>
  );
}
