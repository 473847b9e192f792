import type { Clock } from '../../../io/clock.ts';
import type { Log } from '../../../io/log.ts';
import type { Database } from '../../../io/postgres/database.ts';
import { NOTICES } from '../../../io/postgres/notices.ts';

/** Tells the other replicas which points this one has written. */
export type FactsNotifier = {
  changed(cpIds: readonly string[]): void;
  /** Tells what is still to be told. */
  stop(): Promise<void>;
};

const EVERY_MS = 100;
/** PostgreSQL takes payloads of up to 8,000 bytes; an id has at most 32. */
const IDS_PER_NOTICE = 200;

/**
 * Collects, and tells together and outside of the transactions that changed something: PostgreSQL lets transactions with
 * a NOTIFY commit only one after the other, disk included. Whoever dies before telling is noticed by its heartbeat.
 */
export function startFactsNotifier(parts: {
  database: Pick<Database, 'run'>;
  clock: Clock;
  log: Log;
  replicaId: string;
}): FactsNotifier {
  const untold = new Set<string>();
  let telling: Promise<void> = Promise.resolve();
  const tell = async (): Promise<void> => {
    const cpIds = [...untold];
    untold.clear();
    try {
      for (let from = 0; from < cpIds.length; from += IDS_PER_NOTICE) {
        const payload = [parts.replicaId, ...cpIds.slice(from, from + IDS_PER_NOTICE)].join(' ');
        await parts.database.run('SELECT pg_notify($1, $2)', [NOTICES.factsChanged, payload]);
      }
    } catch (error) {
      for (const cpId of cpIds) untold.add(cpId);
      parts.log.debug({ err: error, points: cpIds.length }, 'other replicas hear of changed points later');
    }
  };
  const tellNext = (): Promise<void> => {
    telling = telling.then(() => (untold.size === 0 ? undefined : tell()));
    return telling;
  };
  const timer = parts.clock.setRepeating(() => void tellNext(), EVERY_MS);
  return {
    changed(cpIds) {
      for (const cpId of cpIds) untold.add(cpId);
    },
    async stop() {
      timer.cancel();
      await tellNext();
    },
  };
}
