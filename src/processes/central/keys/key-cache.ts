import type { PointKey, PointKeySource } from '../../../io/channels/lease-store.ts';
import type { Clock } from '../../../io/clock.ts';
import type { SealedSecrets } from '../../../io/crypto/sealed-secrets.ts';
import type { Database } from '../../../io/postgres/database.ts';
import { keysOfPoint } from '../../../io/postgres/encryption-keys.ts';

/** The points' keys as records need them: from memory, else from the database. */
export type KeyCache = PointKeySource & {
  /** The point's keys changed: the next record reads them again. */
  forget(cpId: string): void;
};

type Known = { keys: readonly PointKey[]; loadedAtMs: number };

const MAX_POINTS = 20_000;
/** A notice may be missed while the database is away: nothing is believed for longer than this. */
const TTL_MS = 30_000;
/** A key that is not in memory may be brand new, but an impostor must not make us ask at each record. */
const ASK_AGAIN_AFTER_MS = 500;

/** Bounded; `forget` also discards what is being read at that moment. */
export function createKeyCache(parts: { db: Database; sealed: SealedSecrets; clock: Clock }): KeyCache {
  const { db, sealed, clock } = parts;
  const known = new Map<string, Known>();
  const loading = new Map<string, Promise<Known>>();

  function ageMs(of: Known): number {
    return clock.monotonicMs() - of.loadedAtMs;
  }

  function load(cpId: string): Promise<Known> {
    const running = loading.get(cpId);
    if (running) return running;
    const loadedAtMs = clock.monotonicMs();
    const reading = keysOfPoint(db, cpId, sealed).then(
      (keys) => {
        const found: Known = { keys, loadedAtMs };
        if (loading.get(cpId) !== reading) return found;
        loading.delete(cpId);
        known.set(cpId, found);
        if (known.size > MAX_POINTS) known.delete(known.keys().next().value ?? cpId);
        return found;
      },
      (error: unknown) => {
        if (loading.get(cpId) === reading) loading.delete(cpId);
        throw error;
      },
    );
    loading.set(cpId, reading);
    return reading;
  }

  function fresh(cpId: string): Known | undefined {
    const found = known.get(cpId);
    return found && ageMs(found) < TTL_MS ? found : undefined;
  }

  return {
    keyById(cpId, keyId) {
      const found = fresh(cpId);
      const key = found?.keys.find((one) => one.keyId === keyId);
      if (key || (found && ageMs(found) < ASK_AGAIN_AFTER_MS)) return key;
      return load(cpId).then(({ keys }) => keys.find((one) => one.keyId === keyId));
    },
    sendingKey(cpId) {
      const found = fresh(cpId);
      return found ? sendingKeyOf(found.keys) : load(cpId).then(({ keys }) => sendingKeyOf(keys));
    },
    forget(cpId) {
      known.delete(cpId);
      loading.delete(cpId);
    },
  };
}

/** The old key until the engine has said `key-installed`. */
function sendingKeyOf(keys: readonly PointKey[]): PointKey | undefined {
  return keys.find((key) => key.state === 'ACTIVE') ?? keys.find((key) => key.state === 'PENDING');
}
