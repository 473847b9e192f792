import { useSyncExternalStore } from 'react';

type Ticker = { nowMs: number; listeners: Set<() => void>; handle: ReturnType<typeof setInterval> | undefined };

const tickers = new Map<number, Ticker>();

function tickerOf(everyMs: number): Ticker {
  let ticker = tickers.get(everyMs);
  if (!ticker) {
    ticker = { nowMs: performance.now(), listeners: new Set(), handle: undefined };
    tickers.set(everyMs, ticker);
  }
  // Nobody listens, so nothing ticks: whoever looks now must not see an old moment.
  if (ticker.handle === undefined && performance.now() - ticker.nowMs >= everyMs) ticker.nowMs = performance.now();
  return ticker;
}

function listen(everyMs: number, listener: () => void): () => void {
  const ticker = tickerOf(everyMs);
  ticker.listeners.add(listener);
  ticker.handle ??= setInterval(() => {
    ticker.nowMs = performance.now();
    for (const tell of ticker.listeners) tell();
  }, everyMs);
  return () => {
    ticker.listeners.delete(listener);
    if (ticker.listeners.size > 0) return;
    clearInterval(ticker.handle);
    ticker.handle = undefined;
  };
}

const listeners = new Map<number, (listener: () => void) => () => void>();

/** Renders the caller again every so often; returns monotonic milliseconds. All callers of one pace share one timer. */
export function useTick(everyMs = 1_000): number {
  let subscribe = listeners.get(everyMs);
  if (!subscribe) {
    subscribe = (listener) => listen(everyMs, listener);
    listeners.set(everyMs, subscribe);
  }
  return useSyncExternalStore(subscribe, () => tickerOf(everyMs).nowMs);
}
