import { LogIn, LogOut, UserRound } from 'lucide-react';
import { useState } from 'react';
import type { PanelModule } from '../../messages/live-stream.ts';
import { useCollection, useUpstream } from '../shared/live/live-store.ts';
import { ActionButton } from '../shared/ui/action-button.tsx';
import { Brand, LanguageSwitch, LivePill, ThemeButton } from '../shared/ui/chrome.tsx';
import styles from './header.module.css';
import { LoginDialog } from './login-dialog.tsx';
import { isModuleUp } from './module-health.ts';
import { PANEL, signOut, useOperator } from './session.ts';
import { useCentralTexts } from './texts/use-texts.ts';

/** One word on the parts behind the panel; the list is further down. */
function ModulesPill() {
  const { t } = useCentralTexts();
  const modules = Object.values(useCollection<PanelModule>(PANEL, 'modules'));
  const isReachable = useUpstream(PANEL)?.isCentralReachable ?? true;
  const down = modules.filter((module) => !isModuleUp(module, isReachable));
  if (modules.length === 0) return null;
  return (
    <a className={styles.modulesPill} data-down={down.length > 0} href="#modules" data-testid="modules-pill">
      {down.length === 0
        ? t('central.modules.allUp')
        : t('central.modules.down', { names: down.map((module) => module.moduleId).join(', ') })}
    </a>
  );
}

function Account({ onSignIn }: { onSignIn(): void }) {
  const { t } = useCentralTexts();
  const operator = useOperator();
  if (!operator)
    return (
      <>
        <span className={styles.readOnly}>{t('central.readOnly')}</span>
        <ActionButton size="small" variant="primary" testId="open-login" onClick={onSignIn}>
          <LogIn size={16} aria-hidden="true" /> {t('common.signIn')}
        </ActionButton>
      </>
    );
  return (
    <>
      <span className={styles.operator} data-testid="operator">
        <UserRound size={16} aria-hidden="true" /> {operator.operatorId}
        <span className={styles.role}>{t(`central.role.${operator.role}`)}</span>
      </span>
      <ActionButton
        size="small"
        variant="quiet"
        testId="logout"
        label={t('common.signOut')}
        onClick={() => void signOut()}
      >
        <LogOut size={16} aria-hidden="true" />
      </ActionButton>
    </>
  );
}

export function Header() {
  const { t } = useCentralTexts();
  const [isLoginOpen, setLoginOpen] = useState(false);
  return (
    <header className={styles.header}>
      <Brand />
      <h1 className={styles.title}>{t('central.title')}</h1>
      <ModulesPill />
      <LivePill />
      <LanguageSwitch />
      <ThemeButton />
      <Account onSignIn={() => setLoginOpen(true)} />
      {isLoginOpen ? <LoginDialog onClose={() => setLoginOpen(false)} /> : null}
    </header>
  );
}
