import { readFileSync } from 'node:fs';
import WebSocket from 'ws';
import type { Upstream } from '../messages/live-stream.ts';
import { type ClientSocket, createLiveClient, type LiveState } from '../pages/shared/live/live-client.ts';

/** A page's live picture without its browser: the page's own client code, which comes back by itself after a cut. */
export type LivePage = {
  entity<Entity>(feed: string, collection: string, id: string): Entity | undefined;
  collection<Entity>(feed: string, collection: string): Record<string, Entity>;
  /** Newest cumulative Wh of the supply with this index in the feed. */
  readingWh(feed: string, index: number): number | undefined;
  upstream(feed: string): Upstream | undefined;
  /** The feed has been heard on the socket that is open now, and Central stands behind it; false: what it shows is from before. */
  isLive(feed: string): boolean;
  /** Every different value that `select` has had from now on, in order; grows by itself. */
  steps<Value>(select: (page: LivePage) => Value): Value[];
  /** Sockets opened so far: 1 means that it was never cut. */
  readonly connects: number;
  close(): void;
};

/** Opens `/live` of a server as its page does. */
export function openLivePage(server: { baseUrl: string; path?: string; cookie?: string; caFile?: string }): LivePage {
  const ca = server.caFile === undefined ? undefined : readFileSync(server.caFile, 'utf8');
  let state: LiveState = {
    feeds: {},
    link: { phase: 'STOPPED', attempt: 0, retryAtMs: 0, startedAtMs: performance.now() },
    lastFrameAtMs: undefined,
    serverOffsetMs: undefined,
  };
  let connects = 0;
  let feedsBefore: LiveState['feeds'] = {};
  const watchers = new Set<() => void>();
  const client = createLiveClient({
    openSocket: (url) => {
      connects += 1;
      feedsBefore = state.feeds;
      return asClientSocket(new WebSocket(url, { ca, headers: server.cookie ? { cookie: server.cookie } : {} }));
    },
    nowMs: () => performance.now(),
    random: Math.random,
    setTimer(run, delayMs) {
      const handle = setTimeout(run, delayMs);
      return { cancel: () => clearTimeout(handle) };
    },
    setState(change) {
      state = { ...state, ...change(state) };
      for (const look of watchers) look();
    },
    getState: () => state,
    onLoginRequired: () => undefined,
  });
  const page: LivePage = {
    entity: <Entity>(feed: string, collection: string, id: string) =>
      state.feeds[feed]?.collections[collection]?.[id] as Entity | undefined,
    collection: <Entity>(feed: string, collection: string) =>
      (state.feeds[feed]?.collections[collection] ?? {}) as Record<string, Entity>,
    readingWh: (feed, index) => state.feeds[feed]?.readings[index]?.energyWh,
    upstream: (feed) => state.feeds[feed]?.upstream,
    isLive(feed) {
      const now = state.feeds[feed];
      const isHeard = state.link.phase === 'OPEN' && now !== feedsBefore[feed];
      return isHeard && now?.upstream.isCentralReachable === true;
    },
    steps<Value>(select: (page: LivePage) => Value): Value[] {
      const seen: Value[] = [];
      const look = (): void => {
        const value = select(page);
        if (seen.length === 0 || seen.at(-1) !== value) seen.push(value);
      };
      look();
      watchers.add(look);
      return seen;
    },
    get connects() {
      return connects;
    },
    close: () => client.stop(),
  };
  client.connect(`${server.baseUrl.replace(/^http/, 'ws')}${server.path ?? '/live'}`);
  return page;
}

// The browser's socket and that of `ws` agree on the handlers; only errors need an ear, or they end the test.
function asClientSocket(socket: WebSocket): ClientSocket {
  socket.on('error', () => undefined);
  return socket as unknown as ClientSocket;
}
