import { Brand, LanguageSwitch, LivePill, ThemeButton } from '../shared/ui/chrome.tsx';
import styles from './driver.module.css';
import { useDriverTexts } from './texts/use-texts.ts';
import { useMe } from './use-driver.ts';

export function Header() {
  const { t } = useDriverTexts();
  const me = useMe();
  return (
    <header className={`${styles.header} no-print`}>
      <Brand isMarkOnly />
      <div className={styles.who}>
        <h1>{t('driver.title')}</h1>
        <span className="muted" data-testid="driver-id">
          {me?.driverId}
        </span>
      </div>
      <LivePill />
      <LanguageSwitch />
      <ThemeButton />
    </header>
  );
}
