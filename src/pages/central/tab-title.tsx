import { useEffect } from 'react';
import { useStore } from 'zustand';
import type { PanelPoint } from '../../messages/live-stream.ts';
import { liveStore } from '../shared/live/live-store.ts';
import { PANEL } from './session.ts';
import { useCentralTexts } from './texts/use-texts.ts';

function countFaulted(points: Readonly<Record<string, unknown>> | undefined): number {
  return Object.values((points ?? {}) as Record<string, PanelPoint>).filter((point) => point.state === 'FAULTED')
    .length;
}

/** "(!) 2 averiados — Panel Central" and another icon: the tab tells what is wrong without being looked at. */
export function TabTitle() {
  const { t } = useCentralTexts();
  const faulted = useStore(liveStore, (state) => countFaulted(state.feeds[PANEL]?.collections.points));
  const title = t('central.title');
  const warning = t('central.faultedCount', { count: faulted });
  useEffect(() => {
    document.title = faulted > 0 ? `(!) ${warning} — ${title}` : title;
    const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
    icon?.setAttribute('href', faulted > 0 ? '/icon-alert.svg' : '/icon.svg');
  }, [faulted, warning, title]);
  return null;
}
