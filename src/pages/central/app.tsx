import { useEffect } from 'react';
import type { PanelPoint } from '../../messages/live-stream.ts';
import { useCollection } from '../shared/live/live-store.ts';
import { SkipLink } from '../shared/ui/chrome.tsx';
import { ErrorBoundary } from '../shared/ui/error-boundary.tsx';
import { FreshnessBar, useIsStale } from '../shared/ui/freshness-bar.tsx';
import { Toasts } from '../shared/ui/toasts.tsx';
import styles from './central.module.css';
import { Connected } from './connected.tsx';
import { Header } from './header.tsx';
import { Messages } from './messages.tsx';
import { Ongoing } from './ongoing.tsx';
import { OrderResults } from './order-results.tsx';
import { NetworkState } from './points/network-state.tsx';
import { PANEL } from './session.ts';
import { useCentralTexts } from './texts/use-texts.ts';

/** "(!) 2 averiados — Panel Central": the tab tells what is wrong without being looked at. */
function useTitle(): void {
  const { t } = useCentralTexts();
  const points = useCollection<PanelPoint>(PANEL, 'points');
  const faulted = Object.values(points).filter((point) => point.state === 'FAULTED').length;
  const title = t('central.title');
  const warning = t('central.faultedCount', { count: faulted });
  useEffect(() => {
    document.title = faulted > 0 ? `(!) ${warning} — ${title}` : title;
  }, [faulted, warning, title]);
}

export function App() {
  useTitle();
  const isStale = useIsStale(PANEL);
  return (
    <>
      <SkipLink />
      <Header />
      <FreshnessBar feed={PANEL} />
      <main id="content" className={styles.layout} data-stale={isStale} tabIndex={-1}>
        <ErrorBoundary>
          <NetworkState />
        </ErrorBoundary>
        <div className={styles.side}>
          <ErrorBoundary>
            <Ongoing />
          </ErrorBoundary>
          <ErrorBoundary>
            <Messages />
          </ErrorBoundary>
          <ErrorBoundary>
            <Connected />
          </ErrorBoundary>
        </div>
      </main>
      <OrderResults />
      <Toasts />
    </>
  );
}
