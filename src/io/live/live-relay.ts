import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { LiveFrame, LiveReading, LiveSnapshot, Upstream } from '../../messages/live-stream.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { createLiveFeed, type LiveFeed } from './live-feed.ts';
import { type LiveReader, startLiveReader } from './live-reader.ts';

export type LiveRelayOptions = {
  feed: string;
  /** Of servers that stand for each other: the next one is tried when one is away. */
  urls: readonly string[];
  caFile?: string;
  token?: string;
  clock: Clock;
  log: Log;
  /** Keeps the last snapshot over a restart while the source is away (0600). */
  keepFile?: string;
  /** What viewers are told of the source: is the link up, when did it last speak, what did it say of what is behind it? */
  describe: (link: { isUp: boolean; seenAtMs: number | undefined; upstream: Upstream | undefined }) => Upstream;
};

export type LiveRelay = { feed: LiveFeed; readonly isUp: boolean; stop(): void };

type Kept = { dataAtMs: number; collections: LiveSnapshot; readings: LiveReading[] };
const KEEP_EVERY_MS = 5_000;

function readKept(file: string | undefined): Kept | undefined {
  if (!file) return undefined;
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Kept;
  } catch {
    // Absent or torn: the page then starts empty, as on the first run.
    return undefined;
  }
}

/** One upstream feed served again to many browsers: one link to the source however many watch, the last picture kept with its age (protocol 5). */
export function startLiveRelay(options: LiveRelayOptions): LiveRelay {
  const { clock } = options;
  const kept = readKept(options.keepFile);
  let dataAtMs = kept?.dataAtMs ?? 0;
  let seenAtMs: number | undefined;
  let upstream: Upstream | undefined;
  let isUp = false;
  let isChangedSinceKept = false;
  const feed = createLiveFeed({
    feed: options.feed,
    clock,
    upstream: () => options.describe({ isUp, seenAtMs, upstream }),
    dataAtMs: () => dataAtMs,
    beatMs: 1_000,
  });
  if (kept) feed.reset(kept.collections, kept.readings);

  const take = (frame: LiveFrame) => {
    seenAtMs = clock.nowMs();
    dataAtMs = seenAtMs;
    isChangedSinceKept = true;
    if (frame.type !== 'changes') upstream = frame.upstream;
    if (frame.type === 'hello') feed.reset(frame.snapshot, frame.readings);
    if (frame.type !== 'changes') return;
    for (const [collection, id, entity] of frame.changes) {
      const before = feed.get(collection, id) as { readingIndex?: number } | undefined;
      if (entity === null && before?.readingIndex !== undefined) feed.dropReading(before.readingIndex);
      feed.set(collection, id, entity);
    }
    for (const reading of frame.readings ?? []) feed.setReading(reading);
    feed.flush();
  };
  const reader: LiveReader = startLiveReader({
    urls: options.urls,
    ...(options.caFile ? { caFile: options.caFile } : {}),
    ...(options.token ? { token: options.token } : {}),
    clock,
    log: options.log,
    onFrame: take,
    onLink: (up) => {
      isUp = up;
      options.log.info({ feed: options.feed, isUp: up }, up ? 'live stream connected' : 'live stream lost');
    },
  });
  const keep = () => {
    if (!options.keepFile || !isChangedSinceKept) return;
    isChangedSinceKept = false;
    const snapshot = feed.snapshot();
    const data = JSON.stringify({ dataAtMs, ...snapshot } satisfies Kept);
    mkdirSync(dirname(options.keepFile), { recursive: true });
    writeFileSync(`${options.keepFile}.new`, data, { mode: 0o600 });
    renameSync(`${options.keepFile}.new`, options.keepFile);
  };
  const keeping = clock.setRepeating(() => {
    try {
      keep();
    } catch (error) {
      options.log.warn({ err: error }, 'the last picture cannot be kept on disk');
    }
  }, KEEP_EVERY_MS);
  return {
    feed,
    get isUp() {
      return isUp;
    },
    stop() {
      keeping.cancel();
      reader.stop();
      feed.stop();
    },
  };
}
