import type { ReactElement } from 'react';
import { createRoot } from 'react-dom/client';
import './styles/tokens.css';
import './styles/base.css';
import { startTexts } from './i18n.ts';
import { retryOnWake } from './live/live-store.ts';
import type { Scene } from './states/scene.ts';
import { startTheme } from './theme.ts';

export type PageParts = {
  texts: Parameters<typeof startTexts>[0];
  app: ReactElement;
  /** Starts what talks to the page's server: session and live stream. */
  connect(): void;
  /** Every visual state of the app with fixed data, shown at `/__states`; loaded only there. */
  states(): Promise<{ scenes: readonly Scene[] }>;
};

/** Path at which each app shows its visual states instead of itself (ux 9.8). */
const STATES_PATH = '/__states';

/** Starts one app of pages in this window. */
export function startPage(page: PageParts): void {
  const root = createRoot(document.getElementById('root')!);
  startTheme();
  if (location.pathname === STATES_PATH) {
    void Promise.all([startTexts(page.texts), import('./states/states-page.tsx'), page.states()]).then(
      ([, { startScenes, StatesPage }, { scenes }]) => {
        startScenes(scenes);
        root.render(<StatesPage scenes={scenes} />);
      },
    );
    return;
  }
  retryOnWake();
  page.connect();
  void startTexts(page.texts).then(() => root.render(page.app));
}
