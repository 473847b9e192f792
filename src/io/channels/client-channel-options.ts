import type { Envelope } from '../../messages/envelope.ts';
import type { BodyValidator } from '../../messages/validators.ts';
import type { Clock } from '../clock.ts';
import type { VerifiedIdentity } from '../crypto/driver-handshake.ts';
import type { Log } from '../log.ts';
import type { ClientCredential } from './client-credential.ts';
import type { KafkaConnection } from './kafka.ts';

/** A message from Central, opened and checked against its schema. */
export type ChannelMessage = {
  type: string;
  body: unknown;
  envelope: Envelope;
  leaseId: string;
  topic: string;
  partition: number;
  offset: bigint;
  /** By the broker's clock. */
  appendedAtMs: number;
};

/** Why a client did not believe a record. */
export type ClientRejection = 'UNREADABLE' | 'UNKNOWN_TYPE' | 'INVALID_BODY' | 'IMPOSTOR_OFFER';

export type ChannelTiming = {
  answerTimeoutMs: number;
  firstRetryMs: number;
  lastRetryMs: number;
  lingerAfterEndMs: number;
};
export const CHANNEL_TIMING: ChannelTiming = {
  answerTimeoutMs: 5_000,
  firstRetryMs: 500,
  lastRetryMs: 10_000,
  lingerAfterEndMs: 5_000,
};

export type ClientChannelOptions = {
  kafka: KafkaConnection;
  /** `cp:CP001` or `driver:DRV001`. */
  clientId: string;
  /** Absent: the first zone that has a selection topic, waited for. */
  zone?: string;
  credential: ClientCredential;
  bootId: string;
  /** Central's messages to this kind of client, by type (`compileCatalogue`). */
  validators: ReadonlyMap<string, BodyValidator>;
  /** The body of `hello`, asked for at every negotiation. */
  buildHello(): unknown;
  /** In order with `onMessage`; sending moves to the lease after it. */
  onHelloAnswered(body: unknown, leaseId: string): void | Promise<void>;
  /** One at a time, in order. A throw is logged: the next message does not depend on it. */
  onMessage(message: ChannelMessage): void | Promise<void>;
  onStateChange?(isUp: boolean): void;
  /** What could not be opened or is not in the catalogue: told once each, nothing follows from it. */
  onRejected?(code: ClientRejection, topic: string): void;
  clock: Clock;
  log: Log;
  timing?: Partial<ChannelTiming>;
};

export type SendOptions = {
  /** Goes at once; default true. Readings may linger 50 ms with others. */
  isUrgent?: boolean;
  /** Requests only, from the click: dropped from the queue, and refused by Central, when older. */
  ttlMs?: number;
  correlationId?: string;
  /** The envelope's id; default a new one. */
  id?: string;
};

export type ClientChannel = {
  /**
   * Resolves when the broker has the message. Rejects with a KafkaFault, `KAFKA_UNAVAILABLE`
   * while there is no lease: facts are then journaled and sent again by the caller, requests refused.
   */
  send(type: string, body: unknown, options?: SendOptions): Promise<void>;
  /** A valid lease, and a broker that answers. */
  readonly isUp: boolean;
  readonly leaseId: string | undefined;
  readonly zone: string | undefined;
  /** Drivers: Central's identity as verified by the last negotiation, for `Status_*`. */
  readonly identity: VerifiedIdentity | undefined;
  /** Now by Central's clock, as far as the last negotiation tells. */
  centralNowMs(): number;
  /** Points: seals with the new key from now on, opens with both for a minute. */
  replaceKey(keyId: string, key: Uint8Array): void;
  /** Negotiates anew at once: a fresh snapshot is wanted. */
  renew(): void;
  stop(): void;
};
