import { useEffect } from 'react';
import { Link, Route, Switch, useLocation } from 'wouter';
import type { EngineView, MonitorView } from '../../messages/live-stream.ts';
import { useEntity } from '../shared/live/live-store.ts';
import { SkipLink } from '../shared/ui/chrome.tsx';
import { ErrorBoundary } from '../shared/ui/error-boundary.tsx';
import { PageHeader } from '../shared/ui/page-header.tsx';
import { Empty } from '../shared/ui/parts.tsx';
import { Toasts } from '../shared/ui/toasts.tsx';
import { ENGINE, MONITOR } from './actions.ts';
import { EngineScreen } from './engine-screen.tsx';
import { MonitorPage } from './monitor-page.tsx';
import styles from './point.module.css';
import { usePointTexts } from './texts/use-texts.ts';

function Header() {
  const { t } = usePointTexts();
  const [path] = useLocation();
  const engine = useEntity<EngineView>(ENGINE, 'engine', 'engine');
  const monitor = useEntity<MonitorView>(MONITOR, 'monitor', 'monitor');
  const cpId = engine?.cpId ?? monitor?.cpId ?? '';
  const title = path === '/monitor' ? t('point.monitorTitle') : t('point.engineTitle');
  useEffect(() => {
    document.title = `${cpId} — ${title}`.replace(/^ — /, '');
  }, [cpId, title]);
  return (
    <PageHeader
      title={
        <>
          {title} <span data-testid="cp-id">{cpId}</span>
        </>
      }
    >
      <nav className={styles.nav} aria-label={t('point.sections')}>
        <Link href="/" aria-current={path === '/' ? 'page' : undefined} data-testid="nav-engine">
          Engine
        </Link>
        <Link href="/monitor" aria-current={path === '/monitor' ? 'page' : undefined} data-testid="nav-monitor">
          Monitor
        </Link>
      </nav>
    </PageHeader>
  );
}

export function App() {
  const { t } = usePointTexts();
  return (
    <>
      <SkipLink />
      <Header />
      <ErrorBoundary>
        <Switch>
          <Route path="/" component={EngineScreen} />
          <Route path="/monitor" component={MonitorPage} />
          <Route>
            <Empty>{t('error.code.NOT_FOUND')}</Empty>
          </Route>
        </Switch>
      </ErrorBoundary>
      <Toasts />
    </>
  );
}
