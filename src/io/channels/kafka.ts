import type { TopicPlan } from '../../messages/topics.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { KafkaAdmin } from './kafka-admin.ts';
import { type KafkaAddress, type KafkaContext, RetryDelay } from './kafka-client.ts';
import { GroupReader, type GroupReaderOptions } from './kafka-group.ts';
import { BatchingProducer, PRODUCER_LIMITS, type ProducerLimits } from './kafka-producer.ts';
import { type Following, type FollowOptions, PositionedReader } from './kafka-reader.ts';
import type { OutgoingRecord } from './kafka-records.ts';
import { kafkaProblem } from './kafka-refusal.ts';
import { zoneRights } from './kafka-rights.ts';

export type KafkaOptions = KafkaAddress & { clock: Clock; log: Log; limits?: Partial<ProducerLimits> };

/** Counters since the start and levels of now, for /metrics. */
export type KafkaFigures = {
  isUp: boolean;
  queuedRecords: number;
  sentRecords: number;
  sentBatches: number;
  failedRecords: number;
  deliveredRecords: number;
  followers: number;
  rebalances: number;
  assignedPartitions: number;
};

/** The broker counts as lost after this long without any answer, so that a restart of two seconds alarms nobody. */
const DOWN_AFTER_MS = 1_500;
/** One that never answered yet is starting, most likely: it is spoken of later. */
const MISSED_AFTER_MS = 10_000;

/**
 * The one connection of a process to Kafka: one producer, one reader without a group, and, in Central, one group reader.
 * It may be opened before the broker exists; every part goes on by itself after a kill -9 of the broker.
 */
export class KafkaConnection {
  readonly #context: KafkaContext;
  readonly #closing = new AbortController();
  readonly #producer: BatchingProducer;
  readonly #admin: KafkaAdmin;
  readonly #reader: PositionedReader;
  readonly #listeners = new Set<(isUp: boolean) => void>();
  readonly #groups = new Set<GroupReader>();
  readonly #retryDelay = new RetryDelay();
  #isUp = false;
  #failingSinceMs: number | undefined;
  #toldProblem = '';

  constructor(options: KafkaOptions) {
    const { brokers, clientId, tls, sasl } = options;
    this.#context = {
      address: { brokers, clientId, tls, sasl },
      clock: options.clock,
      log: options.log,
      signal: this.#closing.signal,
      report: (isAnswering, error) => this.#note(isAnswering, error),
      retryDelayMs: (error) => this.#retryDelay.afterMs(error),
    };
    this.#producer = new BatchingProducer(this.#context, { ...PRODUCER_LIMITS, ...options.limits });
    this.#admin = new KafkaAdmin(this.#context);
    this.#reader = new PositionedReader(this.#context);
  }

  /** Whether the broker answers, as far as the last exchanges tell. */
  get isUp(): boolean {
    return this.#isUp;
  }

  /** Tells every change of `isUp`; returns the way to stop it. */
  onStateChange(listener: (isUp: boolean) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Resolves when the broker has the record; rejects with a KafkaFault (QUEUE_FULL, EXPIRED, TOPIC_UNKNOWN ...). */
  send(record: OutgoingRecord): Promise<void> {
    return this.#producer.send(record);
  }

  /** Creates missing topics; waits for the broker. */
  ensureTopics(plans: readonly TopicPlan[]): Promise<void> {
    return this.#admin.ensureTopics(plans);
  }

  /** Gives the broker's users the rights of zones; nothing where the broker is plain. Waits for the broker. */
  async ensureRights(zones: readonly string[]): Promise<void> {
    if (this.#context.address.sasl) await this.#admin.ensureRights(zones.flatMap(zoneRights));
  }

  listTopics(prefix: string): Promise<string[]> {
    return this.#admin.listTopics(prefix);
  }

  /** The offset of the next record; waits for the broker; throws TOPIC_UNKNOWN. */
  endOffset(topic: string, partition: number): Promise<bigint> {
    return this.#admin.endOffset(topic, partition);
  }

  /** When the broker appended the newest record of a partition, by its clock: tells its skew right after a record of ours. */
  newestTimestampMs(topic: string, partition: number): Promise<number | undefined> {
    return this.#admin.newestTimestampMs(topic, partition);
  }

  /** A position at the end that misses nothing sent from now on: without a question if the partition is being read already. */
  async positionAtEnd(topic: string, partition: number): Promise<bigint> {
    return this.#reader.position(topic, partition) ?? (await this.#admin.endOffset(topic, partition));
  }

  follow(options: FollowOptions): Following {
    return this.#reader.follow(options);
  }

  /** A member of a consumer group; not started yet. */
  groupReader(options: GroupReaderOptions): GroupReader {
    const group = new GroupReader(this.#context, options);
    this.#groups.add(group);
    return group;
  }

  get figures(): KafkaFigures {
    let rebalances = 0;
    let assignedPartitions = 0;
    for (const group of this.#groups) {
      rebalances += group.rebalances;
      assignedPartitions += group.assignedPartitions;
    }
    return {
      isUp: this.#isUp,
      queuedRecords: this.#producer.queued,
      sentRecords: this.#producer.sentRecords,
      sentBatches: this.#producer.sentBatches,
      failedRecords: this.#producer.failedRecords,
      deliveredRecords: this.#reader.deliveredRecords,
      followers: this.#reader.followers,
      rebalances,
      assignedPartitions,
    };
  }

  /** Ends everything; what is queued is rejected with CLOSED. */
  async close(): Promise<void> {
    for (const group of this.#groups) await group.close();
    this.#closing.abort();
    await Promise.all([this.#producer.close(), this.#reader.close(), this.#admin.close()]);
    this.#listeners.clear();
  }

  #note(isAnswering: boolean, error: unknown): void {
    if (this.#closing.signal.aborted) return;
    if (isAnswering) this.#noteAnswer();
    else this.#noteFailure(error);
  }

  #noteFailure(error: unknown): void {
    const nowMs = this.#context.clock.monotonicMs();
    this.#failingSinceMs ??= nowMs;
    const { sentence, kind } = kafkaProblem(error, this.#context.address);
    const isLong = nowMs - this.#failingSinceMs >= (this.#isUp ? DOWN_AFTER_MS : MISSED_AFTER_MS);
    if (kind === 'AWAY' && !isLong) return;
    if (sentence !== this.#toldProblem) this.#context.log.warn({ problem: sentence }, 'no Kafka, trying on');
    this.#toldProblem = sentence;
    if (this.#isUp && isLong) this.#setUp(false);
  }

  #noteAnswer(): void {
    this.#failingSinceMs = undefined;
    this.#toldProblem = '';
    this.#retryDelay.answered();
    if (this.#isUp) return;
    this.#context.log.info('Kafka answers');
    this.#setUp(true);
  }

  #setUp(isUp: boolean): void {
    this.#isUp = isUp;
    for (const listener of [...this.#listeners]) listener(isUp);
  }
}
