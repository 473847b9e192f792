import type { PanelSupply } from '../../../messages/live-stream.ts';
import { useReading, useTick } from '../../shared/live/live-store.ts';
import { LATE_READING_MS, type SupplyFigures, supplyFigures } from '../../shared/supply-figures.ts';
import { PANEL } from '../session.ts';

/** A reading this old is shown grey: it says little about now. */
const STALE_READING_MS = 10_000;

export type LiveFigures = SupplyFigures & { freshness: 'FRESH' | 'LATE' | 'STALE' };

/** Newest figures of a supply with how old they are; a closed curve's figures are not late, they are final. */
export function useLiveFigures(supply: PanelSupply): LiveFigures {
  const nowMs = useTick();
  const reading = useReading(PANEL, supply.readingIndex);
  const figures = supplyFigures(supply, reading, Math.max(nowMs, reading?.receivedAtMs ?? 0));
  const ageMs = supply.state === 'INTERRUPTED' ? 0 : (figures.readingAgeMs ?? 0);
  const freshness = ageMs > STALE_READING_MS ? 'STALE' : ageMs > LATE_READING_MS ? 'LATE' : 'FRESH';
  return { ...figures, freshness };
}
