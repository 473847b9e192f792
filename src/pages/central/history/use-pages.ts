import { useCallback, useEffect, useRef, useState } from 'react';
import { type ApiAnswer, callApi } from '../../shared/api.ts';

type Problem = Extract<ApiAnswer<never>, { isOk: false }>;

export type Pages<Page> = {
  pages: readonly Page[];
  problem: Problem | undefined;
  isLoading: boolean;
  /** Asks from the beginning. */
  again(): void;
  /** Asks for the page after the last one; undefined: there is none. */
  more: (() => void) | undefined;
};

type Known<Page> = { pages: readonly Page[]; problem: Problem | undefined };

const RETRY_MS = 5_000;
const TYPING_MS = 250;

/** A list that comes page by page with a cursor; no path: nothing is asked. What was known stays until the first page of a new question is here. */
export function usePages<Page extends { nextCursor?: string }>(path: string | undefined, query: string): Pages<Page> {
  const [known, setKnown] = useState<Known<Page>>({ pages: [], problem: undefined });
  const [isLoading, setLoading] = useState(false);
  const newest = useRef(0);
  const ask = useCallback(
    (cursor?: string) => {
      if (path === undefined) return;
      newest.current += 1;
      const question = newest.current;
      const params = new URLSearchParams(query);
      if (cursor !== undefined) params.set('cursor', cursor);
      const search = params.toString();
      setLoading(true);
      void callApi<Page>('GET', search === '' ? path : `${path}?${search}`).then((answer) => {
        if (newest.current !== question) return;
        setLoading(false);
        setKnown((before) => {
          if (!answer.isOk) return { ...before, problem: answer };
          return { pages: cursor === undefined ? [answer.body] : [...before.pages, answer.body], problem: undefined };
        });
      });
    },
    [path, query],
  );
  const hasAsked = useRef(false);
  useEffect(() => {
    // Somebody who types asks once, not for each letter; who has just come waits for nothing.
    const handle = setTimeout(ask, hasAsked.current ? TYPING_MS : 0);
    hasAsked.current = true;
    return () => {
      clearTimeout(handle);
      newest.current += 1;
    };
  }, [ask]);
  const isAway = known.problem !== undefined && (known.problem.status === 0 || known.problem.status >= 500);
  useEffect(() => {
    if (!isAway) return;
    const handle = setInterval(ask, RETRY_MS);
    return () => clearInterval(handle);
  }, [isAway, ask]);
  const cursor = known.pages.at(-1)?.nextCursor;
  return {
    ...known,
    isLoading,
    again: ask,
    more: cursor === undefined ? undefined : () => ask(cursor),
  };
}
