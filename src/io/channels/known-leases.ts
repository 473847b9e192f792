import type { Clock } from '../clock.ts';
import { type ChannelKey, deriveChannelKey } from '../crypto/channel-key.ts';
import type { SealedSecrets } from '../crypto/sealed-secrets.ts';
import type { Lease, LeaseStore } from './lease-store.ts';

/** A lease with its session key opened (drivers only). */
export type KnownLease = { lease: Lease; sessionKey: ChannelKey | undefined };

const MAX_KEPT = 30_000;
const MAX_UNKNOWN = 2_000;
const UNKNOWN_MS = 5_000;
const PURPOSE = 'session-key';

/** Leases as the store has them, with a bounded memory: any replica, and a restarted one, can go on with a lease. */
export class KnownLeases {
  readonly #store: LeaseStore;
  readonly #secrets: Pick<SealedSecrets, 'seal' | 'open'>;
  readonly #clock: Clock;
  readonly #kept = new Map<string, KnownLease>();
  /** Ids that the store does not know: whoever invents some costs one question each few seconds. */
  readonly #unknown = new Map<string, number>();

  constructor(store: LeaseStore, secrets: Pick<SealedSecrets, 'seal' | 'open'>, clock: Clock) {
    this.#store = store;
    this.#secrets = secrets;
    this.#clock = clock;
  }

  /** From memory: the lease, null if there is none, undefined if the store must be asked. */
  findNow(leaseId: string): KnownLease | null | undefined {
    const kept = this.#kept.get(leaseId);
    if (kept) return kept;
    const askedAtMs = this.#unknown.get(leaseId);
    return askedAtMs !== undefined && this.#clock.monotonicMs() - askedAtMs < UNKNOWN_MS ? null : undefined;
  }

  async find(leaseId: string): Promise<KnownLease | undefined> {
    const known = this.findNow(leaseId);
    if (known !== undefined) return known ?? undefined;
    const lease = await this.#store.byId(leaseId);
    if (lease) return this.#keep(lease);
    if (this.#unknown.size >= MAX_UNKNOWN) this.#unknown.clear();
    this.#unknown.set(leaseId, this.#clock.monotonicMs());
    return undefined;
  }

  /** Always asks: another replica may have granted a newer one. */
  async newestLive(clientId: string): Promise<KnownLease | undefined> {
    const lease = await this.#store.newestLive(clientId, this.#clock.nowMs());
    return lease && (this.#kept.get(lease.leaseId) ?? this.#keep(lease));
  }

  /** Writes a new lease; a driver's session key is sealed for its row. False: there was one of this id. */
  async grant(lease: Lease, sessionKey: Uint8Array | undefined): Promise<boolean> {
    const sealed = sessionKey && this.#secrets.seal(sessionKey, { purpose: PURPOSE, rowId: lease.leaseId });
    const row = sealed ? { ...lease, sessionKeySealed: sealed } : lease;
    if (!(await this.#store.insert(row))) return false;
    this.#unknown.delete(lease.leaseId);
    this.#keep(row);
    return true;
  }

  #keep(lease: Lease): KnownLease {
    const sealed = lease.sessionKeySealed;
    const sessionKey =
      sealed && deriveChannelKey(this.#secrets.open(sealed, { purpose: PURPOSE, rowId: lease.leaseId }));
    const known = { lease, sessionKey };
    if (this.#kept.size >= MAX_KEPT) this.#kept.delete(this.#kept.keys().next().value!);
    this.#kept.set(lease.leaseId, known);
    return known;
  }
}
