import type { Envelope } from '../../messages/envelope.ts';
import { channelName, channelOfRequestTopic, responseTopic, statusTopic } from '../../messages/topics.ts';
import type { Clock } from '../clock.ts';
import { type ChannelKey, deriveChannelKey } from '../crypto/channel-key.ts';
import type { CentralIdentity } from '../crypto/driver-handshake.ts';
import { newTimeOrderedId } from '../new-id.ts';
import type { CentralSendOptions, Delivery, SendOutcome } from './central-contract.ts';
import type { KafkaConnection } from './kafka.ts';
import type { KnownLease, KnownLeases } from './known-leases.ts';
import type { PointKey, PointKeySource } from './lease-store.ts';
import { CENTRAL, sealRecord, signRecord } from './seal.ts';

export type SenderOptions = {
  kafka: KafkaConnection;
  leases: KnownLeases;
  keys: PointKeySource;
  identity: () => CentralIdentity;
  clock: Clock;
};

const RENEWAL_TOLD_EVERY_MS = 3_000;
const MAX_TOLD = 20_000;

/** Central's outgoing half: seals for a lease, signs for everybody. */
export class CentralSender {
  readonly #options: SenderOptions;
  readonly #told = new Map<string, number>();
  #sequence = 0;

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  nextSequence(): number {
    this.#sequence += 1;
    return this.#sequence;
  }

  async toLease(
    leaseId: string,
    message: { type: string; body: unknown },
    options: CentralSendOptions,
  ): Promise<SendOutcome> {
    const known = await this.#options.leases.find(leaseId);
    return known ? this.#seal(known, message, options) : 'NO_LEASE';
  }

  async toClient(
    clientId: string,
    message: { type: string; body: unknown },
    options: CentralSendOptions,
  ): Promise<SendOutcome> {
    const known = await this.#options.leases.newestLive(clientId);
    return known ? this.#seal(known, message, options) : 'NO_LEASE';
  }

  async publishStatus(zone: string, type: string, body: unknown): Promise<void> {
    const identity = this.#options.identity();
    const record = signRecord(
      {
        topic: statusTopic(zone),
        partition: 0,
        headers: { from: CENTRAL, to: 'drivers', keyId: identity.keyId, lease: '', sequence: this.nextSequence() },
        envelope: this.#envelope({ type, body }, {}),
      },
      identity,
    );
    await this.#options.kafka.send({ ...record, isUrgent: true });
  }

  /** "Your key is good, your lease is not", where the client reads if it still believes in that lease; once in a while. */
  async tellToRenew(delivery: Delivery, key: ChannelKey): Promise<void> {
    const channel = channelOfRequestTopic(delivery.topic);
    const nowMs = this.#options.clock.monotonicMs();
    if (!channel || nowMs - (this.#told.get(delivery.clientId) ?? -RENEWAL_TOLD_EVERY_MS) < RENEWAL_TOLD_EVERY_MS)
      return;
    if (this.#told.size >= MAX_TOLD) this.#told.clear();
    this.#told.set(delivery.clientId, nowMs);
    const { clientId, keyId, leaseId, partition } = delivery;
    const record = sealRecord(
      {
        topic: responseTopic(channel),
        partition,
        headers: { from: CENTRAL, to: clientId, keyId, lease: leaseId, sequence: this.nextSequence() },
        envelope: this.#envelope({ type: 'renew-lease', body: {} }, {}),
      },
      key.toClient,
    );
    await this.#options.kafka.send({ ...record, isUrgent: true });
  }

  async #seal(
    { lease, sessionKey }: KnownLease,
    message: { type: string; body: unknown },
    options: CentralSendOptions,
  ): Promise<SendOutcome> {
    const key = sessionKey
      ? { keyId: lease.leaseId, key: sessionKey }
      : await this.#pointKey(lease.clientId, options.keyId);
    if (!key) return 'NO_KEY';
    const record = sealRecord(
      {
        topic: responseTopic(channelName(lease.zone, lease.channelNumber)),
        partition: lease.partition,
        headers: {
          from: CENTRAL,
          to: lease.clientId,
          keyId: key.keyId,
          lease: lease.leaseId,
          sequence: this.nextSequence(),
        },
        envelope: this.#envelope(message, options),
      },
      key.key.toClient,
    );
    const expiresAtMs = options.ttlMs === undefined ? undefined : this.#options.clock.nowMs() + options.ttlMs;
    await this.#options.kafka.send({ ...record, isUrgent: options.isUrgent ?? true, expiresAtMs });
    return 'SENT';
  }

  async #pointKey(
    clientId: string,
    keyId: string | undefined,
  ): Promise<{ keyId: string; key: ChannelKey } | undefined> {
    const cpId = clientId.slice(clientId.indexOf(':') + 1);
    const { keys } = this.#options;
    const found: PointKey | undefined = await (keyId ? keys.keyById(cpId, keyId) : keys.sendingKey(cpId));
    return found && { keyId: found.keyId, key: deriveChannelKey(found.keyBytes) };
  }

  #envelope(message: { type: string; body: unknown }, { id, ttlMs, correlationId }: CentralSendOptions): Envelope {
    return {
      id: id ?? newTimeOrderedId(),
      type: message.type,
      sentAtMs: this.#options.clock.nowMs(),
      ...(correlationId === undefined ? {} : { correlationId }),
      ...(ttlMs === undefined ? {} : { ttlMs }),
      body: message.body,
    };
  }
}
