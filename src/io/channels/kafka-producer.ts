import { Producer } from '@platformatic/kafka';
import { pause, type Timer } from '../clock.ts';
import { clientOptions, isTransient, isUnknownTopic, type KafkaContext } from './kafka-client.ts';
import { KafkaFault, type OutgoingRecord } from './kafka-records.ts';
import { isAuthenticationError } from './kafka-refusal.ts';
import { withWholeMetadata } from './whole-metadata.ts';

/** Bounds of the queue. A batch stays below the broker's default limit of 1 MiB a partition. */
export type ProducerLimits = { maxQueued: number; maxQueuedBytes: number; lingerMs: number };
export const PRODUCER_LIMITS: ProducerLimits = { maxQueued: 50_000, maxQueuedBytes: 64 * 1024 * 1024, lingerMs: 50 };

const MAX_BATCH_RECORDS = 5_000;
const MAX_BATCH_BYTES = 900_000;
const RECORD_OVERHEAD_BYTES = 200;
const SWEEP_MS = 500;

type Queued = { record: OutgoingRecord; bytes: number; resolve: () => void; reject: (fault: KafkaFault) => void };

/**
 * The one producer of a process. It keeps exactly one send in flight and coalesces what queues meanwhile:
 * with concurrent sends a kill -9 of the broker lost and doubled records, with one in flight none (measured).
 */
export class BatchingProducer {
  readonly #context: KafkaContext;
  readonly #limits: ProducerLimits;
  readonly #producer: Producer;
  readonly #knownTopics = new Set<string>();
  #queue: Queued[] = [];
  #queuedBytes = 0;
  #isSending = false;
  #lingerTimer: Timer | undefined;
  readonly #sweepTimer: Timer;
  sentRecords = 0;
  sentBatches = 0;
  failedRecords = 0;

  constructor(context: KafkaContext, limits: ProducerLimits) {
    this.#context = context;
    this.#limits = limits;
    this.#producer = withWholeMetadata(new Producer({ ...clientOptions(context.address, true), idempotent: true }));
    this.#sweepTimer = context.clock.setRepeating(() => this.#dropExpired(), SWEEP_MS);
  }

  get queued(): number {
    return this.#queue.length;
  }

  /** Resolves when the broker has it (acks=all). Rejects with a KafkaFault. */
  send(record: OutgoingRecord): Promise<void> {
    const bytes = record.value.length + RECORD_OVERHEAD_BYTES;
    if (this.#context.signal.aborted) return Promise.reject(new KafkaFault('CLOSED', 'the Kafka connection is closed'));
    if (bytes > MAX_BATCH_BYTES)
      return Promise.reject(new KafkaFault('RECORD_TOO_LARGE', `a record of ${bytes} bytes`));
    if (this.#queue.length >= this.#limits.maxQueued || this.#queuedBytes + bytes > this.#limits.maxQueuedBytes) {
      this.failedRecords += 1;
      return Promise.reject(new KafkaFault('QUEUE_FULL', `${this.#queue.length} records wait for the broker`));
    }
    return new Promise((resolve, reject) => {
      this.#queue.push({ record, bytes, resolve, reject });
      this.#queuedBytes += bytes;
      this.#wake(record.isUrgent === true);
    });
  }

  async close(): Promise<void> {
    this.#sweepTimer.cancel();
    this.#lingerTimer?.cancel();
    this.#rejectAll(this.#take(Number.POSITIVE_INFINITY), new KafkaFault('CLOSED', 'the Kafka connection is closed'));
    await this.#producer.close(true).catch(() => undefined);
  }

  #wake(isUrgent: boolean): void {
    if (this.#isSending) return;
    if (isUrgent || this.#queuedBytes >= MAX_BATCH_BYTES) {
      this.#lingerTimer?.cancel();
      this.#lingerTimer = undefined;
      this.#isSending = true;
      // Whatever is sent in this turn of the loop travels together.
      queueMicrotask(() => void this.#drain());
    } else {
      this.#lingerTimer ??= this.#context.clock.setTimer(() => {
        this.#lingerTimer = undefined;
        this.#wake(true);
      }, this.#limits.lingerMs);
    }
  }

  async #drain(): Promise<void> {
    try {
      while (this.#queue.length > 0 && !this.#context.signal.aborted) {
        // Nothing is awaited between this look and the taking: a topic nobody asked for would hold the queue for ever.
        const unknown = this.#unknownTopics();
        if (unknown.size > 0) {
          await this.#askFor(unknown);
          continue;
        }
        this.#dropExpired();
        const batch = this.#take(MAX_BATCH_BYTES);
        if (batch.length > 0) await this.#sendBatch(batch);
      }
    } finally {
      this.#isSending = false;
    }
  }

  #unknownTopics(): Set<string> {
    const unknown = new Set<string>();
    for (const { record } of this.#queue) if (!this.#knownTopics.has(record.topic)) unknown.add(record.topic);
    return unknown;
  }

  /** An unknown topic would hold the whole queue: it is asked for before, and its records rejected. */
  async #askFor(topics: ReadonlySet<string>): Promise<void> {
    for (const topic of topics) {
      try {
        await this.#producer.metadata({ topics: [topic], retries: 0 });
        this.#knownTopics.add(topic);
      } catch (error) {
        if (isUnknownTopic(error)) {
          this.#rejectWhere((record) => record.topic === topic, new KafkaFault('TOPIC_UNKNOWN', `no topic ${topic}`));
        } else if (isTransient(error)) {
          this.#context.report(false, error);
          return pause(this.#context.clock, this.#context.retryDelayMs(error), this.#context.signal);
        } else {
          this.#rejectWhere(() => true, this.#faultOf(error));
        }
      }
    }
  }

  async #sendBatch(batch: Queued[]): Promise<void> {
    const messages = batch.map(({ record }) => ({
      topic: record.topic,
      partition: record.partition,
      key: Buffer.from(record.key),
      value: record.value as Buffer,
      headers: new Map(Object.entries(record.headers).map(([name, text]) => [Buffer.from(name), Buffer.from(text)])),
    }));
    try {
      await this.#producer.send({ messages });
      this.#context.report(true);
      this.sentRecords += batch.length;
      this.sentBatches += 1;
      for (const queued of batch) queued.resolve();
    } catch (error) {
      this.#knownTopics.clear();
      this.#producer.clearMetadata();
      this.#context.report(false, error);
      this.#rejectAll(batch, this.#faultOf(error));
    }
  }

  #faultOf(error: unknown): KafkaFault {
    if (this.#context.signal.aborted) return new KafkaFault('CLOSED', 'the Kafka connection is closed', error);
    if (isAuthenticationError(error)) return new KafkaFault('KAFKA_AUTHENTICATION', 'the broker refuses us', error);
    if (isUnknownTopic(error)) return new KafkaFault('TOPIC_UNKNOWN', 'a topic has gone', error);
    return new KafkaFault('KAFKA_SEND_FAILED', 'the broker did not take the records', error);
  }

  #take(maxBytes: number): Queued[] {
    let bytes = 0;
    let count = 0;
    while (count < this.#queue.length && (count < MAX_BATCH_RECORDS || maxBytes === Number.POSITIVE_INFINITY)) {
      bytes += this.#queue[count]!.bytes;
      if (bytes > maxBytes && count > 0) break;
      count += 1;
    }
    const taken = this.#queue.splice(0, count);
    for (const queued of taken) this.#queuedBytes -= queued.bytes;
    return taken;
  }

  #dropExpired(): void {
    const nowMs = this.#context.clock.nowMs();
    const isExpired = (record: OutgoingRecord) => record.expiresAtMs !== undefined && record.expiresAtMs <= nowMs;
    if (!this.#queue.some(({ record }) => isExpired(record))) return;
    this.#rejectWhere(isExpired, new KafkaFault('EXPIRED', 'the request was too old to be sent'));
  }

  #rejectWhere(condition: (record: OutgoingRecord) => boolean, fault: KafkaFault): void {
    const rejected = this.#queue.filter(({ record }) => condition(record));
    this.#queue = this.#queue.filter(({ record }) => !condition(record));
    for (const queued of rejected) this.#queuedBytes -= queued.bytes;
    this.#rejectAll(rejected, fault);
  }

  #rejectAll(rejected: Queued[], fault: KafkaFault): void {
    this.failedRecords += rejected.length;
    for (const queued of rejected) queued.reject(fault);
  }
}
