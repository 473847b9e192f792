import { useCallback, useEffect, useRef, useState } from 'react';
import { type ApiAnswer, callApi } from './api.ts';

export type Asked<Body> = {
  /** The newest good answer; it stays while a newer one is on its way or does not come. */
  body: Body | undefined;
  /** The path that `body` answers. */
  path: string | undefined;
  problem: Extract<ApiAnswer<never>, { isOk: false }> | undefined;
  isLoading: boolean;
  again(): void;
};

type Known<Body> = Pick<Asked<Body>, 'body' | 'path' | 'problem'>;

/** What is away may be back: asked again by itself after this. */
const RETRY_MS = 5_000;

/**
 * What the page's own server answers to a GET: asked when the path changes, every `refreshMs`, and again by itself while
 * the server or what is behind it is away, so that no recovery needs a reload. No path: nothing is asked.
 */
export function useAnswer<Body>(path: string | undefined, refreshMs?: number): Asked<Body> {
  const [known, setKnown] = useState<Known<Body>>({ body: undefined, path: undefined, problem: undefined });
  const [isLoading, setLoading] = useState(false);
  const newest = useRef(0);
  const again = useCallback(() => {
    if (path === undefined) return;
    newest.current += 1;
    const question = newest.current;
    setLoading(true);
    void callApi<Body>('GET', path).then((answer) => {
      if (newest.current !== question) return;
      setLoading(false);
      setKnown((before) =>
        answer.isOk ? { body: answer.body, path, problem: undefined } : { ...before, problem: answer },
      );
    });
  }, [path]);
  useEffect(() => {
    again();
    return () => {
      newest.current += 1;
      setLoading(false);
    };
  }, [again]);
  const isAway = known.problem !== undefined && (known.problem.status === 0 || known.problem.status >= 500);
  const pauseMs = isAway ? RETRY_MS : refreshMs;
  useEffect(() => {
    if (pauseMs === undefined || path === undefined) return;
    const handle = setInterval(again, pauseMs);
    return () => clearInterval(handle);
  }, [pauseMs, path, again]);
  return { ...known, isLoading, again };
}
