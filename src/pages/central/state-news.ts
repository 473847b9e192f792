import type { PointState } from '../../domain/vocabulary.ts';
import type { PanelPoint } from '../../messages/live-stream.ts';

/** States that a listener is told of without asking; everything else is in the messages. */
const TOLD: readonly PointState[] = ['FAULTED', 'DISCONNECTED'];

type States = ReadonlyMap<string, PointState>;

export function statesOf(points: Readonly<Record<string, PanelPoint>>): States {
  return new Map(Object.values(points).map((point) => [point.cpId, point.state]));
}

/** Points that went into trouble between two looks, by their new state. A point that is new is no news. */
export function stateNews(before: States, now: States): { state: PointState; cpIds: string[] }[] {
  return TOLD.flatMap((state) => {
    const cpIds = [...now]
      .filter(([cpId, is]) => is === state && before.has(cpId) && before.get(cpId) !== state)
      .map(([cpId]) => cpId)
      .sort();
    return cpIds.length === 0 ? [] : [{ state, cpIds }];
  });
}
