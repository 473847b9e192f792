import { renewalDelayMs } from '../../domain/channel-lease.ts';
import { channelNegotiationValidators } from '../../messages/channel-negotiation.ts';
import type { Envelope } from '../../messages/envelope.ts';
import { requestTopic, responseTopic } from '../../messages/topics.ts';
import { pause } from '../clock.ts';
import type { VerifiedIdentity } from '../crypto/driver-handshake.ts';
import { newTimeOrderedId } from '../new-id.ts';
import {
  CHANNEL_TIMING,
  type ChannelTiming,
  type ClientChannel,
  type ClientChannelOptions,
  type ClientRejection,
  type SendOptions,
} from './client-channel-options.ts';
import { type AcceptedOffer, ClientKeys } from './client-credential.ts';
import { answerWithin, firstZone, negotiateChannel } from './client-negotiation.ts';
import type { Following } from './kafka-reader.ts';
import { type IncomingRecord, KafkaFault } from './kafka-records.ts';
import { gateOf } from './negotiation-gate.ts';
import { CENTRAL, openRecord, readHeaders, sealRecord } from './seal.ts';

type HeldLease = {
  leaseId: string;
  channel: string;
  partition: number;
  endsAtMs: number;
  renewAtMs: number;
  following: Following | undefined;
  hello: { id: string; answered(): void; failed(error: Error): void } | undefined;
};

/** Opens the channel and keeps it: negotiates, renews before the end, starts anew when its place in the log is lost. */
export function startClientChannel(options: ClientChannelOptions): ClientChannel {
  const channel = new NegotiatedChannel(options);
  channel.start();
  return channel;
}

class NegotiatedChannel implements ClientChannel {
  readonly #options: ClientChannelOptions;
  readonly #timing: ChannelTiming;
  readonly #keys: ClientKeys;
  readonly #stopping = new AbortController();
  readonly #leases = new Map<string, HeldLease>();
  #current: HeldLease | undefined;
  #zone: string | undefined;
  #identity: VerifiedIdentity | undefined;
  #sequence = 0;
  /** Central's clock minus our monotonic one: a jump of our wall clock changes no request's age. */
  #clockOffsetMs: number | undefined;
  #mustRenew = false;
  #wake: (() => void) | undefined;
  #wasUp = false;
  #handling: Promise<void> = Promise.resolve();
  #forgetKafka: () => void = () => undefined;

  constructor(options: ClientChannelOptions) {
    this.#options = options;
    this.#timing = { ...CHANNEL_TIMING, ...options.timing };
    this.#keys = new ClientKeys(options.credential, options.clock);
    this.#zone = options.zone;
  }

  get isUp(): boolean {
    const isLeased = this.#current !== undefined && this.#options.clock.monotonicMs() < this.#current.endsAtMs;
    return isLeased && this.#options.kafka.isUp;
  }

  get leaseId(): string | undefined {
    return this.#current?.leaseId;
  }

  get zone(): string | undefined {
    return this.#zone;
  }

  get identity(): VerifiedIdentity | undefined {
    return this.#identity;
  }

  centralNowMs(): number {
    const { clock } = this.#options;
    return this.#clockOffsetMs === undefined ? clock.nowMs() : Math.round(clock.monotonicMs() + this.#clockOffsetMs);
  }

  start(): void {
    this.#forgetKafka = this.#options.kafka.onStateChange(() => this.#tellState());
    void this.#run();
  }

  async send(type: string, body: unknown, options: SendOptions = {}): Promise<void> {
    const lease = this.#current;
    if (!lease) throw new KafkaFault('KAFKA_UNAVAILABLE', 'no channel to Central yet');
    await this.#sendOn(lease, this.#envelope(type, body, options), options.isUrgent ?? true);
  }

  replaceKey(keyId: string, key: Uint8Array): void {
    this.#keys.replace(keyId, key);
    this.#wake?.();
  }

  renew(): void {
    this.#mustRenew = true;
    this.#wake?.();
  }

  stop(): void {
    this.#stopping.abort();
    this.#forgetKafka();
    for (const lease of this.#leases.values()) lease.following?.stop();
    this.#leases.clear();
    this.#current = undefined;
    this.#wake?.();
    this.#tellState();
  }

  async #run(): Promise<void> {
    const { clock, log, clientId } = this.#options;
    const { signal } = this.#stopping;
    let failures = 0;
    while (!signal.aborted) {
      if (this.#current && !this.#mustRenew) {
        await this.#sleep(this.#current.renewAtMs - clock.monotonicMs());
        continue;
      }
      try {
        await gateOf(this.#options.kafka).pass(() => this.#establish());
        this.#mustRenew = false;
        failures = 0;
      } catch (error) {
        if (signal.aborted) return;
        failures += 1;
        if (failures === 1 || failures % 20 === 0)
          log.warn({ err: error, clientId, failures }, 'no channel yet, trying on');
        const longestMs = Math.min(
          this.#timing.lastRetryMs,
          this.#timing.firstRetryMs * 2 ** Math.min(failures - 1, 10),
        );
        await pause(clock, longestMs * (0.5 + Math.random() / 2), signal);
      }
      this.#tellState();
    }
  }

  /** Sleeps until it is time to renew, or until something happens. */
  async #sleep(delayMs: number): Promise<void> {
    const woken = new AbortController();
    this.#wake = () => woken.abort();
    await pause(this.#options.clock, Math.max(0, delayMs), woken.signal);
    this.#wake = undefined;
    if (!this.#current || this.#options.clock.monotonicMs() >= this.#current.renewAtMs) this.#mustRenew = true;
  }

  async #establish(): Promise<void> {
    const former = this.#current;
    const accepted = await this.#negotiate();
    this.#stopping.signal.throwIfAborted();
    this.#clockOffsetMs = accepted.offer.serverTimeMs - accepted.receivedAtMs;
    const lease = this.#hold(accepted);
    try {
      await this.#greet(lease);
    } catch (error) {
      this.#release(lease);
      throw error;
    }
    if (accepted.session) this.#identity = accepted.session.identity;
    if (former && former !== lease) this.#releaseLater(former);
    this.#tellState();
  }

  async #negotiate(): Promise<AcceptedOffer> {
    const { kafka, clientId, bootId, clock } = this.#options;
    this.#zone ??= await firstZone(kafka);
    const negotiation = this.#keys.negotiation(clientId, bootId);
    return negotiateChannel({
      kafka,
      clientId,
      zone: this.#zone,
      negotiation,
      envelope: this.#envelope('channel-wanted', negotiation.body, { ttlMs: this.#timing.answerTimeoutMs }),
      sequence: this.#nextSequence(),
      signal: this.#stopping.signal,
      expiresAtMs: clock.nowMs() + this.#timing.answerTimeoutMs,
      within: (answer) => this.#within(answer),
      onImpostor: (topic) => this.#reject('IMPOSTOR_OFFER', topic),
    });
  }

  #hold({ offer, session }: AcceptedOffer): HeldLease {
    const { kafka, clientId, clock } = this.#options;
    if (session) this.#keys.addSession(offer.leaseId, session.key);
    const nowMs = clock.monotonicMs();
    const lease: HeldLease = {
      leaseId: offer.leaseId,
      channel: offer.topic,
      partition: offer.partition,
      endsAtMs: nowMs + offer.expiresInMs,
      renewAtMs: nowMs + renewalDelayMs(offer.expiresInMs, Math.random()),
      following: undefined,
      hello: undefined,
    };
    this.#leases.set(lease.leaseId, lease);
    lease.following = kafka.follow({
      topic: responseTopic(lease.channel),
      partition: lease.partition,
      fromOffset: BigInt(offer.fromOffset),
      to: clientId,
      onRecord: (record) => this.#receive(lease, record),
      onLost: () => this.#loseLease(lease),
    });
    return lease;
  }

  async #greet(lease: HeldLease): Promise<void> {
    const envelope = this.#envelope('hello', this.#options.buildHello(), { ttlMs: this.#timing.answerTimeoutMs });
    const answered = Promise.withResolvers<void>();
    lease.hello = { id: envelope.id, answered: answered.resolve, failed: answered.reject };
    answered.promise.catch(() => undefined);
    await this.#within(this.#sendOn(lease, envelope, true));
    await this.#within(answered.promise);
    lease.hello = undefined;
  }

  #receive(lease: HeldLease, record: IncomingRecord): void {
    const headers = readHeaders(record);
    // Another lease of ours on the same partition has its own follower.
    if (headers?.lease !== lease.leaseId || headers.from !== CENTRAL) return;
    const key = this.#keys.opening(headers.keyId);
    const envelope = key && openRecord(record, headers, key.toClient);
    const rejection = envelope ? this.#rejectionOf(envelope) : 'UNREADABLE';
    if (!envelope || rejection) {
      this.#reject(rejection ?? 'UNREADABLE', record.topic);
      return;
    }
    const { type, body } = envelope;
    if (type === 'renew-lease') {
      this.renew();
      return;
    }
    const { topic, partition, offset, appendedAtMs } = record;
    this.#inOrder(async () => {
      if (type === 'hello-answered') await this.#takeHello(lease, envelope);
      else
        await this.#options.onMessage({
          type,
          body,
          envelope,
          leaseId: lease.leaseId,
          topic,
          partition,
          offset,
          appendedAtMs,
        });
    });
  }

  #rejectionOf({ type, body }: Envelope): ClientRejection | undefined {
    const validator = this.#options.validators.get(type) ?? channelNegotiationValidators.get(type);
    if (!validator) return 'UNKNOWN_TYPE';
    return validator.isValid(body) ? undefined : 'INVALID_BODY';
  }

  async #takeHello(lease: HeldLease, envelope: Envelope): Promise<void> {
    // One that came too late: its lease was given up, and nobody reads there.
    if (lease.hello?.id !== envelope.correlationId || !this.#leases.has(lease.leaseId)) return;
    try {
      await this.#options.onHelloAnswered(envelope.body, lease.leaseId);
    } catch (error) {
      lease.hello?.failed(error instanceof Error ? error : new Error(String(error)));
      throw error;
    }
    if (!this.#leases.has(lease.leaseId)) return;
    this.#current = lease;
    lease.hello?.answered();
  }

  #inOrder(work: () => Promise<void>): void {
    const unlessStopped = () => (this.#stopping.signal.aborted ? undefined : work());
    this.#handling = this.#handling.then(unlessStopped).catch((error: unknown) => {
      this.#options.log.error(
        { err: error, clientId: this.#options.clientId },
        'a message from Central could not be handled',
      );
    });
  }

  #loseLease(lease: HeldLease): void {
    this.#options.log.warn({ clientId: this.#options.clientId }, 'the place in the log was lost, negotiating anew');
    lease.hello?.failed(new KafkaFault('KAFKA_UNAVAILABLE', 'the place in the log was lost'));
    this.#release(lease);
    this.#wake?.();
    this.#tellState();
  }

  #release(lease: HeldLease): void {
    lease.following?.stop();
    this.#leases.delete(lease.leaseId);
    this.#keys.dropSession(lease.leaseId);
    if (this.#current === lease) this.#current = undefined;
  }

  /** The lease before is read until it ends: what Central sent there is on its way. */
  #releaseLater(lease: HeldLease): void {
    const { clock } = this.#options;
    const delayMs = Math.max(0, lease.endsAtMs - clock.monotonicMs()) + this.#timing.lingerAfterEndMs;
    void pause(clock, delayMs, this.#stopping.signal).then(() => this.#release(lease));
  }

  async #sendOn(lease: HeldLease, envelope: Envelope, isUrgent: boolean): Promise<void> {
    const { keyId, key } = this.#keys.sealing(lease.leaseId);
    const sealing = {
      topic: requestTopic(lease.channel),
      partition: lease.partition,
      headers: {
        from: this.#options.clientId,
        to: CENTRAL,
        keyId,
        lease: lease.leaseId,
        sequence: this.#nextSequence(),
      },
      envelope,
    };
    const expiresAtMs = envelope.ttlMs === undefined ? undefined : this.#options.clock.nowMs() + envelope.ttlMs;
    await this.#options.kafka.send({ ...sealRecord(sealing, key.toCentral), isUrgent, expiresAtMs });
  }

  #envelope(type: string, body: unknown, { id, ttlMs, correlationId }: SendOptions): Envelope {
    const sentAtMs = this.centralNowMs();
    return {
      id: id ?? newTimeOrderedId(),
      type,
      sentAtMs,
      ...(correlationId === undefined ? {} : { correlationId }),
      ...(ttlMs === undefined ? {} : { ttlMs }),
      body,
    };
  }

  #nextSequence(): number {
    this.#sequence += 1;
    return this.#sequence;
  }

  #within<T>(answer: Promise<T>): Promise<T> {
    const { clock } = this.#options;
    return answerWithin(answer, { clock, timeoutMs: this.#timing.answerTimeoutMs, signal: this.#stopping.signal });
  }

  #reject(code: ClientRejection, topic: string): void {
    this.#options.onRejected?.(code, topic);
  }

  #tellState(): void {
    const isUp = this.isUp;
    if (isUp === this.#wasUp) return;
    this.#wasUp = isUp;
    this.#options.onStateChange?.(isUp);
  }
}
