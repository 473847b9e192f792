import { useCallback, useMemo, useRef } from 'react';
import type { PanelPoint, PanelSupply } from '../../../messages/live-stream.ts';
import { liveStore, usePacedCollection } from '../../shared/live/live-store.ts';
import { PANEL } from '../session.ts';
import { suppliesByPoint } from './by-point.ts';
import { heldOrder, isLiveSort, sortedPoints } from './point-order.ts';
import { type PointsQuery, wantedPoints } from './points-query.ts';

export type ShownPoints = {
  all: readonly PanelPoint[];
  /** Those that the filters leave, in the order asked for. */
  shown: readonly PanelPoint[];
  /** True while the order waits for the pointer to leave. */
  isOrderWaiting: boolean;
};

/** Which points are shown and in which order; looked at twice a second, and at once when the reader changes the question. */
export function useShownPoints(query: PointsQuery, isHeld: boolean): ShownPoints {
  const points = usePacedCollection<PanelPoint>(PANEL, 'points');
  const supplies = usePacedCollection<PanelSupply>(PANEL, 'supplies');
  const all = useMemo(() => Object.values(points), [points]);
  const powerWOf = useCallback(
    (cpId: string): number => {
      const supply = suppliesByPoint(supplies).get(cpId);
      if (!supply) return 0;
      return liveStore.getState().feeds[PANEL]?.readings[supply.readingIndex]?.powerW ?? supply.powerW;
    },
    [supplies],
  );
  const isLive = isLiveSort(query.sort);
  const wanted = useMemo(() => wantedPoints(all, query), [all, query]);
  const fresh = useMemo(() => sortedPoints(wanted, query.sort, powerWOf), [wanted, query.sort, powerWOf]);
  const held = useRef<{ sort: string; cpIds: readonly string[] }>({ sort: '', cpIds: [] });
  if (!isLive || !isHeld || held.current.sort !== query.sort) {
    held.current = { sort: query.sort, cpIds: fresh.map(({ cpId }) => cpId) };
    return { all, shown: fresh, isOrderWaiting: false };
  }
  const freshIds = fresh.map(({ cpId }) => cpId);
  const cpIds = heldOrder(held.current.cpIds, freshIds);
  const byId = new Map(fresh.map((point) => [point.cpId, point]));
  return {
    all,
    shown: cpIds.map((cpId) => byId.get(cpId)!),
    isOrderWaiting: cpIds.some((cpId, place) => cpId !== freshIds[place]),
  };
}
