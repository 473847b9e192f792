import { useMemo } from 'react';
import { useLocation, useSearchParams } from 'wouter';
import { MAP_PATH, PARAM, type PointsQuery, type PointView, readQuery } from './points-query.ts';

export type QueryInAddress = {
  query: PointsQuery;
  /** Puts parameters into the address; an empty one leaves it. With `isStep` the browser's Back undoes it. */
  put(change: Readonly<Record<string, string | undefined>>, options?: { isStep: boolean }): void;
  /** The same points in another view. */
  look(view: PointView): void;
};

/** What is shown, in the address: a reload, a bookmark and a colleague see the same. */
export function usePointsQuery(): QueryInAddress {
  const [path, navigate] = useLocation();
  const [params, setParams] = useSearchParams();
  const text = params.toString();
  const query = useMemo(() => readQuery(new URLSearchParams(text), path), [text, path]);
  const put: QueryInAddress['put'] = (change, options) =>
    setParams(
      (before) => {
        for (const [name, value] of Object.entries(change)) {
          if (value) before.set(name, value);
          else before.delete(name);
        }
        return before;
      },
      { replace: options?.isStep !== true },
    );
  const look = (view: PointView) => {
    const next = new URLSearchParams(text);
    if (view === 'map' || view === 'wall') next.delete(PARAM.view);
    else next.set(PARAM.view, view);
    const search = next.toString();
    navigate(`${view === 'map' ? MAP_PATH : '/'}${search ? `?${search}` : ''}`, { replace: true });
  };
  return { query, put, look };
}
