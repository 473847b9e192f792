import { Bell } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { PanelMessage } from '../../messages/live-stream.ts';
import { useCollection } from '../shared/live/live-store.ts';
import { Empty } from '../shared/ui/parts.tsx';
import styles from './header.module.css';
import { PANEL } from './session.ts';
import { shownMessages, unreadNotices } from './side/message-list.ts';
import { MessageLine } from './side/messages.tsx';
import side from './side/side.module.css';
import { useCentralTexts } from './texts/use-texts.ts';

const STORAGE_KEY = 'ev.noticesSeenMs';
const MAX_LISTED = 20;
const MAX_NUMBER = 99;

/** The bell: warnings and errors that came since it was last opened in this browser. */
export function Notices() {
  const { t } = useCentralTexts();
  const messages = useCollection<PanelMessage>(PANEL, 'messages');
  const [seenAtMs, setSeenAtMs] = useState(() => Number(localStorage.getItem(STORAGE_KEY)) || 0);
  const notices = useMemo(() => shownMessages(Object.values(messages), 'WARN'), [messages]);
  const unread = unreadNotices(notices, seenAtMs);
  const markSeen = () => {
    const newestMs = notices[0]?.atMs ?? seenAtMs;
    localStorage.setItem(STORAGE_KEY, String(newestMs));
    setSeenAtMs(newestMs);
  };
  return (
    <>
      <button
        type="button"
        className={styles.bell}
        popoverTarget="notices"
        aria-label={unread > 0 ? t('nav.unread', { count: unread }) : t('nav.notifications')}
        title={t('nav.notifications')}
        data-testid="bell"
        onClick={markSeen}
      >
        <Bell size={20} aria-hidden="true" />
        {unread > 0 ? (
          <span className={styles.unread} data-testid="unread">
            {unread > MAX_NUMBER ? `${MAX_NUMBER}+` : unread}
          </span>
        ) : null}
      </button>
      <div id="notices" popover="auto" className={styles.popover}>
        <strong>{t('nav.notifications')}</strong>
        {notices.length === 0 ? <Empty>{t('nav.noNotifications')}</Empty> : null}
        <ol className={side.messages}>
          {notices.slice(0, MAX_LISTED).map((message) => (
            <MessageLine key={message.messageId} message={message} />
          ))}
        </ol>
      </div>
    </>
  );
}
