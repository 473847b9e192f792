import { useMemo } from 'react';
import { useSearchParams } from 'wouter';
import { type PointsQuery, readQuery } from './points-query.ts';

export type QueryInAddress = {
  query: PointsQuery;
  /** Puts parameters into the address; an empty one leaves it. With `isStep` the browser's Back undoes it. */
  put(change: Readonly<Record<string, string | undefined>>, options?: { isStep: boolean }): void;
};

/** What is shown, in the address: a reload, a bookmark and a colleague see the same. */
export function usePointsQuery(): QueryInAddress {
  const [params, setParams] = useSearchParams();
  const text = params.toString();
  const query = useMemo(() => readQuery(new URLSearchParams(text)), [text]);
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
  return { query, put };
}
