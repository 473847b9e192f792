import { useEffect, useRef, useState } from 'react';
import type { PanelPoint } from '../../messages/live-stream.ts';
import { liveStore } from '../shared/live/live-store.ts';
import { PANEL } from './session.ts';
import { stateNews, statesOf } from './state-news.ts';
import { useCentralTexts } from './texts/use-texts.ts';

/** One announcement in this time, whatever happens meanwhile is merged into it (ux 2.8). */
const EVERY_MS = 5_000;
const MAX_NAMED = 5;

function pointsNow(): Readonly<Record<string, PanelPoint>> {
  return (liveStore.getState().feeds[PANEL]?.collections.points ?? {}) as Record<string, PanelPoint>;
}

/** The polite of the two announcement regions; the other one is the freshness bar's. */
export function Announcer() {
  const { t } = useCentralTexts();
  const [spoken, setSpoken] = useState('');
  const known = useRef(statesOf(pointsNow()));
  useEffect(() => {
    const look = () => {
      const now = statesOf(pointsNow());
      const news = stateNews(known.current, now);
      known.current = now;
      const sentences = news.map(({ state, cpIds }) => {
        const shown = cpIds.slice(0, MAX_NAMED).join(', ');
        const points = cpIds.length > MAX_NAMED ? `${shown}…` : shown;
        const word = t(`state.panel.${state}`);
        return cpIds.length === 1
          ? t('nav.stateNews', { points, state: word })
          : t('nav.stateNewsMany', { n: cpIds.length, points, state: word });
      });
      setSpoken(sentences.join('. '));
    };
    const handle = setInterval(look, EVERY_MS);
    return () => clearInterval(handle);
  }, [t]);
  return (
    <div role="status" className="visually-hidden" data-testid="announcer">
      {spoken}
    </div>
  );
}
