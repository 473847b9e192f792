import { useSyncExternalStore } from 'react';
import { useSearchParams } from 'wouter';
import type { PanelSupply } from '../../messages/live-stream.ts';
import { useCollection } from '../shared/live/live-store.ts';
import { ErrorBoundary } from '../shared/ui/error-boundary.tsx';
import styles from './central.module.css';
import { PointsArea } from './points/points-area.tsx';
import { PANEL } from './session.ts';
import { ConnectedDrivers } from './side/connected-drivers.tsx';
import { Messages } from './side/messages.tsx';
import { Ongoing } from './side/ongoing.tsx';
import side from './side/side.module.css';
import { useCentralTexts } from './texts/use-texts.ts';

const TABS = ['points', 'ongoing', 'messages'] as const;
type Tab = (typeof TABS)[number];

const wide = window.matchMedia('(min-width: 1200px)');

function useIsWide(): boolean {
  return useSyncExternalStore(
    (listener) => {
      wide.addEventListener('change', listener);
      return () => wide.removeEventListener('change', listener);
    },
    () => wide.matches,
  );
}

function useTab(): [Tab, (tab: Tab) => void] {
  const [params, setParams] = useSearchParams();
  const tab = TABS.find((known) => known === params.get('tab')) ?? 'points';
  const choose = (next: Tab) =>
    setParams(
      (before) => {
        if (next === 'points') before.delete('tab');
        else before.set('tab', next);
        return before;
      },
      { replace: true },
    );
  return [tab, choose];
}

/** Where there is no room for two columns, the side column becomes tabs (ux 3.1). */
function TabBar({ tab, choose }: { tab: Tab; choose(tab: Tab): void }) {
  const { t } = useCentralTexts();
  const supplies = Object.keys(useCollection<PanelSupply>(PANEL, 'supplies')).length;
  const names: Record<Tab, string> = {
    points: t('nav.points'),
    ongoing: t('central.ongoing.tab', { count: supplies }),
    messages: t('central.messages.title'),
  };
  return (
    <div className={side.tabs} role="tablist" aria-label={t('central.title')}>
      {TABS.map((one) => (
        <button
          key={one}
          type="button"
          role="tab"
          id={`tab-${one}`}
          aria-selected={tab === one}
          aria-controls={`panel-${one}`}
          tabIndex={tab === one ? 0 : -1}
          data-testid={`tab-${one}`}
          onClick={() => choose(one)}
          onKeyDown={(event) => {
            const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? TABS.length - 1 : 0;
            if (step === 0) return;
            const next = TABS[(TABS.indexOf(one) + step) % TABS.length]!;
            choose(next);
            document.getElementById(`tab-${next}`)?.focus();
          }}
        >
          {names[one]}
        </button>
      ))}
    </div>
  );
}

function NarrowPoints() {
  const [tab, choose] = useTab();
  return (
    <div className={styles.layout}>
      <TabBar tab={tab} choose={choose} />
      <div role="tabpanel" id={`panel-${tab}`} aria-labelledby={`tab-${tab}`} className={side.side}>
        <ErrorBoundary key={tab}>
          {tab === 'points' ? <PointsArea /> : null}
          {tab === 'ongoing' ? (
            <>
              <Ongoing />
              <ConnectedDrivers />
            </>
          ) : null}
          {tab === 'messages' ? <Messages /> : null}
        </ErrorBoundary>
      </div>
    </div>
  );
}

/** `/`: the state of the network, with what is going on beside it. */
export function PointsPage() {
  const isWide = useIsWide();
  if (!isWide) return <NarrowPoints />;
  return (
    <div className={styles.layout}>
      <ErrorBoundary>
        <PointsArea />
      </ErrorBoundary>
      <div className={side.side}>
        <ErrorBoundary>
          <Ongoing />
        </ErrorBoundary>
        <ErrorBoundary>
          <Messages />
        </ErrorBoundary>
        <ErrorBoundary>
          <ConnectedDrivers />
        </ErrorBoundary>
      </div>
    </div>
  );
}
