import type { Audit } from '../../../io/audit/audit.ts';
import { authentication, security } from '../../../io/audit/audit-events.ts';
import type { PointKeySource } from '../../../io/channels/lease-store.ts';
import type { Clock } from '../../../io/clock.ts';
import type { SealedSecrets } from '../../../io/crypto/sealed-secrets.ts';
import { newTimeOrderedId } from '../../../io/new-id.ts';
import type { PointLogin } from '../../../io/postgres/credentials.ts';
import type { Database, Queries } from '../../../io/postgres/database.ts';
import {
  activateKey,
  type EncryptionKey,
  insertPendingKey,
  keysOfPoint,
  revokeKeys,
} from '../../../io/postgres/encryption-keys.ts';
import { NOTICES } from '../../../io/postgres/notices.ts';
import { insertOutbox, type OutboxMessage } from '../../../io/postgres/outbox.ts';
import type { MonitorToCentral } from '../../../messages/monitor-central.ts';
import type { Actor, Picture, PointChanges } from '../parts.ts';
import { createPointAuthentication, type PointAuthentication } from './authenticate-point.ts';
import { createKeyCache } from './key-cache.ts';

const REVOCATION_TOLD_MS = 30_000;

/** A key as it travels inside TLS. */
export type KeyMaterial = { keyId: string; keyBase64: string };

/** Everything about the keys of points: `PointKeySource` for the channels, life and death of a key (protocol 2.2, 2.6; D-12). */
export type PointKeys = PointKeySource & {
  authenticatePoint: PointAuthentication;
  /** `POST /api/authenticate`: the ACTIVE key, else the PENDING one, made if there is none; never replaces one. */
  authenticate(
    credentials: { cpId: string; secret: string },
    actor: Actor,
  ): Promise<KeyMaterial | { refusal: string; retryAfterMs?: number }>;
  /** What a Monitor that came in needs: nothing if it holds the active key, or while its key is revoked and no person asks. */
  keyForMonitor(
    login: PointLogin,
    wish: Pick<MonitorToCentral['authenticate'], 'intent' | 'keyId'>,
    actor: Actor,
  ): Promise<{ key: KeyMaterial | undefined; isKeyRevoked: boolean }>;
  /** A person's wish at the Monitor: a new PENDING key; lifts the KEY_REVOKED hold. Undefined: the point is not there. */
  newKey(cpId: string, actor: Actor): Promise<KeyMaterial | undefined>;
  /** The engine holds it: ACTIVE; the old one is accepted for 60 s more. Repeats change nothing. */
  installed(cpId: string, keyId: string, actor: Actor): Promise<void>;
  /** One transaction: keys REVOKED, hold, `stop-supply(KEY_REVOKED)` by the Monitor only (D-12). */
  revoke(cpId: string, actor: Actor): Promise<'REVOKED' | 'NO_KEY' | 'CP_UNKNOWN'>;
  stop(): Promise<void>;
};

export type PointKeysParts = {
  db: Database;
  sealed: SealedSecrets;
  points: PointChanges;
  replicaId: string;
  clock: Clock;
  audit: Audit;
  say?: Picture['say'];
};

/** Listens for changes of other replicas and of Registry, so that memory never outlives a revocation by long. */
export async function createPointKeys(parts: PointKeysParts): Promise<PointKeys> {
  const cache = createKeyCache(parts);
  const listening = await parts.db.listen(NOTICES.keysChanged, (cpId) => cache.forget(cpId));
  return new Keys(parts, { cache, listening });
}

class Keys implements PointKeys {
  readonly authenticatePoint: PointAuthentication;
  readonly keyById: PointKeySource['keyById'];
  readonly sendingKey: PointKeySource['sendingKey'];
  readonly #parts: PointKeysParts;
  readonly #cache: ReturnType<typeof createKeyCache>;
  readonly #listening: { stop(): Promise<void> };

  constructor(
    parts: PointKeysParts,
    made: { cache: ReturnType<typeof createKeyCache>; listening: { stop(): Promise<void> } },
  ) {
    this.#parts = parts;
    this.#cache = made.cache;
    this.#listening = made.listening;
    this.keyById = made.cache.keyById;
    this.sendingKey = made.cache.sendingKey;
    this.authenticatePoint = createPointAuthentication(parts);
  }

  async authenticate(credentials: { cpId: string; secret: string }, actor: Actor) {
    const outcome = await this.authenticatePoint(credentials, actor);
    if ('refusal' in outcome) {
      const { code, ...rest } = outcome.refusal;
      return { refusal: code, ...rest };
    }
    const { login } = outcome;
    if (login.isKeyRevoked) return { refusal: 'KEY_REVOKED' };
    const key = await this.#standingKey(login, { wanted: 'ACTIVE' }, actor);
    if (!key) return { refusal: 'NO_KEY' };
    this.#parts.audit.record(authentication.pointAuthenticated(actor, { cpId: login.cpId, intent: 'REST' }));
    return key;
  }

  async keyForMonitor(
    login: PointLogin,
    wish: Pick<MonitorToCentral['authenticate'], 'intent' | 'keyId'>,
    actor: Actor,
  ) {
    if (wish.intent === 'NEW_KEY') return { key: await this.newKey(login.cpId, actor), isKeyRevoked: false };
    if (login.isKeyRevoked) return { key: undefined, isKeyRevoked: true };
    const isHeld = wish.keyId !== undefined && (wish.keyId === login.activeKeyId || wish.keyId === login.pendingKeyId);
    if (isHeld) return { key: undefined, isKeyRevoked: false };
    return { key: await this.#standingKey(login, { wanted: 'PENDING' }, actor), isKeyRevoked: false };
  }

  async newKey(cpId: string, actor: Actor): Promise<KeyMaterial | undefined> {
    const made: EncryptionKey[] = [];
    await this.#parts.points.applyWith(
      cpId,
      { hold: { remove: 'KEY_REVOKED' } },
      { actor, extra: async (tx) => void made.push(await insertPendingKey(tx, cpId, this.#parts.sealed)) },
    );
    return this.#issued(cpId, made.at(-1), actor);
  }

  async installed(cpId: string, keyId: string, actor: Actor): Promise<void> {
    // Monitors repeat it after every reconnection: ten thousand repeats must not be ten thousand transactions.
    if ((await this.keyById(cpId, keyId))?.state === 'ACTIVE') return;
    let isNew = false;
    await this.#parts.points.applyWith(
      cpId,
      { edge: { kind: 'key-installed' } },
      {
        actor,
        extra: async (tx) => {
          isNew = await activateKey(tx, { cpId, keyId });
        },
      },
    );
    this.#cache.forget(cpId);
    if (isNew) this.#parts.audit.record(security.keyInstalled(actor, { cpId, keyId }));
  }

  async revoke(cpId: string, actor: Actor): Promise<'REVOKED' | 'NO_KEY' | 'CP_UNKNOWN'> {
    const { db, points, audit, sealed } = this.#parts;
    const living = (await keysOfPoint(db, cpId, sealed)).filter((key) => key.state !== 'REVOKED');
    let keyIds: string[] = [];
    let closingSupplyId: string | undefined;
    if (living.length === 0) {
      return (await points.applyWith(cpId, undefined, { actor, extra: async () => undefined })).wasKnown
        ? 'NO_KEY'
        : 'CP_UNKNOWN';
    }
    const { wasKnown } = await points.applyWith(
      cpId,
      { event: { kind: 'key-revoked' } },
      {
        actor,
        extra: async (tx, { openSupplyId }) => {
          closingSupplyId = openSupplyId;
          keyIds = await revokeKeys(tx, { cpId, by: actor.entity, closingSupplyId });
          await insertOutbox(tx, this.#revocations(cpId, keyIds), this.#parts.replicaId);
        },
      },
    );
    this.#cache.forget(cpId);
    if (!wasKnown) return 'CP_UNKNOWN';
    for (const keyId of keyIds) audit.record(security.keyRevoked(actor, { cpId, keyId, closingSupplyId }));
    this.#parts.say?.({ level: 'warn', source: 'central', code: 'KEY_REVOKED', params: { cpId }, cpId });
    return 'REVOKED';
  }

  async stop(): Promise<void> {
    await this.#listening.stop();
  }

  /** For the Monitor, by whichever Central has its socket; one that comes later is told so when it authenticates. */
  #revocations(cpId: string, keyIds: readonly string[]): OutboxMessage[] {
    const expiresAtMs = this.#parts.clock.nowMs() + REVOCATION_TOLD_MS;
    return keyIds.map((keyId) => ({
      ...{ messageId: newTimeOrderedId(), recipient: cpId, transport: 'MONITOR', type: 'key-revoked' },
      ...{ body: { keyId }, expiresAtMs },
    }));
  }

  /** The point's key of that kind, else any that waits, else a new one: decided under the lock of the facts row. */
  async #standingKey(
    login: PointLogin,
    { wanted }: { wanted: 'ACTIVE' | 'PENDING' },
    actor: Actor,
  ): Promise<KeyMaterial | undefined> {
    const { db, sealed, points } = this.#parts;
    const { cpId } = login;
    const choose = async (from: Queries) => {
      const keys = await keysOfPoint(from, cpId, sealed);
      return keys.find((key) => key.state === wanted) ?? keys.find((key) => key.state === 'PENDING');
    };
    const standing = await choose(db);
    if (standing) return materialOf(standing);
    let found: EncryptionKey | undefined;
    let made: EncryptionKey | undefined;
    await points.applyWith(cpId, undefined, {
      actor,
      extra: async (tx) => {
        found = await choose(tx);
        if (!found) made = await insertPendingKey(tx, cpId, sealed);
      },
    });
    return found ? materialOf(found) : this.#issued(cpId, made, actor);
  }

  #issued(cpId: string, key: EncryptionKey | undefined, actor: Actor): KeyMaterial | undefined {
    this.#cache.forget(cpId);
    if (!key) return undefined;
    this.#parts.audit.record(security.keyIssued(actor, { cpId, keyId: key.keyId }));
    return materialOf(key);
  }
}

function materialOf(key: EncryptionKey): KeyMaterial {
  return { keyId: key.keyId, keyBase64: key.keyBytes.toString('base64') };
}
