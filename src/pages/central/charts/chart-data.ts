import { POINT_STATES, type PointState } from '../../../domain/vocabulary.ts';
import type { Load, Statistics } from '../../../messages/central-history-api.ts';
import type { PanelPoint, PanelSupply } from '../../../messages/live-stream.ts';

/** One stacked part of a chart: a figure for each place on the time axis; null: not known then. */
export type Series = { name: string; values: readonly (number | null)[] };

const MAX_SERIES = 6;
/** Name of what is left when there are more zones than colours; the chart has the word. */
export const OTHERS = '';

function sum(values: readonly (number | null)[]): number {
  return values.reduce<number>((total, value) => total + (value ?? 0), 0);
}

/** The largest six by name, the rest as one. */
export function largestFirst(series: readonly Series[]): Series[] {
  const bySize = series.map((one) => ({ one, size: sum(one.values) })).sort((a, b) => b.size - a.size);
  const kept = bySize.slice(0, MAX_SERIES).map(({ one }) => one);
  kept.sort((a, b) => a.name.localeCompare(b.name));
  const rest = bySize.slice(MAX_SERIES).map(({ one }) => one);
  if (rest.length === 0) return kept;
  const values = rest[0]!.values.map((_, place) => rest.reduce((total, { values }) => total + (values[place] ?? 0), 0));
  return [...kept, { name: OTHERS, values }];
}

/** What the statistics say of each zone in one figure. */
export function zoneSeries(statistics: Statistics, figure: 'energyWh' | 'amountCents' | 'supplies'): Series[] {
  return largestFirst(statistics.zones.map((zone) => ({ name: zone.zone, values: zone[figure] })));
}

/** Sum of all series at each place; null where nothing is known. */
export function totals(series: readonly Series[]): (number | null)[] {
  const length = series[0]?.values.length ?? 0;
  return Array.from({ length }, (_, place) => {
    const known = series.map(({ values }) => values[place] ?? null);
    return known.every((value) => value === null) ? null : sum(known);
  });
}

const ROUND = [1, 2, 3, 4, 5, 6, 8, 10];
export const AXIS_STEPS = 4;

/** Top of an axis of four equal steps from 0, each a round number of `unit` (the smallest difference that is shown). */
export function axisTop(largest: number, unit: number): number {
  const wanted = Math.max(1, largest / AXIS_STEPS / unit);
  const magnitude = 10 ** Math.floor(Math.log10(wanted));
  const step = ROUND.find((round) => round * magnitude >= wanted) ?? 10;
  return step * magnitude * unit * AXIS_STEPS;
}

/** The last hour by zone; a moment in which Central was not there is a gap, not a zero. */
export function loadSeries(load: Load): { timesMs: number[]; power: Series[]; states: Series[] } {
  const timesMs: number[] = [];
  const places: (number | null)[] = [];
  load.samples.forEach(({ atMs }, place) => {
    const before = timesMs.at(-1);
    if (before !== undefined && atMs - before > 3 * load.everyMs) {
      timesMs.push(before + load.everyMs);
      places.push(null);
    }
    timesMs.push(atMs);
    places.push(place);
  });
  const valuesOf = (read: (sample: Load['samples'][number]) => number | undefined) =>
    places.map((place) => (place === null ? null : (read(load.samples[place]!) ?? 0)));
  const power = load.zones.map((name, zone) => ({ name, values: valuesOf((sample) => sample.powerW[zone]) }));
  const states = POINT_STATES.map((name, state) => ({ name, values: valuesOf((sample) => sample.states[state]) }));
  return { timesMs, power: largestFirst(power), states };
}

/** Power of the moment by zone, largest first; zones that give nothing are left out. */
export function powerNow(
  points: readonly PanelPoint[],
  powers: readonly { supply: PanelSupply; powerW: number }[],
): { zone: string; powerW: number }[] {
  const zoneOf = new Map(points.map((point) => [point.cpId, point.zone]));
  const byZone = new Map<string, number>();
  for (const { supply, powerW } of powers) {
    const zone = zoneOf.get(supply.cpId);
    if (zone !== undefined && powerW > 0) byZone.set(zone, (byZone.get(zone) ?? 0) + powerW);
  }
  return [...byZone].map(([zone, powerW]) => ({ zone, powerW })).sort((a, b) => b.powerW - a.powerW);
}

/** How many points are in each state. */
export function occupancy(points: readonly PanelPoint[]): { state: PointState; count: number }[] {
  return POINT_STATES.map((state) => ({ state, count: points.filter((point) => point.state === state).length }));
}
