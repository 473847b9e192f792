import { LogOut, UserRound } from 'lucide-react';
import { useEffect } from 'react';
import { ActionButton } from '../shared/ui/action-button.tsx';
import { SkipLink } from '../shared/ui/chrome.tsx';
import { ErrorBoundary } from '../shared/ui/error-boundary.tsx';
import { PageHeader } from '../shared/ui/page-header.tsx';
import { Empty, Skeletons } from '../shared/ui/parts.tsx';
import { Toasts } from '../shared/ui/toasts.tsx';
import { PointsPage } from './points-page.tsx';
import styles from './registry.module.css';
import { type Operator, signOut, useSession } from './session.ts';
import { SignInPage } from './sign-in-page.tsx';
import { useRegistryTexts } from './texts/use-texts.ts';

export function Header({ operator }: { operator: Operator | undefined }) {
  const { t } = useRegistryTexts();
  return (
    <PageHeader title={t('registry.title')} isLive={operator !== undefined}>
      {operator ? (
        <>
          <span className={styles.operator} data-testid="operator">
            <UserRound size={16} aria-hidden="true" /> {operator.operatorId}
          </span>
          <ActionButton size="small" testId="logout" onClick={() => void signOut()}>
            <LogOut size={16} aria-hidden="true" /> {t('common.signOut')}
          </ActionButton>
        </>
      ) : null}
    </PageHeader>
  );
}

function Main() {
  const { t } = useRegistryTexts();
  const session = useSession();
  if (session.phase === 'ASKING')
    return (
      <main id="content" className={styles.page} tabIndex={-1}>
        <Skeletons count={3} />
      </main>
    );
  if (session.phase === 'ANYBODY') return <SignInPage />;
  if (session.operator.role !== 'admin')
    return (
      <main id="content" className={styles.page} tabIndex={-1}>
        <Empty testId="admin-only">{t('registry.signIn.adminOnly', { id: session.operator.operatorId })}</Empty>
      </main>
    );
  return <PointsPage />;
}

export function App() {
  const { t } = useRegistryTexts();
  const session = useSession();
  const title = t('registry.title');
  useEffect(() => {
    document.title = `${title} — EV Charging`;
  }, [title]);
  return (
    <>
      <SkipLink />
      <Header operator={session.phase === 'SIGNED_IN' ? session.operator : undefined} />
      <ErrorBoundary>
        <Main />
      </ErrorBoundary>
      <Toasts />
    </>
  );
}
