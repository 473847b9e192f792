import { useEffect, useState } from 'react';
import type { ApiAnswer } from './api.ts';

type Failed = Extract<ApiAnswer<never>, { isOk: false }>;

/** Seconds until a locked account may be tried again (0: now), and the refusal with that time counted down in it. */
export function useLock(problem: Failed | undefined): { lockSeconds: number; told: Failed | undefined } {
  const [lockSeconds, setLockSeconds] = useState(0);
  useEffect(() => {
    const seconds = Number(problem?.retryAfterS ?? problem?.params.retryAfterS ?? 0);
    setLockSeconds(seconds);
    if (!(seconds > 0)) return;
    const endMs = performance.now() + seconds * 1_000;
    const handle = setInterval(() => setLockSeconds(Math.max(0, Math.ceil((endMs - performance.now()) / 1_000))), 500);
    return () => clearInterval(handle);
  }, [problem]);
  return { lockSeconds, told: problem && lockSeconds > 0 ? { ...problem, retryAfterS: lockSeconds } : problem };
}
