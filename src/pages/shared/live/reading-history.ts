import { useMemo } from 'react';
import type { LiveState } from './live-client.ts';
import type { ReceivedReading } from './live-state.ts';
import { liveStore, useTick } from './live-store.ts';

/** One reading as it was received: monotonic time of this page, power and energy so far. */
export type PastReading = { atMs: number; powerW: number; energyWh: number };

/** Ten minutes of one reading a second. */
const KEPT_READINGS = 600;

type Kept = { last: ReceivedReading | undefined; past: PastReading[] };

const histories = new Map<string, Kept>();

/** Adds what is new of one supply; an index that a later supply has taken over begins again. */
export function keepReading(kept: Kept, reading: ReceivedReading): void {
  if (kept.last === reading) return;
  if (kept.last && reading.energyWh < kept.last.energyWh) kept.past = [];
  kept.last = reading;
  kept.past.push({ atMs: reading.receivedAtMs, powerW: reading.powerW, energyWh: reading.energyWh });
  if (kept.past.length > KEPT_READINGS) kept.past.splice(0, kept.past.length - KEPT_READINGS);
}

function keepAll(state: LiveState): void {
  const seen = new Set<string>();
  for (const [feed, { readings }] of Object.entries(state.feeds))
    for (const [index, reading] of Object.entries(readings)) {
      const key = `${feed} ${index}`;
      seen.add(key);
      let kept = histories.get(key);
      if (!kept) {
        kept = { last: undefined, past: [] };
        histories.set(key, kept);
      }
      keepReading(kept, reading);
    }
  for (const key of histories.keys()) if (!seen.has(key)) histories.delete(key);
}

/** Puts on what a scene of `/__states` remembers of one supply. */
export function rememberReadings(feed: string, index: number, past: readonly PastReading[]): void {
  histories.set(`${feed} ${index}`, { last: undefined, past: [...past] });
}

let isKeeping = false;

/** Keeps the last ten minutes of every reading from now on; what was before this page opened nobody told it. */
export function keepReadings(): void {
  if (isKeeping) return;
  isKeeping = true;
  liveStore.subscribe(keepAll);
}

const NOTHING: readonly PastReading[] = [];

/** The past readings of a supply, oldest first, `count` at most; renders once a second. */
export function usePastReadings(
  feed: string,
  index: number | undefined,
  count = KEPT_READINGS,
): readonly PastReading[] {
  const nowMs = useTick();
  return useMemo(() => {
    // The tick is what asks for a new look.
    void nowMs;
    return index === undefined ? NOTHING : (histories.get(`${feed} ${index}`)?.past.slice(-count) ?? NOTHING);
  }, [feed, index, count, nowMs]);
}
