import type { MeterSnapshot } from '../../../domain/supply.ts';
import { newerSnapshot } from '../../../domain/supply.ts';
import type { Clock } from '../../../io/clock.ts';
import type { Log } from '../../../io/log.ts';
import type { Database } from '../../../io/postgres/database.ts';
import { saveMeterSnapshots } from '../../../io/postgres/meter-snapshots.ts';

type IncomingReading = { supplyId: string; reading: MeterSnapshot };

/** Newest readings by supply: memory only, with a snapshot of all changed ones every 5 s (protocol 5). */
export type LiveReadings = {
  newest(supplyId: string): MeterSnapshot | undefined;
  /** A reading of a client that this replica reads. True if it is news. */
  put(supplyId: string, reading: MeterSnapshot): boolean;
  /** A reading that another replica has, which stores it and tells drivers of it. */
  merge(supplyId: string, reading: MeterSnapshot): void;
  drop(supplyId: string): void;
  /** Supplies with news since the last call for this purpose. */
  takeChanged(purpose: Purpose): string[];
  flush(): Promise<void>;
  stop(): Promise<void>;
};

/** The live streams of this replica, drivers, and the other replicas. */
type Purpose = 'live' | 'drivers' | 'replicas';

const SNAPSHOT_EVERY_MS = 5_000;
const MAX_KEPT = 50_000;

export function startLiveReadings(parts: {
  database: Database;
  clock: Clock;
  log: Log;
  snapshotEveryMs?: number;
}): LiveReadings {
  const newest = new Map<string, MeterSnapshot>();
  const changed: Record<Purpose, Set<string>> = { live: new Set(), drivers: new Set(), replicas: new Set() };
  let unsaved = new Set<string>();
  let flushing: Promise<void> = Promise.resolve();

  const save = async (): Promise<void> => {
    const supplyIds = [...unsaved];
    unsaved = new Set();
    try {
      await saveMeterSnapshots(parts.database, readingsOf(newest, supplyIds));
    } catch (error) {
      for (const supplyId of supplyIds) unsaved.add(supplyId);
      throw error;
    }
  };
  const flush = (): Promise<void> => {
    flushing = flushing.then(save).catch((error: unknown) => {
      parts.log.debug({ err: error }, 'readings wait for the database');
    });
    return flushing;
  };
  const timer = parts.clock.setRepeating(() => void flush(), parts.snapshotEveryMs ?? SNAPSHOT_EVERY_MS);
  const take = (supplyId: string, reading: MeterSnapshot): boolean => {
    const known = newest.get(supplyId) ?? null;
    if (newerSnapshot(known, reading) !== reading) return false;
    if (known === null && newest.size >= MAX_KEPT) return false;
    newest.set(supplyId, reading);
    changed.live.add(supplyId);
    return true;
  };
  return {
    newest: (supplyId) => newest.get(supplyId),
    put(supplyId, reading) {
      if (!take(supplyId, reading)) return false;
      unsaved.add(supplyId);
      changed.drivers.add(supplyId);
      changed.replicas.add(supplyId);
      return true;
    },
    merge: (supplyId, reading) => void take(supplyId, reading),
    drop(supplyId) {
      newest.delete(supplyId);
      unsaved.delete(supplyId);
      for (const supplyIds of Object.values(changed)) supplyIds.delete(supplyId);
    },
    takeChanged(purpose) {
      const supplyIds = [...changed[purpose]];
      changed[purpose].clear();
      return supplyIds;
    },
    flush,
    async stop() {
      timer.cancel();
      await flush();
    },
  };
}

function readingsOf(newest: ReadonlyMap<string, MeterSnapshot>, supplyIds: readonly string[]): IncomingReading[] {
  return supplyIds.flatMap((supplyId) => {
    const reading = newest.get(supplyId);
    return reading ? [{ supplyId, reading }] : [];
  });
}
