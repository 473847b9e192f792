import type { PanelPoint } from '../messages/live-stream.ts';
import type { LivePage } from './live-page.ts';
import { until } from './until.ts';

/** The state that a panel's page shows of a point, undefined if it shows none. */
export function pointState(panel: LivePage, cpId: string): PanelPoint['state'] | undefined {
  return panel.entity<PanelPoint>('panel', 'points', cpId)?.state;
}

/**
 * Waits until it shows this one, live (a picture from before Central or the panel went away says nothing) and, if a version is
 * said, no older than that; fails with what it shows.
 */
export async function untilPointIs(
  panel: LivePage,
  wanted: { cpId: string; state: PanelPoint['state']; withinMs: number; notBefore?: number },
): Promise<void> {
  const { cpId, state, withinMs, notBefore = 0 } = wanted;
  const shown = (): PanelPoint | undefined => panel.entity<PanelPoint>('panel', 'points', cpId);
  const isShown = (): boolean =>
    panel.isLive('panel') && shown()?.state === state && (shown()?.version ?? 0) >= notBefore;
  await until(`the panel shows ${cpId} ${state}`, isShown, withinMs).catch((error: Error) => {
    const { state: is = 'not there', version } = shown() ?? {};
    throw new Error(`${error.message} (${panel.isLive('panel') ? 'live' : 'not live'}: ${is}, version ${version})`);
  });
}
