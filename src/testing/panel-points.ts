import type { PanelPoint } from '../messages/live-stream.ts';
import type { LivePage } from './live-page.ts';
import { until } from './until.ts';

/** The state that a panel's page shows of a point, undefined if it shows none. */
export function pointState(panel: LivePage, cpId: string): PanelPoint['state'] | undefined {
  return panel.entity<PanelPoint>('panel', 'points', cpId)?.state;
}

/** Waits until it shows this one; fails with the one that it shows. */
export async function untilPointIs(
  panel: LivePage,
  wanted: { cpId: string; state: PanelPoint['state']; withinMs: number },
): Promise<void> {
  const { cpId, state, withinMs } = wanted;
  const isShown = (): boolean => pointState(panel, cpId) === state;
  await until(`the panel shows ${cpId} ${state}`, isShown, withinMs).catch((error: Error) => {
    throw new Error(`${error.message} (it is ${pointState(panel, cpId)})`);
  });
}
