import { createRoot } from 'react-dom/client';
import '../shared/styles/tokens.css';
import '../shared/styles/base.css';
import { startTexts } from '../shared/i18n.ts';
import { retryOnWake } from '../shared/live/live-store.ts';
import { startTheme } from '../shared/theme.ts';
import { App } from './app.tsx';
import { startSession } from './session.ts';

startTheme();
retryOnWake();
void startSession();
void startTexts({
  es: () => import('./texts/es.ts').then((module) => module.registry),
  en: () => import('./texts/en.ts').then((module) => module.registry),
}).then(() => createRoot(document.getElementById('root')!).render(<App />));
