import { useMemo } from 'react';
import type { LiveState } from './live-client.ts';
import type { ReceivedReading } from './live-state.ts';
import { liveStore, useTick } from './live-store.ts';

/** One reading as it was received: monotonic time of this page, power and energy so far. */
export type PastReading = { atMs: number; powerW: number; energyWh: number };

/** The last minute is kept whole, what is older by one reading in ten: ten minutes of 5,000 charges are 600,000 readings, not 3,000,000. */
const WHOLE_READINGS = 60;
const THINNED_BY = 10;
const OLDER_READINGS = 54;
/** As many as one supply has at most. */
const KEPT_READINGS = WHOLE_READINGS + THINNED_BY + OLDER_READINGS;

type Kept = { last: ReceivedReading | undefined; older: PastReading[]; recent: PastReading[] };

/** Nothing kept yet. */
export function nothingKept(): Kept {
  return { last: undefined, older: [], recent: [] };
}

const histories = new Map<string, Kept>();

/** Adds what is new of one supply; an index that a later supply has taken over begins again. */
export function keepReading(kept: Kept, reading: ReceivedReading): void {
  if (kept.last === reading) return;
  if (kept.last && reading.energyWh < kept.last.energyWh) Object.assign(kept, nothingKept());
  kept.last = reading;
  kept.recent.push({ atMs: reading.receivedAtMs, powerW: reading.powerW, energyWh: reading.energyWh });
  if (kept.recent.length < WHOLE_READINGS + THINNED_BY) return;
  const [first] = kept.recent.splice(0, THINNED_BY);
  if (first) kept.older.push(first);
  if (kept.older.length > OLDER_READINGS) kept.older.shift();
}

function keepAll(state: LiveState): void {
  const seen = new Set<string>();
  for (const [feed, { readings }] of Object.entries(state.feeds))
    for (const [index, reading] of Object.entries(readings)) {
      const key = `${feed} ${index}`;
      seen.add(key);
      let kept = histories.get(key);
      if (!kept) {
        kept = nothingKept();
        histories.set(key, kept);
      }
      keepReading(kept, reading);
    }
  for (const key of histories.keys()) if (!seen.has(key)) histories.delete(key);
}

/** Puts on what a scene of `/__states` remembers of one supply. */
export function rememberReadings(feed: string, index: number, past: readonly PastReading[]): void {
  histories.set(`${feed} ${index}`, { ...nothingKept(), recent: [...past] });
}

let isKeeping = false;

/** Keeps the last ten minutes of every supply's readings from now on; what was before this page opened nobody told it. */
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
    const kept = index === undefined ? undefined : histories.get(`${feed} ${index}`);
    return kept ? [...kept.older, ...kept.recent].slice(-count) : NOTHING;
  }, [feed, index, count, nowMs]);
}
