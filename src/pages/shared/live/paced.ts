import { useEffect, useState } from 'react';
import type { StoreApi } from 'zustand/vanilla';

/** What `select` makes of a store, looked at no more often than this: for sums over everything (ux 2.2). */
export function usePaced<State, Value>(store: StoreApi<State>, select: (state: State) => Value, everyMs = 500): Value {
  const [value, setValue] = useState(() => select(store.getState()));
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let lookedAtMs = performance.now();
    const look = () => {
      timer = undefined;
      lookedAtMs = performance.now();
      setValue(() => select(store.getState()));
    };
    const stop = store.subscribe(() => {
      timer ??= setTimeout(look, Math.max(0, lookedAtMs + everyMs - performance.now()));
    });
    look();
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [store, select, everyMs]);
  return value;
}
