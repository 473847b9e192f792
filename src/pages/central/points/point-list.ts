import { POINT_STATES, type PointState } from '../../../domain/vocabulary.ts';
import type { PanelPoint, PanelRefusal, PanelSupply } from '../../../messages/live-stream.ts';
import { matchesSearch } from '../../shared/search-text.ts';

export type PointFilter = { states: readonly PointState[]; search: string };

/** Points that pass the filter, by zone, then by id: places stay where they are whatever happens. */
export function visiblePoints(points: readonly PanelPoint[], filter: PointFilter): PanelPoint[] {
  return points
    .filter((point) => filter.states.length === 0 || filter.states.includes(point.state))
    .filter(
      (point) =>
        filter.search === '' || matchesSearch(filter.search, [point.cpId, point.zone, point.city, point.address]),
    )
    .sort((a, b) => a.zone.localeCompare(b.zone) || a.cpId.localeCompare(b.cpId, undefined, { numeric: true }));
}

export function countByState(points: readonly PanelPoint[]): Record<PointState, number> {
  const counts = Object.fromEntries(POINT_STATES.map((state) => [state, 0])) as Record<PointState, number>;
  for (const point of points) counts[point.state] += 1;
  return counts;
}

/** A line of "ongoing requests and charges". */
export type OngoingRow =
  | { kind: 'SUPPLY'; atMs: number; supply: PanelSupply }
  | { kind: 'REFUSAL'; atMs: number; refusal: PanelRefusal };

/** Open supplies and the refusals of the last 30 s, newest first. */
export function ongoingRows(supplies: readonly PanelSupply[], refusals: readonly PanelRefusal[]): OngoingRow[] {
  const rows: OngoingRow[] = [
    ...supplies.map((supply) => ({ kind: 'SUPPLY' as const, atMs: supply.requestedAtMs, supply })),
    ...refusals.map((refusal) => ({ kind: 'REFUSAL' as const, atMs: refusal.atMs, refusal })),
  ];
  return rows.sort((a, b) => b.atMs - a.atMs);
}

/** Chosen states from the address, e.g. "FAULTED,CHARGING". */
export function parseStates(text: string | null): PointState[] {
  const asked = (text ?? '').split(',');
  return POINT_STATES.filter((state) => asked.includes(state));
}

/** A choice with one state more or less. */
export function toggleState(states: readonly PointState[], state: PointState): PointState[] {
  return states.includes(state) ? states.filter((other) => other !== state) : [...states, state];
}
