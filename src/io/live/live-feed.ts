import type {
  LiveBeat,
  LiveChange,
  LiveChanges,
  LiveHello,
  LiveReading,
  LiveSnapshot,
  Upstream,
} from '../../messages/live-stream.ts';
import type { Clock } from '../clock.ts';
import { newRandomId } from '../new-id.ts';

/** What a feed needs of a WebSocket. */
export type LiveSocket = {
  readonly bufferedAmount: number;
  readonly readyState: number;
  send(data: string): void;
  terminate(): void;
  on(event: 'close' | 'error', listener: () => void): unknown;
};

export type LiveFeed = {
  /** Puts an entity (a level, whole) or removes it with null; sent with the next flush, only the newest of several. */
  set(collection: string, id: string, entity: unknown): void;
  /** The newest figures of a running supply. */
  setReading(reading: LiveReading): void;
  dropReading(index: number): void;
  get(collection: string, id: string): unknown;
  /** Replaces everything: all viewers get a new hello. */
  reset(snapshot: LiveSnapshot, readings?: readonly LiveReading[]): void;
  /** Says hello on the socket and keeps it up to date until it closes; one that has closed already is left alone. */
  attach(socket: LiveSocket): void;
  /** Says now what would wait for the next flush. */
  flush(): void;
  /** A copy of what viewers see, for a file or a test. */
  snapshot(): { collections: LiveSnapshot; readings: LiveReading[] };
  readonly viewerCount: number;
  stop(): void;
};

export type LiveFeedOptions = {
  feed: string;
  clock: Clock;
  upstream: () => Upstream;
  /** When the data was true; default now. */
  dataAtMs?: () => number;
  /** Called before each flush, to put in what is gathered elsewhere: with a timer of its own it would wait for the next. */
  collect?: () => void;
  flushMs?: number;
  beatMs?: number;
  /** A viewer that lets more than this wait is dropped; it comes back and gets a snapshot. */
  maxBufferedBytes?: number;
};

const OPEN = 1;

/** False for a stream that closed while somebody looked up whose it is: nobody will hear of its end any more. */
export function isStillOpen(socket: Pick<LiveSocket, 'readyState'>): boolean {
  return socket.readyState === OPEN;
}

/** One live feed: a snapshot on join, then changes, each serialised once for all viewers (protocol 5). */
export function createLiveFeed(options: LiveFeedOptions): LiveFeed {
  const { clock, feed } = options;
  const maxBufferedBytes = options.maxBufferedBytes ?? 8 * 1024 * 1024;
  const streamId = newRandomId();
  const dataAtMs = options.dataAtMs ?? (() => clock.nowMs());
  const sockets = new Set<LiveSocket>();
  let collections = new Map<string, Map<string, unknown>>();
  let readings = new Map<number, LiveReading>();
  let pending = new Map<string, LiveChange>();
  let pendingReadings = new Map<number, LiveReading>();
  let seq = 0;

  const broadcast = (frame: LiveChanges | LiveBeat) => {
    if (sockets.size === 0) return;
    const data = JSON.stringify(frame);
    for (const socket of sockets) {
      if (!isStillOpen(socket)) continue;
      if (socket.bufferedAmount > maxBufferedBytes) socket.terminate();
      else socket.send(data);
    }
  };
  const plain = (): LiveSnapshot =>
    Object.fromEntries([...collections].map(([name, entities]) => [name, Object.fromEntries(entities)]));
  const hello = (): LiveHello => ({
    type: 'hello',
    feed,
    streamId,
    seq,
    serverTimeMs: clock.nowMs(),
    dataAtMs: dataAtMs(),
    upstream: options.upstream(),
    snapshot: plain(),
    readings: [...readings.values()],
  });
  const flush = () => {
    options.collect?.();
    if (pending.size === 0 && pendingReadings.size === 0) return;
    seq += 1;
    const changes = [...pending.values()];
    const newest = [...pendingReadings.values()];
    pending = new Map();
    pendingReadings = new Map();
    broadcast({
      type: 'changes',
      feed,
      seq,
      serverTimeMs: clock.nowMs(),
      changes,
      ...(newest.length > 0 ? { readings: newest } : {}),
    });
  };
  const timers = [
    clock.setRepeating(flush, options.flushMs ?? 250),
    clock.setRepeating(
      () =>
        broadcast({
          type: 'beat',
          feed,
          seq,
          serverTimeMs: clock.nowMs(),
          dataAtMs: dataAtMs(),
          upstream: options.upstream(),
        }),
      options.beatMs ?? 2_000,
    ),
  ];
  return {
    set(collection, id, entity) {
      let entities = collections.get(collection);
      if (!entities) {
        entities = new Map();
        collections.set(collection, entities);
      }
      if (entity === null) {
        if (!entities.delete(id)) return;
      } else entities.set(id, entity);
      pending.set(`${collection} ${id}`, [collection, id, entity]);
    },
    setReading(reading) {
      readings.set(reading[0], reading);
      pendingReadings.set(reading[0], reading);
    },
    dropReading(index) {
      readings.delete(index);
      pendingReadings.delete(index);
    },
    get: (collection, id) => collections.get(collection)?.get(id),
    reset(snapshot, newReadings = []) {
      collections = new Map(
        Object.entries(snapshot).map(([name, entities]) => [name, new Map(Object.entries(entities))]),
      );
      readings = new Map(newReadings.map((reading) => [reading[0], reading]));
      pending.clear();
      pendingReadings.clear();
      seq += 1;
      const data = JSON.stringify(hello());
      for (const socket of sockets) if (isStillOpen(socket)) socket.send(data);
    },
    attach(socket) {
      if (!isStillOpen(socket)) return;
      // What waits is said to the others first, so that this hello and their changes share one seq.
      flush();
      sockets.add(socket);
      const leave = () => sockets.delete(socket);
      socket.on('close', leave);
      socket.on('error', leave);
      socket.send(JSON.stringify(hello()));
    },
    flush,
    snapshot: () => ({ collections: plain(), readings: [...readings.values()] }),
    get viewerCount() {
      return sockets.size;
    },
    stop() {
      for (const timer of timers) timer.cancel();
      for (const socket of sockets) socket.terminate();
      sockets.clear();
    },
  };
}
