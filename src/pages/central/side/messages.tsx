import { CircleAlert, CircleCheck, Info, Pause, Play, TriangleAlert } from 'lucide-react';
import { memo, useMemo, useRef, useState } from 'react';
import type { PanelMessage, PanelModule } from '../../../messages/live-stream.ts';
import { roughAge } from '../../shared/format.ts';
import { useFormats } from '../../shared/i18n.ts';
import { useCollection, useLinkLevel, useServerNow, useUpstream } from '../../shared/live/live-store.ts';
import { ActionButton } from '../../shared/ui/action-button.tsx';
import { useCodeText } from '../../shared/ui/code-text.ts';
import { Card, Empty, SCROLLED_BY_KEYS } from '../../shared/ui/parts.tsx';
import { DATA_UP, kindHealth } from '../module-health.ts';
import { PANEL } from '../session.ts';
import { useCentralTexts } from '../texts/use-texts.ts';
import { MESSAGE_FILTERS, type MessageFilter, newSince, shownMessages } from './message-list.ts';
import styles from './side.module.css';

const ICONS = { info: Info, warn: TriangleAlert, error: CircleAlert };
const STEP = 100;
const STORAGE_KEY = 'ev.messageFilter';

export const MessageLine = memo(function MessageLine({ message }: { message: PanelMessage }) {
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
        {message.count > 1 ? <strong className={styles.repeats}> ×{message.count}</strong> : null}
      </span>
    </li>
  );
});

/** The last line of the messages is always the state of Central itself (R1-02), and of several whether all of them run. */
function CentralStatus() {
  const { t } = useCentralTexts();
  const upstream = useUpstream(PANEL);
  const nowMs = useServerNow();
  const level = useLinkLevel();
  const modules = Object.values(useCollection<PanelModule>(PANEL, 'modules'));
  const isReachable = upstream?.isCentralReachable ?? false;
  const isKnown = level === 'LIVE' || level === 'CONNECTING';
  const { is, up, all } = kindHealth(modules, 'central', isReachable);
  // What answers is up, whatever the list still says of it.
  const health = !isReachable || !isKnown ? 'NONE' : is === 'SOME' ? 'SOME' : 'ALL';
  const Icon = health === 'ALL' ? CircleCheck : TriangleAlert;
  const age = upstream?.centralSeenAtMs ? roughAge(nowMs - upstream.centralSeenAtMs) : undefined;
  const lost = age ? t('central.statusLostSince', { t: age }) : t('central.statusLost');
  const ok = health === 'SOME' ? t('central.statusOkSome', { up, all }) : t('central.statusOk');
  return (
    <p className={styles.centralStatus} data-up={DATA_UP[health]} data-testid="central-status">
      <Icon size={16} aria-hidden="true" />
      {!isKnown ? t('central.statusUnknown') : isReachable ? ok : lost}
    </p>
  );
}

function savedFilter(): MessageFilter {
  const saved = localStorage.getItem(STORAGE_KEY);
  return MESSAGE_FILTERS.find((known) => known === saved) ?? 'ALL';
}

/** The list as the reader wants it: held while paused or scrolled away from the newest, so that nothing moves under the eye. */
function useMessages() {
  const collection = useCollection<PanelMessage>(PANEL, 'messages');
  const [filter, setFilter] = useState(savedFilter);
  const [isPaused, setPaused] = useState(false);
  const [isScrolled, setScrolled] = useState(false);
  const newest = useMemo(() => shownMessages(Object.values(collection), filter), [collection, filter]);
  const held = useRef<{ filter: MessageFilter; messages: readonly PanelMessage[] }>(undefined);
  const isHeld = isPaused || isScrolled;
  if (!isHeld || held.current?.filter !== filter) held.current = isHeld ? { filter, messages: newest } : undefined;
  const messages = held.current?.messages ?? newest;
  return {
    filter,
    isPaused,
    messages,
    newCount: isHeld ? newSince(messages, newest) : 0,
    setPaused,
    setScrolled,
    choose(next: MessageFilter) {
      localStorage.setItem(STORAGE_KEY, next);
      setFilter(next);
    },
  };
}

type List = ReturnType<typeof useMessages>;

function Tools({ list, onNewest }: { list: List; onNewest(): void }) {
  const { t } = useCentralTexts();
  const PauseIcon = list.isPaused ? Play : Pause;
  return (
    <div className={styles.tools}>
      {list.newCount > 0 ? (
        <ActionButton size="small" variant="primary" testId="messages-new" onClick={onNewest}>
          {t('central.messages.newCount', { count: list.newCount })}
        </ActionButton>
      ) : null}
      <label>
        <span className="visually-hidden">{t('central.messages.filter')}</span>
        <select
          value={list.filter}
          data-testid="messages-filter"
          onChange={(event) => list.choose(event.target.value as MessageFilter)}
        >
          {MESSAGE_FILTERS.map((filter) => (
            <option key={filter} value={filter}>
              {t(`central.messages.show.${filter}`)}
            </option>
          ))}
        </select>
      </label>
      <ActionButton
        size="small"
        testId="messages-pause"
        label={list.isPaused ? t('central.messages.go') : t('central.messages.pause')}
        onClick={() => list.setPaused(!list.isPaused)}
      >
        <PauseIcon size={16} aria-hidden="true" />
      </ActionButton>
    </div>
  );
}

/** What happens in the network, newest first; the reader may filter, hold and go back. */
export function Messages() {
  const { t } = useCentralTexts();
  const list = useMessages();
  const [limit, setLimit] = useState(STEP);
  const box = useRef<HTMLDivElement>(null);
  const toNewest = () => {
    list.setPaused(false);
    list.setScrolled(false);
    box.current?.scrollTo({ top: 0 });
  };
  const { messages } = list;
  return (
    <Card testId="messages" label={t('central.messages.title')}>
      <div className={styles.cardHead}>
        <h2>{t('central.messages.title')}</h2>
        <Tools list={list} onNewest={toNewest} />
      </div>
      {messages.length === 0 ? (
        <Empty>{t(list.filter === 'ALL' ? 'central.messages.empty' : 'central.messages.emptyFilter')}</Empty>
      ) : (
        <div
          ref={box}
          className={styles.messages}
          role="log"
          aria-live="off"
          aria-label={t('central.messages.title')}
          onScroll={(event) => list.setScrolled(event.currentTarget.scrollTop > 8)}
          {...SCROLLED_BY_KEYS}
        >
          <ol>
            {messages.slice(0, limit).map((message) => (
              <MessageLine key={message.messageId} message={message} />
            ))}
          </ol>
          {messages.length > limit ? (
            <ActionButton size="small" onClick={() => setLimit(limit + STEP)}>
              {t('central.messages.older')}
            </ActionButton>
          ) : null}
        </div>
      )}
      <CentralStatus />
    </Card>
  );
}
