import { useEffect, useRef } from 'react';
import { Route, Switch, useLocation } from 'wouter';
import { errorText } from '../shared/ui/answer-text.ts';
import { SkipLink } from '../shared/ui/chrome.tsx';
import { ErrorBoundary } from '../shared/ui/error-boundary.tsx';
import { FormError } from '../shared/ui/field.tsx';
import { FreshnessBar, useIsStale } from '../shared/ui/freshness-bar.tsx';
import { Empty } from '../shared/ui/parts.tsx';
import { Toasts } from '../shared/ui/toasts.tsx';
import { ChargePage } from './charge-page.tsx';
import styles from './driver.module.css';
import { Header } from './header.tsx';
import { HistoryPage, TicketPage } from './history-page.tsx';
import { MorePage } from './more-page.tsx';
import { PointsPage } from './points-page.tsx';
import { POINTS, useSessionProblem, useSessionStatus } from './session.ts';
import { SignInPage } from './sign-in-page.tsx';
import { Tabs } from './tabs.tsx';
import { useDriverTexts } from './texts/use-texts.ts';
import { useChargeView } from './use-driver.ts';

/** On load the most urgent thing comes first: a running charge or an unread ticket. */
function useUrgentFirst(): void {
  const view = useChargeView();
  const [path, navigate] = useLocation();
  const hasLooked = useRef(false);
  useEffect(() => {
    if (!view || hasLooked.current) return;
    hasLooked.current = true;
    if (view.kind !== 'NONE' && path === '/') navigate('/recarga', { replace: true });
  }, [view, path, navigate]);
}

function SignedIn() {
  const { t } = useDriverTexts();
  const isStale = useIsStale(POINTS);
  useUrgentFirst();
  return (
    <>
      <SkipLink />
      <Header />
      <FreshnessBar feed={POINTS} />
      <main id="content" className={styles.page} data-stale={isStale} tabIndex={-1}>
        <ErrorBoundary>
          <Switch>
            <Route path="/" component={PointsPage} />
            <Route path="/recarga" component={ChargePage} />
            <Route path="/historial" component={HistoryPage} />
            <Route path="/historial/:number">{({ number }) => <TicketPage ticketNumber={Number(number)} />}</Route>
            <Route path="/mas" component={MorePage} />
            <Route>
              <Empty>{t('error.code.NOT_FOUND')}</Empty>
            </Route>
          </Switch>
        </ErrorBoundary>
      </main>
      <Tabs />
    </>
  );
}

function Unreachable() {
  const { t } = useDriverTexts();
  const problem = useSessionProblem();
  return (
    <main className={styles.page}>
      <h1>{t('driver.title')}</h1>
      {problem ? <FormError>{errorText(t, problem)}</FormError> : null}
      <p className="muted">{t('driver.tryingAgain')}</p>
    </main>
  );
}

export function App() {
  const { t } = useDriverTexts();
  const status = useSessionStatus();
  return (
    <>
      {status === 'LOADING' ? <Empty>{t('common.loading')}</Empty> : null}
      {status === 'UNREACHABLE' ? <Unreachable /> : null}
      {status === 'SIGNED_OUT' ? <SignInPage /> : null}
      {status === 'SIGNED_IN' ? <SignedIn /> : null}
      <Toasts />
    </>
  );
}
