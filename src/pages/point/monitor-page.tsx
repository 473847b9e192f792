import { TriangleAlert } from 'lucide-react';
import type { MonitorView } from '../../messages/live-stream.ts';
import { useEntity, useHasFeed, useUpstream } from '../shared/live/live-store.ts';
import { useCodeText } from '../shared/ui/code-text.ts';
import { FreshnessBar, useIsStale } from '../shared/ui/freshness-bar.tsx';
import { Card, Empty } from '../shared/ui/parts.tsx';
import { StateBadge } from '../shared/ui/state-badge.tsx';
import { Waiting } from '../shared/ui/waiting.tsx';
import { MONITOR } from './actions.ts';
import { ActivityLog } from './activity-log.tsx';
import styles from './monitor.module.css';
import { MonitorActions } from './monitor-actions.tsx';
import { CentralCard, EngineCard, KeyCard } from './monitor-cards.tsx';
import { nextAction } from './monitor-steps.ts';
import { StepsCard } from './monitor-steps-card.tsx';
import { usePointTexts } from './texts/use-texts.ts';

function useLostText(view: MonitorView | undefined): string | null {
  const { t } = usePointTexts();
  const upstream = useUpstream(MONITOR);
  if (upstream?.isMonitorReachable === false) return t('point.monitorStopped');
  return view?.isRegistered && !view.central.isConnected && view.central.refusal === undefined
    ? t('conn.centralLost')
    : null;
}

/** What only a person can mend, with what mends it (ux 2.4). */
function Need({ view }: { view: MonitorView }) {
  const { t } = usePointTexts();
  const codeText = useCodeText();
  const next = nextAction(view);
  if (next === undefined) return null;
  const { refusal } = view.central;
  const why =
    next === 'AUTHENTICATE' ? t('point.keyState.REVOKED') : refusal ? codeText('point.refusal', refusal, {}) : '';
  return (
    <div className={styles.need} role="alert" data-testid="need" data-next={next}>
      <TriangleAlert size={24} aria-hidden="true" />
      <span>{[why, t(`point.need.${next}`)].filter((part) => part !== '').join('. ')}</span>
    </div>
  );
}

/** The Monitor: health of the engine, link to Central, key, and the installer's actions. */
export function MonitorPage() {
  const { t } = usePointTexts();
  const view = useEntity<MonitorView>(MONITOR, 'monitor', 'monitor');
  const hasFeed = useHasFeed(MONITOR);
  const upstream = useUpstream(MONITOR);
  const isStale = useIsStale(MONITOR, upstream?.isMonitorReachable !== false);
  const lostText = useLostText(view);
  return (
    <>
      <FreshnessBar feed={MONITOR} lostText={lostText} />
      <main id="content" className={styles.monitor} data-stale={isStale} tabIndex={-1}>
        {view ? (
          <>
            <p className={styles.resulting}>
              {t('point.resulting')} <StateBadge state={view.state} audience="panel" />
              {view.holds.map((hold) => (
                <span key={hold}>{t(`reason.${hold}`)}</span>
              ))}
            </p>
            <Need view={view} />
            <div className={styles.cards}>
              <EngineCard view={view} />
              <CentralCard view={view} />
              <StepsCard view={view} />
              <KeyCard view={view}>
                <MonitorActions view={view} />
              </KeyCard>
            </div>
            <Card>
              <ActivityLog lines={view.log} fileName={`monitor-${view.cpId}.txt`} />
            </Card>
          </>
        ) : hasFeed ? (
          <Empty>{t('error.code.MONITOR_UNREACHABLE')}</Empty>
        ) : (
          <Waiting count={3} />
        )}
      </main>
    </>
  );
}
