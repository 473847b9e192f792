import type { Envelope } from '../../messages/envelope.ts';
import type { BodyValidator } from '../../messages/validators.ts';
import type { Clock } from '../clock.ts';
import type { CentralIdentity } from '../crypto/driver-handshake.ts';
import type { SealedSecrets } from '../crypto/sealed-secrets.ts';
import type { Log } from '../log.ts';
import type { KafkaConnection } from './kafka.ts';
import type { PartitionOf } from './kafka-group.ts';
import type { IncomingRecord } from './kafka-records.ts';
import type { Lease, LeaseStore, PointKey, PointKeySource } from './lease-store.ts';

/** A client's message, opened, authenticated and checked against its schema. */
export type Delivery = {
  /** `cp:CP001`, `driver:DRV001`: proven by the key for a point, by the lease's session key for a driver process. */
  clientId: string;
  kind: 'point' | 'driver';
  /** `CP001`, `DRV001`. */
  subjectId: string;
  leaseId: string;
  /** Undefined: Central knows no such lease (the key was good, so the message counts). */
  lease: Lease | undefined;
  keyId: string;
  keyState: PointKey['state'] | 'SESSION';
  sequence: number;
  envelope: Envelope;
  topic: string;
  partition: number;
  offset: bigint;
  /** By Central's clock, the broker's skew taken off. */
  appendedAtMs: number;
  /** As received, still sealed: for `dead_letters`. */
  record: IncomingRecord;
};

export type RejectionCode =
  | 'PLAINTEXT'
  | 'MALFORMED'
  | 'NOT_ADDRESSED'
  | 'KEY_UNKNOWN'
  | 'KEY_RETIRED'
  | 'KEY_REVOKED'
  | 'TAMPERED'
  | 'UNKNOWN_TYPE'
  | 'INVALID_BODY'
  | 'TOO_MANY_REQUESTS'
  | 'HANDLER_FAILED';

/** A record that changed nothing: for the audit (SECURITY) and `dead_letters`. `source` is claimed, not proven. */
export type Rejection = { code: RejectionCode; source: string; record: IncomingRecord; detail?: string };

/** The answer to a `hello`: the body of `hello-answered`, and what is to follow it (points-chunks). */
export type HelloAnswer = { body: unknown; afterwards?: () => Promise<void> };

/** The consumer group of all Centrals. */
export const CENTRAL_GROUP = 'central';

export type CentralChannelsOptions = {
  kafka: KafkaConnection;
  /** Also the static member of the consumer group: the same after a restart. */
  replicaId: string;
  groupId?: string;
  zones: readonly string[];
  identity: () => CentralIdentity;
  leases: LeaseStore;
  keys: PointKeySource;
  /** Seals drivers' session keys under the master key. */
  secrets: Pick<SealedSecrets, 'seal' | 'open'>;
  /** Clients' messages by type. */
  validators: { point: ReadonlyMap<string, BodyValidator>; driver: ReadonlyMap<string, BodyValidator> };
  /**
   * Everything but the negotiation and `hello`. One at a time per client; many clients at once. Done when it resolves,
   * or at once with `in-memory` (a reading: the next one repairs a lost one). A fault with `canRetry` is tried for ever.
   */
  onMessage(delivery: Delivery): 'in-memory' | Promise<unknown>;
  onHello(delivery: Delivery): Promise<HelloAnswer>;
  /** A request that came too late (F-10): to be refused REQUEST_EXPIRED. */
  onExpired(delivery: Delivery): Promise<unknown>;
  onRejected(rejection: Rejection): Promise<unknown>;
  /** Partitions that another replica reads from now on: flush and drop what is in memory for their clients. */
  onRevoked?(partitions: readonly PartitionOf[]): void;
  /** More is read from here on; whoever read it before has stopped, or died some seconds ago. */
  onAssigned?(): void;
  clock: Clock;
  log: Log;
  leaseLengthMs?: number;
  aliveEveryMs?: number;
  limits?: Partial<DispatchLimits>;
};

export type DispatchLimits = {
  /** Handlers at work at once. */
  parallel: number;
  /** Records waiting for a handler before reading pauses. */
  maxQueued: number;
  commitEveryMs: number;
  /** Tries of a handler that fails without `canRetry`; with it there is no end. */
  tries: number;
  firstRetryMs: number;
  lastRetryMs: number;
  /** How long a stop waits for handlers at work; what they had not finished is done again by whoever reads next. */
  stopWithinMs: number;
};
export const DISPATCH_LIMITS: DispatchLimits = {
  parallel: 64,
  maxQueued: 20_000,
  commitEveryMs: 1_000,
  tries: 3,
  firstRetryMs: 100,
  lastRetryMs: 2_000,
  stopWithinMs: 5_000,
};

export type CentralSendOptions = {
  isUrgent?: boolean;
  ttlMs?: number;
  correlationId?: string;
  /** The envelope's id (an outbox row's `message_id`). */
  id?: string;
  /** Points: seal with this key instead of the sending one (the acknowledgement under a revoked key). */
  keyId?: string;
};

/** `NO_LEASE`: the client has no live channel; `NO_KEY`: the point has no key to seal with. */
export type SendOutcome = 'SENT' | 'NO_LEASE' | 'NO_KEY';

export type CentralChannels = {
  /** Resolves when the group is joined and every zone read; rejects if stopped before. */
  readonly ready: Promise<void>;
  readonly isReading: boolean;
  /** Creates the zone's topics and reads them: only then may the zone be advertised. */
  addZone(zone: string): Promise<void>;
  /** To one lease (a driver's users are bound to leases), lapsed or not. Rejects with a KafkaFault. */
  sendToLease(leaseId: string, type: string, body: unknown, options?: CentralSendOptions): Promise<SendOutcome>;
  /** To the newest live lease of a client. */
  sendToClient(clientId: string, type: string, body: unknown, options?: CentralSendOptions): Promise<SendOutcome>;
  /** Signed, to every driver process of the zone. */
  publishStatus(zone: string, type: string, body: unknown): Promise<void>;
  /** Ends of every `Status_*`: read before the query whose answer goes with them. */
  statusOffsets(): Promise<Record<string, string>>;
  /** The broker's clock minus ours. */
  readonly brokerSkewMs: number;
  readonly figures: CentralChannelFigures;
  /** Lets handlers at work finish, commits, leaves the group. */
  stop(): Promise<void>;
};

export type CentralChannelFigures = {
  handled: number;
  rejected: number;
  expired: number;
  /** Questions for a channel that had been answered: replayed, or read again after a restart. */
  replayed: number;
  retried: number;
  queued: number;
  atWork: number;
  leasesGranted: number;
};
