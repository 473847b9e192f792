import type { PanelPoint } from '../../../messages/live-stream.ts';
import { downloadCsv } from '../../shared/download-text.ts';
import { liveStore } from '../../shared/live/live-store.ts';
import { PANEL } from '../session.ts';
import { suppliesByPoint } from './by-point.ts';
import { pointsCsv } from './points-csv.ts';

/** Saves these points as a file, in this order, as they are at this moment. */
export function exportPoints(points: readonly PanelPoint[]): void {
  const feed = liveStore.getState().feeds[PANEL];
  const supplies = suppliesByPoint(feed?.collections.supplies ?? {});
  const lines = points.map((point) => {
    const supply = supplies.get(point.cpId);
    return { point, supply, figures: supply && (feed?.readings[supply.readingIndex] ?? supply) };
  });
  downloadCsv({ name: 'charging-points.csv', text: pointsCsv(lines) });
}
