import { POINT_STATES } from '../../../domain/vocabulary.ts';
import type { Clock } from '../../../io/clock.ts';
import type { Load } from '../../../messages/central-history-api.ts';
import type { PanelPoint, PanelSupply } from '../../../messages/live-stream.ts';

const EVERY_MS = 10_000;
/** One hour. */
const MAX_SAMPLES = 360;

type Sample = { atMs: number; powerOfZone: ReadonlyMap<string, number>; states: number[] };

/** What the network gave over the last hour: one look at the picture every 10 s, kept in memory, the same for every viewer. */
export type LoadHistory = { read(): Load; sample(): void; stop(): void };

export function startLoadHistory(parts: {
  clock: Clock;
  picture: { points(): Iterable<PanelPoint>; supplies(): Iterable<PanelSupply> };
}): LoadHistory {
  const { clock, picture } = parts;
  const samples: Sample[] = [];
  const sample = () => {
    const states = POINT_STATES.map(() => 0);
    const zoneOf = new Map<string, string>();
    const powerOfZone = new Map<string, number>();
    for (const { cpId, zone, state } of picture.points()) {
      zoneOf.set(cpId, zone);
      states[POINT_STATES.indexOf(state)]! += 1;
    }
    for (const { cpId, powerW } of picture.supplies()) {
      const zone = zoneOf.get(cpId);
      if (zone !== undefined && powerW > 0) powerOfZone.set(zone, (powerOfZone.get(zone) ?? 0) + powerW);
    }
    samples.push({ atMs: clock.nowMs(), powerOfZone, states });
    if (samples.length > MAX_SAMPLES) samples.shift();
  };
  const timer = clock.setRepeating(sample, EVERY_MS);
  return {
    sample,
    read() {
      const zones = [...new Set(samples.flatMap(({ powerOfZone }) => [...powerOfZone.keys()]))].sort();
      return {
        everyMs: EVERY_MS,
        zones,
        samples: samples.map(({ atMs, powerOfZone, states }) => ({
          atMs,
          powerW: zones.map((zone) => powerOfZone.get(zone) ?? 0),
          states,
        })),
      };
    },
    stop: () => timer.cancel(),
  };
}
