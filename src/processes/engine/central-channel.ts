import { cpClientId } from '../../domain/ids.ts';
import type { ClientChannel, ClientChannelOptions } from '../../io/channels/client-channel-options.ts';
import type { KafkaConnection } from '../../io/channels/kafka.ts';
import { KafkaFault } from '../../io/channels/kafka-records.ts';
import type { Clock } from '../../io/clock.ts';
import type { Log } from '../../io/log.ts';
import { centralToEngine, type EngineToCentral } from '../../messages/engine-central.ts';
import type { MonitorToEngine } from '../../messages/monitor-engine.ts';
import { compileCatalogue } from '../../messages/validators.ts';

const validators = compileCatalogue(centralToEngine);

/** Where the Kafka connection comes from: an engine's own, or the one that a fleet shares. */
export type KafkaSource = {
  /** Undefined: these brokers may not be spoken to as things are (told in the log); the point has no channel then. */
  open(brokers: string): KafkaConnection | undefined;
  close(connection: KafkaConnection): Promise<void>;
};

/** `startClientChannel`, or a test's own. */
export type StartChannel = (options: ClientChannelOptions) => ClientChannel;

export type CentralChannelParts = {
  cpId: string;
  bootId: string;
  clock: Clock;
  log: Log;
  kafka: KafkaSource;
  startChannel: StartChannel;
  /** Brokers of the engine's own configuration win over those that Central names. */
  ownBrokers: string;
  buildHello(): EngineToCentral['hello'];
  onHelloAnswered(body: unknown): void;
  onMessage(type: string, body: unknown): void;
  onStateChange(isUp: boolean): void;
  onRejected(code: string, topic: string): void;
};

type SendOptions = { isUrgent?: boolean; ttlMs?: number };

/** The engine's channel to Central, which exists from its first key on. */
export class CentralChannel {
  readonly #parts: CentralChannelParts;
  #keyId: string | undefined;
  #key: Uint8Array | undefined;
  #isRevoked = false;
  #isCut = false;
  #place: { brokers: string; zone: string } | undefined;
  #kafka: KafkaConnection | undefined;
  #channel: ClientChannel | undefined;

  constructor(parts: CentralChannelParts) {
    this.#parts = parts;
  }

  get keyId(): string | undefined {
    return this.#isRevoked ? undefined : this.#keyId;
  }

  get isUp(): boolean {
    return !this.#isRevoked && (this.#channel?.isUp ?? false);
  }

  get isBrokerUp(): boolean | undefined {
    return this.#kafka?.isUp;
  }

  get isCut(): boolean {
    return this.#isCut;
  }

  get isRevoked(): boolean {
    return this.#isRevoked;
  }

  /** Central's time `atMs` on the engine's own clock. */
  offsetOfCentralMs(nowMs: number): number {
    return this.#channel ? this.#channel.centralNowMs() - nowMs : 0;
  }

  /** A key, with the place of the point: opens the channel, or goes on with the new key, or moves to another zone. */
  install({ key, point, brokers }: MonitorToEngine['install-key']) {
    const bytes = Buffer.from(key.keyBase64, 'base64');
    const place = { brokers: this.#parts.ownBrokers || brokers, zone: point.zone };
    const isSamePlace = this.#place?.brokers === place.brokers && this.#place.zone === place.zone;
    this.#keyId = key.keyId;
    this.#key = bytes;
    this.#isRevoked = false;
    if (this.#channel && isSamePlace) return this.#channel.replaceKey(key.keyId, bytes);
    this.#closeChannel();
    if (this.#place?.brokers !== place.brokers) void this.#closeKafka();
    this.#place = place;
    this.#open(key.keyId, bytes);
  }

  /** As if the network to the broker were cut (a simulation), and mended again: nothing that must be told is lost. */
  setCut(isCut: boolean): void {
    if (this.#isCut === isCut) return;
    const wasUp = this.isUp;
    this.#isCut = isCut;
    if (isCut) {
      this.#closeChannel();
      void this.#closeKafka();
      if (wasUp) this.#parts.onStateChange(false);
    } else if (this.#keyId !== undefined && this.#key) this.#open(this.#keyId, this.#key);
  }

  /** From now on only the closing of what runs may pass (protocol 2.6). */
  revoke(keyId: string): void {
    if (keyId !== this.#keyId) return;
    this.#isRevoked = true;
  }

  /** The last message under a revoked key has been acknowledged: nothing more may be said under it. */
  closeIfRevoked(): void {
    if (!this.#isRevoked) return;
    this.#keyId = undefined;
    this.#key = undefined;
    this.#closeChannel();
  }

  /** Resolves when the broker has it; rejects with a KafkaFault. */
  async send<T extends keyof EngineToCentral>(type: T, body: EngineToCentral[T], options: SendOptions): Promise<void> {
    if (!this.#channel) throw new KafkaFault('KAFKA_UNAVAILABLE', 'no key yet');
    await this.#channel.send(type, body, options);
  }

  async stop(): Promise<void> {
    this.#closeChannel();
    await this.#closeKafka();
  }

  #open(keyId: string, key: Uint8Array): void {
    const { cpId, bootId, clock, log, kafka, startChannel } = this.#parts;
    const place = this.#place;
    if (!place || this.#isCut) return;
    this.#kafka ??= kafka.open(place.brokers);
    if (!this.#kafka) return;
    this.#channel = startChannel({
      ...{ kafka: this.#kafka, clientId: cpClientId(cpId), zone: place.zone, bootId, validators, clock, log },
      credential: { kind: 'point', keyId, key },
      buildHello: this.#parts.buildHello,
      onHelloAnswered: (body) => this.#parts.onHelloAnswered(body),
      onMessage: ({ type, body }) => this.#parts.onMessage(type, body),
      onStateChange: (isUp) => this.#parts.onStateChange(isUp),
      onRejected: (code, topic) => this.#parts.onRejected(code, topic),
    });
  }

  #closeChannel(): void {
    const channel = this.#channel;
    this.#channel = undefined;
    channel?.stop();
  }

  async #closeKafka(): Promise<void> {
    const connection = this.#kafka;
    this.#kafka = undefined;
    if (connection) await this.#parts.kafka.close(connection);
  }
}
