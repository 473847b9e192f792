import { LogOut } from 'lucide-react';
import { useLocation } from 'wouter';
import { Brand, LanguageSwitch, LivePill, ThemeButton } from '../shared/ui/chrome.tsx';
import styles from './app.module.css';
import { useDriverTexts } from './texts/use-texts.ts';
import { useMe } from './use-driver.ts';

export function Header() {
  const { t } = useDriverTexts();
  const me = useMe();
  const [, navigate] = useLocation();
  return (
    <header className={`${styles.header} no-print`}>
      <Brand isMarkOnly />
      <div className={styles.who}>
        <h1>{t('driver.title')}</h1>
        <p>
          <span className="muted" data-testid="driver-id">
            {me?.driverId}
          </span>
          <LivePill />
        </p>
      </div>
      <LanguageSwitch />
      <ThemeButton />
      <button type="button" className={styles.leave} data-testid="header-account" onClick={() => navigate('/mas')}>
        <LogOut size={18} aria-hidden="true" /> {t('common.signOut')}
      </button>
    </header>
  );
}
