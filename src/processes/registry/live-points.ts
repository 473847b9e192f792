import type { Clock } from '../../io/clock.ts';
import { createLiveFeed, type LiveFeed } from '../../io/live/live-feed.ts';
import type { Log } from '../../io/log.ts';
import type { Database } from '../../io/postgres/database.ts';
import { registeredPoints } from '../../io/postgres/registered-points.ts';
import type { RegistryService } from '../../messages/registry-api.ts';

/** What the page shows, kept up to date while somebody looks. */
export type LivePoints = {
  feed: LiveFeed;
  /** Reads again now; resolves when the feed has it, or the database does not answer. */
  refresh(): Promise<void>;
  showService(service: RegistryService): void;
  stop(): void;
};

const READ_EVERY_MS = 3_000;

/** A feed of all points, read every three seconds: what changes them (Monitors, Central, `ev admin`) are other processes. */
export function startLivePoints(parts: { db: Database; clock: Clock; log: Log }): LivePoints {
  const { db, clock, log } = parts;
  const shown = new Map<string, string>();
  let isDatabaseUp = true;
  let readAtMs = clock.nowMs();
  let reading: Promise<void> | undefined;
  let isStale = false;
  const feed = createLiveFeed({
    feed: 'registry',
    clock,
    dataAtMs: () => readAtMs,
    // What stands behind this page is the database, not Central.
    upstream: () => ({ isCentralReachable: isDatabaseUp, isDatabaseUp }),
  });
  const read = async () => {
    const atMs = clock.nowMs();
    const points = await registeredPoints(db);
    const ids = new Set(points.map((point) => point.cpId));
    for (const point of points) {
      const text = JSON.stringify(point);
      if (shown.get(point.cpId) === text) continue;
      shown.set(point.cpId, text);
      feed.set('points', point.cpId, point);
    }
    for (const cpId of [...shown.keys()].filter((known) => !ids.has(known))) {
      shown.delete(cpId);
      feed.set('points', cpId, null);
    }
    readAtMs = atMs;
  };
  const readOnce = async () => {
    do {
      isStale = false;
      try {
        await read();
        isDatabaseUp = true;
      } catch (error) {
        if (isDatabaseUp) log.warn({ err: error }, 'the points cannot be read');
        isDatabaseUp = false;
        return;
      }
    } while (isStale);
  };
  const refresh = (): Promise<void> => {
    isStale = true;
    reading ??= readOnce().finally(() => {
      reading = undefined;
    });
    return reading;
  };
  const timer = clock.setRepeating(() => {
    if (feed.viewerCount > 0) void refresh();
  }, READ_EVERY_MS);
  return {
    feed,
    refresh,
    showService: (service) => feed.set('service', 'service', service),
    stop() {
      timer.cancel();
      feed.stop();
    },
  };
}
