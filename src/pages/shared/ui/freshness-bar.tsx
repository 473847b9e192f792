import { CircleCheck, TriangleAlert, WifiOff } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { roughAge } from '../format.ts';
import { useFormats, useTexts } from '../i18n.ts';
import {
  retryLiveNow,
  useDataAtMs,
  useLink,
  useLinkLevel,
  useServerNow,
  useTick,
  useUpstream,
} from '../live/live-store.ts';
import styles from './ui.module.css';

const RECOVERED_MS = 3_000;

/** True for three seconds after trouble has gone. */
function useRecovered(isTroubled: boolean): boolean {
  const [isRecovered, setRecovered] = useState(false);
  const wasTroubled = useRef(false);
  useEffect(() => {
    const isOver = wasTroubled.current && !isTroubled;
    wasTroubled.current = isTroubled;
    if (!isOver) return;
    setRecovered(true);
    const handle = setTimeout(() => setRecovered(false), RECOVERED_MS);
    return () => clearTimeout(handle);
  }, [isTroubled]);
  return isRecovered && !isTroubled;
}

function DataAge({ feed }: { feed: string }) {
  const { t } = useTexts();
  const formats = useFormats();
  const dataAtMs = useDataAtMs(feed);
  const nowMs = useServerNow();
  if (!dataAtMs) return null;
  return (
    <span data-testid="data-age">
      {t('conn.dataFrom', { time: formats.time(dataAtMs), age: roughAge(nowMs - dataAtMs) })}
    </span>
  );
}

function Reconnecting({ feed, isOffline }: { feed: string; isOffline: boolean }) {
  const { t } = useTexts();
  const link = useLink();
  const nowMs = useTick();
  const seconds = Math.max(0, Math.ceil((link.retryAtMs - nowMs) / 1_000));
  const isWaiting = link.phase === 'WAITING' && seconds > 0;
  return (
    <div className={`${styles.bar} ${isOffline ? styles.lost : styles.late} no-print`} data-testid="link-bar">
      <WifiOff size={20} aria-hidden="true" />
      <span>
        {isOffline ? `${t('conn.webLost')}. ` : ''}
        {isWaiting ? t('conn.retryIn', { n: link.attempt + 1, s: seconds }) : t('conn.connecting')}
      </span>
      <DataAge feed={feed} />
      <button type="button" onClick={retryLiveNow} data-testid="retry-now">
        {t('common.retryNow')}
      </button>
    </div>
  );
}

/** What stands between the reader and fresh data, worst first: own link, then Central (ux 2.3) or what the page says instead (`lostText`; null: nothing is lost). Announced once. */
export function FreshnessBar({ feed, lostText }: { feed: string; lostText?: string | null }) {
  const { t } = useTexts();
  const level = useLinkLevel();
  const upstream = useUpstream(feed);
  const isLinkTroubled = level === 'RECONNECTING' || level === 'OFFLINE';
  const centralText = upstream !== undefined && !upstream.isCentralReachable ? t('conn.centralLost') : null;
  const lost = lostText === undefined ? centralText : lostText;
  const isRecovered = useRecovered(isLinkTroubled || lost !== null);
  const spoken = isLinkTroubled
    ? level === 'OFFLINE'
      ? t('conn.webLost')
      : ''
    : lost !== null
      ? lost
      : isRecovered
        ? t('conn.recovered')
        : '';
  return (
    <section aria-label={t('conn.state')}>
      <div role="alert" className="visually-hidden">
        {spoken}
      </div>
      {isLinkTroubled ? <Reconnecting feed={feed} isOffline={level === 'OFFLINE'} /> : null}
      {!isLinkTroubled && lost !== null ? (
        <div className={`${styles.bar} ${styles.lost} no-print`} data-testid="central-bar">
          <TriangleAlert size={20} aria-hidden="true" />
          <span>{lost}</span>
          <DataAge feed={feed} />
        </div>
      ) : null}
      {isRecovered ? (
        <div className={`${styles.bar} ${styles.recovered} no-print`} data-testid="recovered-bar">
          <CircleCheck size={20} aria-hidden="true" />
          {t('conn.recovered')}
        </div>
      ) : null}
    </section>
  );
}

/** Undefined while orders can be given, else why not: the sentence for every disabled button. */
export function useBlockedReason(feed: string): string | undefined {
  const { t } = useTexts();
  const level = useLinkLevel();
  const upstream = useUpstream(feed);
  if (level !== 'LIVE') return t('conn.actionOffline');
  if (upstream !== undefined && !upstream.isCentralReachable) return t('conn.centralLost');
  return undefined;
}

/** True while what is shown may be old: own link lost, or what stands behind (`isSourceUp`, by default Central) is away. */
export function useIsStale(feed: string, isSourceUp?: boolean): boolean {
  const level = useLinkLevel();
  const upstream = useUpstream(feed);
  return level === 'OFFLINE' || !(isSourceUp ?? upstream?.isCentralReachable ?? true);
}
