import { type ReactNode, Suspense } from 'react';
import { Link, Route, Switch } from 'wouter';
import { SkipLink } from '../shared/ui/chrome.tsx';
import { ErrorBoundary } from '../shared/ui/error-boundary.tsx';
import { FreshnessBar, useIsStale } from '../shared/ui/freshness-bar.tsx';
import { Empty, Skeletons } from '../shared/ui/parts.tsx';
import { Toasts } from '../shared/ui/toasts.tsx';
import { Announcer } from './announcer.tsx';
import styles from './central.module.css';
import { Header } from './header.tsx';
import { OrderResults } from './order-results.tsx';
import { ROUTES } from './routes.tsx';
import { PANEL } from './session.ts';
import { TabTitle } from './tab-title.tsx';
import { useCentralTexts } from './texts/use-texts.ts';

/** Old data fades wherever it is shown; what is inside is not drawn again for that. */
function Main({ children }: { children: ReactNode }) {
  return (
    <main id="content" className={styles.main} data-stale={useIsStale(PANEL)} tabIndex={-1}>
      {children}
    </main>
  );
}

function NotHere() {
  const { t } = useCentralTexts();
  return (
    <Empty testId="not-here">
      <p>{t('nav.notHere')}</p>
      <Link href="/">{t('nav.backToPoints')}</Link>
    </Empty>
  );
}

export function App() {
  return (
    <>
      <SkipLink />
      <TabTitle />
      <Header />
      <FreshnessBar feed={PANEL} />
      <Announcer />
      <Main>
        <Suspense
          fallback={
            <div className={styles.layout}>
              <Skeletons count={3} isCodeComing />
            </div>
          }
        >
          <Switch>
            {ROUTES.map(({ path, page: Page }) => (
              <Route key={String(path)} path={path}>
                <ErrorBoundary>
                  <Page />
                </ErrorBoundary>
              </Route>
            ))}
            <Route>
              <NotHere />
            </Route>
          </Switch>
        </Suspense>
      </Main>
      <OrderResults />
      <Toasts />
    </>
  );
}
