import type { LiveFrame } from '../../../messages/live-stream.ts';
import { backOffMs, isSilent, type LiveLink } from './live-link.ts';
import { applyFrame, type FeedState } from './live-state.ts';

/** What the client needs of a browser's WebSocket. */
export type ClientSocket = {
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number }) => void) | null;
  close(): void;
};

export type LiveState = {
  feeds: Readonly<Record<string, FeedState>>;
  link: LiveLink;
  /** Monotonic time of the newest frame; undefined before the first. */
  lastFrameAtMs: number | undefined;
  /** Add to the monotonic clock to get the server's wall clock. */
  serverOffsetMs: number | undefined;
};

export type LiveClientParts = {
  openSocket(url: string): ClientSocket;
  /** Monotonic milliseconds. */
  nowMs(): number;
  random(): number;
  setTimer(run: () => void, delayMs: number): { cancel(): void };
  setState(change: (state: LiveState) => Partial<LiveState>): void;
  getState(): LiveState;
  /** The server says that this view needs a login (close code 4401). */
  onLoginRequired(): void;
};

export type LiveClient = {
  /** Connects to this address from now on; what was known stays until the new snapshot is here. */
  connect(url: string): void;
  /** Tries now: the tab woke up, the network is back, or somebody pressed the button. */
  retryNow(): void;
  stop(): void;
};

export const LOGIN_REQUIRED_CLOSE = 4401;
const WATCH_EVERY_MS = 1_000;

type Running = {
  url: string;
  socket: ClientSocket | undefined;
  heardAtMs: number;
  timer: { cancel(): void } | undefined;
};

/** One socket, several feeds: keeps a page's picture up to date over cuts, sleep and restarts of the server (protocol 5). */
export function createLiveClient(parts: LiveClientParts): LiveClient {
  const running: Running = { url: '', socket: undefined, heardAtMs: 0, timer: undefined };
  let watch: { cancel(): void } | undefined;

  const setLink = (link: Partial<LiveLink>) => parts.setState((state) => ({ link: { ...state.link, ...link } }));
  const drop = () => {
    running.timer?.cancel();
    running.timer = undefined;
    const { socket } = running;
    running.socket = undefined;
    if (!socket) return;
    socket.onopen = null;
    socket.onmessage = null;
    socket.onclose = null;
    socket.close();
  };
  const waitAndRetry = () => {
    drop();
    const attempt = parts.getState().link.attempt + 1;
    const delayMs = backOffMs(attempt, parts.random());
    setLink({ phase: 'WAITING', attempt, retryAtMs: parts.nowMs() + delayMs });
    running.timer = parts.setTimer(open, delayMs);
  };
  const take = (frame: LiveFrame) => {
    const nowMs = parts.nowMs();
    running.heardAtMs = nowMs;
    const after = applyFrame(parts.getState().feeds[frame.feed], frame, nowMs);
    if (after === 'GAP') return waitAndRetry();
    parts.setState((state) => ({
      feeds: { ...state.feeds, [frame.feed]: after },
      lastFrameAtMs: nowMs,
      serverOffsetMs: frame.serverTimeMs - nowMs,
      ...(state.link.phase === 'OPEN' && state.link.attempt === 0
        ? {}
        : { link: { ...state.link, phase: 'OPEN' as const, attempt: 0 } }),
    }));
  };
  function open() {
    drop();
    if (parts.getState().link.phase !== 'WAITING') setLink({ phase: 'CONNECTING' });
    const socket = parts.openSocket(running.url);
    running.socket = socket;
    running.heardAtMs = parts.nowMs();
    socket.onmessage = ({ data }) => take(JSON.parse(String(data)) as LiveFrame);
    socket.onclose = ({ code }) => {
      if (code !== LOGIN_REQUIRED_CLOSE) return waitAndRetry();
      drop();
      setLink({ phase: 'STOPPED' });
      parts.onLoginRequired();
    };
  }
  const look = () => {
    if (running.socket && isSilent(running.heardAtMs, parts.nowMs())) waitAndRetry();
    watch = parts.setTimer(look, WATCH_EVERY_MS);
  };
  return {
    connect(url) {
      running.url = url;
      setLink({ phase: 'CONNECTING', attempt: 0 });
      open();
      watch?.cancel();
      watch = parts.setTimer(look, WATCH_EVERY_MS);
    },
    retryNow() {
      if (parts.getState().link.phase === 'STOPPED') return;
      if (running.socket && !isSilent(running.heardAtMs, parts.nowMs())) return;
      open();
    },
    stop() {
      watch?.cancel();
      watch = undefined;
      drop();
      setLink({ phase: 'STOPPED' });
    },
  };
}
