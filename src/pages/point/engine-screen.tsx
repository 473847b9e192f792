import type { EngineView } from '../../messages/live-stream.ts';
import { useEntity, useHasFeed, useUpstream } from '../shared/live/live-store.ts';
import { FreshnessBar, useIsStale } from '../shared/ui/freshness-bar.tsx';
import { Empty } from '../shared/ui/parts.tsx';
import { Waiting } from '../shared/ui/waiting.tsx';
import { ENGINE } from './actions.ts';
import styles from './engine.module.css';
import { EngineBand, SimulationMark } from './engine-band.tsx';
import { EngineBody } from './engine-body.tsx';
import { EngineButtons } from './engine-buttons.tsx';
import { LastTicket } from './last-ticket.tsx';
import { TechnicalPanel } from './technical-panel.tsx';
import { usePointTexts } from './texts/use-texts.ts';

/** What is wrong behind this page, worst first. */
function useLostText(view: EngineView | undefined): string | null {
  const { t } = usePointTexts();
  const upstream = useUpstream(ENGINE);
  if (upstream?.isEngineReachable === false) return t('point.engineStopped');
  if (view && !view.isMonitorPresent) return t('point.noMonitor');
  if (view && !view.isCentralReachable) return t('conn.centralLost');
  return upstream?.isBrokerUp === false ? t('error.code.BROKER_UNAVAILABLE') : null;
}

/** The screen at the point: what it is doing, what a hand can do now, and the last ticket. */
export function EngineScreen() {
  const { t } = usePointTexts();
  const view = useEntity<EngineView>(ENGINE, 'engine', 'engine');
  const hasFeed = useHasFeed(ENGINE);
  const lostText = useLostText(view);
  const upstream = useUpstream(ENGINE);
  const isStale = useIsStale(ENGINE, upstream?.isEngineReachable !== false);
  return (
    <>
      <FreshnessBar feed={ENGINE} lostText={lostText} />
      <main id="content" className={styles.engine} data-stale={isStale} tabIndex={-1}>
        {view ? (
          <>
            <EngineBand view={view} />
            <SimulationMark view={view} />
            <EngineBody view={view} />
            <EngineButtons view={view} />
            {view.unacknowledgedCount > 0 ? (
              <p className={styles.pendingTickets} role="status" data-testid="pending-tickets">
                {t('point.pendingTickets', { count: view.unacknowledgedCount })}
              </p>
            ) : null}
            <LastTicket view={view} />
            <TechnicalPanel view={view} />
          </>
        ) : hasFeed ? (
          <Empty>{t('point.engineNever')}</Empty>
        ) : (
          <Waiting count={2} />
        )}
      </main>
    </>
  );
}
