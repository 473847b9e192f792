import { createRoot } from 'react-dom/client';
import '../shared/styles/tokens.css';
import '../shared/styles/base.css';
import { startTexts } from '../shared/i18n.ts';
import { retryOnWake, startLive } from '../shared/live/live-store.ts';
import { startTheme } from '../shared/theme.ts';
import { App } from './app.tsx';

startTheme();
retryOnWake();
startLive('/live');
void startTexts({
  es: () => import('./texts/es.ts').then((module) => module.point),
  en: () => import('./texts/en.ts').then((module) => module.point),
}).then(() => createRoot(document.getElementById('root')!).render(<App />));
