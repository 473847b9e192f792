import { startLive } from '../shared/live/live-store.ts';
import { startPage } from '../shared/start-page.tsx';
import { App } from './app.tsx';

startPage({
  texts: {
    es: () => import('./texts/es.ts').then((module) => module.weather),
    en: () => import('./texts/en.ts').then((module) => module.weather),
  },
  app: <App />,
  connect: () => startLive('/live'),
  states: () => import('./states.tsx'),
});
