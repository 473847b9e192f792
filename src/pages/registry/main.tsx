import { startPage } from '../shared/start-page.tsx';
import { App } from './app.tsx';
import { startSession } from './session.ts';

startPage({
  texts: {
    es: () => import('./texts/es.ts').then((module) => module.registry),
    en: () => import('./texts/en.ts').then((module) => module.registry),
  },
  app: <App />,
  connect: () => void startSession(),
  states: () => import('./states.tsx'),
});
