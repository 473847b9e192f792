import { useEffect } from 'react';
import { useLocation } from 'wouter';
import { Brand, LanguageSwitch, LivePill, SkipLink, ThemeButton } from '../shared/ui/chrome.tsx';
import { ErrorBoundary } from '../shared/ui/error-boundary.tsx';
import { Toasts } from '../shared/ui/toasts.tsx';
import { MonitorView } from './monitor-view.tsx';
import { SimulatorView } from './simulator-view.tsx';
import { useWeatherTexts } from './texts/use-texts.ts';
import styles from './weather.module.css';

/** EV_W's page, and at `/sim` that of the stand-in for OpenWeather: each served by its own process. */
export function App() {
  const { t } = useWeatherTexts();
  const [path] = useLocation();
  const isSimulator = path === '/sim';
  const title = isSimulator ? t('simulator.title') : t('monitor.title');
  useEffect(() => {
    document.title = `${title} — EV Charging`;
  }, [title]);
  return (
    <>
      <SkipLink />
      <header className={styles.header}>
        <Brand isMarkOnly />
        <h1>{title}</h1>
        <LivePill />
        <LanguageSwitch />
        <ThemeButton />
      </header>
      <ErrorBoundary>{isSimulator ? <SimulatorView /> : <MonitorView />}</ErrorBoundary>
      <Toasts />
    </>
  );
}
