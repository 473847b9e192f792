import type { CurveSample } from '../../../../messages/central-api.ts';
import type { CurvePoint } from '../../../shared/charts/curve-shape.ts';
import type { PastReading } from '../../../shared/live/reading-history.ts';

/**
 * One curve of what Central remembers from before this page looked, and of what the page has seen since, in seconds since
 * the plug. `offsetMs` turns the page's clock into the server's.
 */
export function curvePoints(known: {
  before: readonly CurveSample[];
  seen: readonly PastReading[];
  offsetMs: number;
  pluggedAtMs: number | undefined;
}): CurvePoint[] {
  const { before, seen, offsetMs } = known;
  const seenFromMs = seen[0] === undefined ? Number.POSITIVE_INFINITY : seen[0].atMs + offsetMs;
  const all: CurvePoint[] = [
    ...before.filter(([atMs]) => atMs < seenFromMs),
    ...seen.map(({ atMs, powerW, energyWh }) => [atMs + offsetMs, powerW, energyWh]),
  ];
  const startMs = known.pluggedAtMs ?? all[0]?.[0] ?? 0;
  return all.map(([atMs = 0, powerW = 0, energyWh = 0]) => [
    Math.max(0, Math.round((atMs - startMs) / 1_000)),
    powerW,
    energyWh,
  ]);
}
