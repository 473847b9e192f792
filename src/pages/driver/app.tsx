import { useEffect, useRef } from 'react';
import { Route, Switch, useLocation } from 'wouter';
import { isBatchOver } from '../../domain/batch.ts';
import { useUpstream } from '../shared/live/live-store.ts';
import { ActionButton } from '../shared/ui/action-button.tsx';
import { errorText } from '../shared/ui/answer-text.ts';
import { Brand, SkipLink } from '../shared/ui/chrome.tsx';
import { ErrorBoundary } from '../shared/ui/error-boundary.tsx';
import { FormError } from '../shared/ui/field.tsx';
import { FreshnessBar, useIsStale } from '../shared/ui/freshness-bar.tsx';
import { Card, Empty } from '../shared/ui/parts.tsx';
import { Toasts } from '../shared/ui/toasts.tsx';
import { Announcer } from './announcer.tsx';
import styles from './app.module.css';
import { BatchPage } from './batch/batch-page.tsx';
import { ChargePage } from './charge/charge-page.tsx';
import { Header } from './header.tsx';
import { MessagesPage } from './more/messages-page.tsx';
import { MorePage } from './more/more-page.tsx';
import { PointsPage } from './points/points-page.tsx';
import { POINTS, startSession, useSessionProblem, useSessionStatus } from './session.ts';
import { SignInPage } from './sign-in/sign-in-page.tsx';
import { Tabs } from './tabs.tsx';
import { useDriverTexts } from './texts/use-texts.ts';
import { HistoryPage } from './tickets/history-page.tsx';
import { TicketPage } from './tickets/ticket-page.tsx';
import { useBatches, useChargeView } from './use-driver.ts';

/** On load the most urgent thing comes first (ux 2.7): a running charge, an unread ticket, a running batch. */
function useUrgentFirst(): void {
  const view = useChargeView();
  const isBatchRunning = useBatches().some((batch) => !isBatchOver(batch));
  const [path, navigate] = useLocation();
  const hasLooked = useRef(false);
  useEffect(() => {
    if (!view || hasLooked.current) return;
    hasLooked.current = true;
    const urgent = isBatchRunning && view.kind !== 'OPEN' ? '/mas/lote' : view.kind === 'NONE' ? undefined : '/recarga';
    if (urgent !== undefined && path === '/') navigate(urgent, { replace: true });
  }, [view, isBatchRunning, path, navigate]);
}

function SignedIn() {
  const { t } = useDriverTexts();
  const isStale = useIsStale(POINTS);
  const isBrokerDown = useUpstream(POINTS)?.isBrokerUp === false;
  useUrgentFirst();
  return (
    <>
      <SkipLink />
      <Header />
      <FreshnessBar feed={POINTS} {...(isBrokerDown ? { lostText: t('driver.serviceDown') } : {})} />
      <main id="content" className={styles.page} data-stale={isStale} tabIndex={-1}>
        <ErrorBoundary>
          <Switch>
            <Route path="/" component={PointsPage} />
            <Route path="/recarga" component={ChargePage} />
            <Route path="/historial" component={HistoryPage} />
            <Route path="/historial/:number">{({ number }) => <TicketPage ticketNumber={Number(number)} />}</Route>
            <Route path="/mas" component={MorePage} />
            <Route path="/mas/lote" component={BatchPage} />
            <Route path="/mas/mensajes" component={MessagesPage} />
            <Route>
              <Empty>{t('error.code.NOT_FOUND')}</Empty>
            </Route>
          </Switch>
        </ErrorBoundary>
      </main>
      <Tabs />
      <Announcer />
    </>
  );
}

/** Nobody can say who is here (S-DRV-16): it says so and tries again. */
function Unreachable() {
  const { t } = useDriverTexts();
  const problem = useSessionProblem();
  return (
    <main className={`${styles.page} ${styles.lost}`}>
      <Brand />
      <Card>
        <div className={styles.lost}>
          <h1>{t('driver.title')}</h1>
          {problem ? <FormError>{errorText(t, problem)}</FormError> : null}
          <p className="muted" role="status">
            {t('driver.tryingAgain')}
          </p>
          <ActionButton variant="primary" size="large" testId="retry-session" onClick={() => void startSession()}>
            {t('common.retryNow')}
          </ActionButton>
        </div>
      </Card>
    </main>
  );
}

export function App() {
  const { t } = useDriverTexts();
  const status = useSessionStatus();
  const title = t('driver.title');
  useEffect(() => {
    document.title = `${title} — EV Charging`;
  }, [title]);
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
