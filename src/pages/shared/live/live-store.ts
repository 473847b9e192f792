import { useCallback } from 'react';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { Upstream } from '../../../messages/live-stream.ts';
import { type ClientSocket, createLiveClient, type LiveClient, type LiveState } from './live-client.ts';
import { type LinkLevel, type LiveLink, linkLevel } from './live-link.ts';
import type { ReceivedReading } from './live-state.ts';
import { usePaced } from './paced.ts';
import { useTick } from './ticker.ts';

const nowMs = () => performance.now();

/** Everything live on this page: one store, components derive. */
export const liveStore = createStore<LiveState>(() => ({
  feeds: {},
  link: { phase: 'STOPPED', attempt: 0, retryAtMs: 0, startedAtMs: 0 },
  lastFrameAtMs: undefined,
  serverOffsetMs: undefined,
}));

let client: LiveClient | undefined;
/** What the stream has said so far; drawn once per animation frame, however much came (ux 2.2). */
let ahead = liveStore.getState();
let drawAt: 'FRAME' | 'TIMER' | undefined;
/** A hidden tab has no frames, but its title still tells what is wrong. */
const HIDDEN_DRAW_MS = 500;

function draw(): void {
  drawAt = undefined;
  liveStore.setState(ahead);
}

function put(change: Partial<LiveState>): void {
  ahead = { ...ahead, ...change };
  if (drawAt !== undefined) return;
  drawAt = document.visibilityState === 'visible' ? 'FRAME' : 'TIMER';
  if (drawAt === 'FRAME') requestAnimationFrame(draw);
  else setTimeout(draw, HIDDEN_DRAW_MS);
}

/** Starts (or moves) the page's live stream to a path of its own server, e.g. `/live?view=public`. */
export function startLive(path: string, onLoginRequired: () => void = () => {}): void {
  client?.stop();
  put({ link: { ...ahead.link, startedAtMs: nowMs() } });
  client = createLiveClient({
    openSocket: (url) => new WebSocket(url) as unknown as ClientSocket,
    nowMs,
    random: Math.random,
    setTimer(run, delayMs) {
      const handle = setTimeout(run, delayMs);
      return { cancel: () => clearTimeout(handle) };
    },
    setState: (change) => put(change(ahead)),
    getState: () => ahead,
    onLoginRequired,
  });
  client.connect(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}${path}`);
}

/** Ends the stream and forgets what it showed (after a logout nothing of that user stays). */
export function stopLive(): void {
  client?.stop();
  client = undefined;
  put({ feeds: {}, lastFrameAtMs: undefined });
  draw();
}

export function retryLiveNow(): void {
  client?.retryNow();
}

/** A tab that wakes up or a network that comes back is not made to wait. */
export function retryOnWake(): void {
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') retryLiveNow();
    // The frame that was waited for does not come while nobody looks.
    else if (drawAt === 'FRAME') draw();
  });
  window.addEventListener('online', retryLiveNow);
}

const NOTHING: Readonly<Record<string, never>> = {};

/** All entities of a collection by id; empty while unknown. */
export function useCollection<Entity>(feed: string, collection: string): Readonly<Record<string, Entity>> {
  return useStore(
    liveStore,
    (state) => (state.feeds[feed]?.collections[collection] as Record<string, Entity> | undefined) ?? NOTHING,
  );
}

/** The same, looked at no more often than twice a second: for counts and sums over all. */
export function usePacedCollection<Entity>(feed: string, collection: string): Readonly<Record<string, Entity>> {
  const select = useCallback(
    (state: LiveState) => (state.feeds[feed]?.collections[collection] as Record<string, Entity> | undefined) ?? NOTHING,
    [feed, collection],
  );
  return usePaced(liveStore, select);
}

/** One entity; renders again only when that one changes. */
export function useEntity<Entity>(feed: string, collection: string, id: string): Entity | undefined {
  return useStore(liveStore, (state) => state.feeds[feed]?.collections[collection]?.[id] as Entity | undefined);
}

export function useReading(feed: string, index: number | undefined): ReceivedReading | undefined {
  return useStore(liveStore, (state) => (index === undefined ? undefined : state.feeds[feed]?.readings[index]));
}

export function useUpstream(feed: string): Upstream | undefined {
  return useStore(liveStore, (state) => state.feeds[feed]?.upstream);
}

export function useHasFeed(feed: string): boolean {
  return useStore(liveStore, (state) => state.feeds[feed] !== undefined);
}

export function useLink(): LiveLink {
  return useStore(liveStore, (state) => state.link);
}

export { useTick };

/** The server's wall clock now, ticking; never the clock of this computer once the server has spoken. */
export function useServerNow(everyMs = 1_000): number {
  const now = useTick(everyMs);
  const offsetMs = useStore(liveStore, (state) => state.serverOffsetMs !== undefined);
  return offsetMs ? now + liveStore.getState().serverOffsetMs! : Date.now();
}

export function useLinkLevel(): LinkLevel {
  const now = useTick();
  const link = useLink();
  return linkLevel(link, liveStore.getState().lastFrameAtMs, Math.max(now, liveStore.getState().lastFrameAtMs ?? 0));
}

/** Server time at which the data of a feed was true. */
export function useDataAtMs(feed: string): number | undefined {
  useTick();
  return liveStore.getState().feeds[feed]?.dataAtMs;
}
