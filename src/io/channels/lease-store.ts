import type { ChannelLoad } from '../../domain/channel-lease.ts';

/** A lease as Central keeps it: whichever replica reads the next record can go on with it. */
export type Lease = {
  leaseId: string;
  /** `cp:CP001` or `driver:DRV001`. */
  clientId: string;
  zone: string;
  channelNumber: number;
  partition: number;
  bootId: string;
  startsAtMs: number;
  expiresAtMs: number;
  /** Drivers only: sealed under the master key. */
  sessionKeySealed?: Buffer;
};

/** Where leases live: `io/postgres/channel-leases.ts`. Every call may throw a fault with `canRetry`. */
export type LeaseStore = {
  /** Clients with a live lease per place of the zone; places without any may be absent. */
  loads(zone: string): Promise<ChannelLoad[]>;
  /** The newest lease of the client that has neither lapsed nor ended. */
  newestLive(clientId: string, nowMs: number): Promise<Lease | undefined>;
  /** By id, lapsed ones too. */
  byId(leaseId: string): Promise<Lease | undefined>;
  /** False if a lease of this id exists already: its question was replayed. Ids are kept for two hours after the end. */
  insert(lease: Lease): Promise<boolean>;
  /** Ends the client's leases of other boots: that process no longer reads them. */
  endOtherBoots(clientId: string, bootId: string): Promise<void>;
  /** Ends lapsed leases and forgets those that ended long ago. */
  sweep(nowMs: number): Promise<void>;
};

/** A point's key as the registry of keys knows it now. */
export type PointKey = {
  keyId: string;
  keyBytes: Uint8Array;
  state: 'PENDING' | 'ACTIVE' | 'RETIRING' | 'REVOKED';
  /** RETIRING: until when it is accepted. */
  acceptUntilMs?: number;
  /** REVOKED: the one supply that may still be closed under it (D-12). */
  closingSupplyId?: string;
};

/** Keys of points. Asked for every record, so the implementation caches; a plain value is faster than a promise. */
export type PointKeySource = {
  keyById(cpId: string, keyId: string): PointKey | undefined | Promise<PointKey | undefined>;
  /** The key that Central seals with now: ACTIVE, else PENDING (the old one until `key-installed`). */
  sendingKey(cpId: string): PointKey | undefined | Promise<PointKey | undefined>;
};
