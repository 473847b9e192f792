import { Monitor, Moon, PlugZap, Sun } from 'lucide-react';
import type { Language } from '../format.ts';
import { setLanguage, useTexts } from '../i18n.ts';
import { useLinkLevel } from '../live/live-store.ts';
import { setTheme, THEMES, type Theme, useTheme } from '../theme.ts';
import styles from './ui.module.css';

const THEME_ICONS = { auto: Monitor, light: Sun, dark: Moon };
const LANGUAGES: readonly Language[] = ['es', 'en'];

export function Brand({ isMarkOnly = false }: { isMarkOnly?: boolean }) {
  return (
    <span className={styles.brand}>
      <span className={styles.brandMark}>
        <PlugZap size={20} aria-hidden="true" />
      </span>
      {isMarkOnly ? null : 'EV Charging'}
    </span>
  );
}

export function SkipLink() {
  const { t } = useTexts();
  return (
    <a className={styles.skip} href="#content">
      {t('common.skip')}
    </a>
  );
}

export function LanguageSwitch() {
  const { t, language } = useTexts();
  return (
    <fieldset className={styles.switch} aria-label={t('common.language')} style={{ margin: 0, padding: 0 }}>
      {LANGUAGES.map((code) => (
        <button
          key={code}
          type="button"
          lang={code}
          aria-pressed={language === code}
          data-testid={`language-${code}`}
          onClick={() => void setLanguage(code)}
        >
          {code.toUpperCase()}
        </button>
      ))}
    </fieldset>
  );
}

/** One button that goes through automatic, light and dark. */
export function ThemeButton() {
  const { t } = useTexts();
  const theme = useTheme();
  const Icon = THEME_ICONS[theme];
  const next: Theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length]!;
  return (
    <button
      type="button"
      className={styles.iconButton}
      data-testid="theme-button"
      aria-label={t(`theme.${theme}`)}
      title={t(`theme.${theme}`)}
      onClick={() => setTheme(next)}
    >
      <Icon size={20} aria-hidden="true" />
    </button>
  );
}

/** Is what is shown live? Word and shape, not only colour. */
export function LivePill() {
  const { t } = useTexts();
  const level = useLinkLevel();
  return (
    <span className={styles.pill} data-level={level} data-testid="live-pill">
      <span className={styles.dot} aria-hidden="true" />
      {t(`conn.level.${level}`)}
    </span>
  );
}
