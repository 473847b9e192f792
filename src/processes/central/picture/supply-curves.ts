import type { Clock } from '../../../io/clock.ts';
import type { CurveSample } from '../../../messages/central-api.ts';
import { MAX_CURVE_SAMPLES } from '../../../messages/central-api.ts';
import type { PanelSupply } from '../../../messages/live-stream.ts';

const EVERY_MS = 10_000;

/** What running supplies have given so far, for whoever opens one later: in memory, from one look at the picture every 10 s. */
export type SupplyCurves = {
  /** Oldest first; empty for a supply that is not running or has just begun. */
  read(supplyId: string): readonly CurveSample[];
  sample(): void;
  stop(): void;
};

/** Half of the samples, the newest among them: a long charge is told more coarsely the older it is. */
function thinned(samples: readonly CurveSample[]): CurveSample[] {
  return samples.filter((_, place) => (samples.length - 1 - place) % 2 === 0);
}

/** Starts to look; a Central that has just started knows nothing of before, and says nothing of it. */
export function startSupplyCurves(parts: {
  clock: Clock;
  picture: { supplies(): Iterable<PanelSupply> };
}): SupplyCurves {
  const { clock, picture } = parts;
  let curves = new Map<string, CurveSample[]>();
  const sample = () => {
    const atMs = clock.nowMs();
    const running = new Map<string, CurveSample[]>();
    for (const { supplyId, state, powerW, energyWh } of picture.supplies()) {
      const before = curves.get(supplyId) ?? [];
      if (state === 'CHARGING') before.push([atMs, powerW, energyWh]);
      if (before.length > 0) running.set(supplyId, before.length > MAX_CURVE_SAMPLES ? thinned(before) : before);
    }
    curves = running;
  };
  const timer = clock.setRepeating(sample, EVERY_MS);
  return { sample, read: (supplyId) => curves.get(supplyId) ?? [], stop: () => timer.cancel() };
}
