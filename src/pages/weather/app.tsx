import { useEffect } from 'react';
import { useLocation } from 'wouter';
import { SkipLink } from '../shared/ui/chrome.tsx';
import { ErrorBoundary } from '../shared/ui/error-boundary.tsx';
import { PageHeader } from '../shared/ui/page-header.tsx';
import { Toasts } from '../shared/ui/toasts.tsx';
import { MonitorView } from './monitor-view.tsx';
import { SimulatorView } from './simulator-view.tsx';
import { useWeatherTexts } from './texts/use-texts.ts';

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
      <PageHeader title={title} />
      <ErrorBoundary>{isSimulator ? <SimulatorView /> : <MonitorView />}</ErrorBoundary>
      <Toasts />
    </>
  );
}
