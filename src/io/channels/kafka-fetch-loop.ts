import { ConnectionPool, type Consumer, FetchIsolationLevels } from '@platformatic/kafka';
import { pause } from '../clock.ts';
import { clientOptions, isUnknownTopic, type KafkaContext } from './kafka-client.ts';
import { type IncomingRecord, partitionKey } from './kafka-records.ts';

type FetchResponse = Awaited<ReturnType<Consumer['fetch']>>;
type FetchResponsePartition = FetchResponse['responses'][number]['partitions'][number];

const ERROR_OFFSET_OUT_OF_RANGE = 1;
const IS_CONTROL_BATCH = 0x20;
const IS_LOG_APPEND_TIME = 0x08;
const MAX_BYTES = 8 * 1024 * 1024;
const MAX_PARTITION_BYTES = 1024 * 1024;
const QUICK_WAIT_MS = 50;
const QUICK_FOR_MS = 5_000;
/** No answer for this long from a fetch that may wait a second at most: the loop has stalled. */
const STALLED_AFTER_MS = 30_000;

export type FetchLoopOptions = {
  context: KafkaContext;
  consumer: Consumer;
  /** How long the broker may hold an empty answer. Shorter for a while after a change, because a new partition waits for it. */
  maxWaitMs: number;
  /** Records in order of their offsets, and the position after them. */
  onRecords(records: IncomingRecord[]): void;
  /** The position is no longer (or not yet) in the log; the partition has been removed from the loop. */
  onOutOfRange(topic: string, partition: number): void;
  onTopicGone(topic: string): void;
  /** False: do not fetch now; `poke()` when it may go on. */
  isOpen(): boolean;
};

type Position = { topic: string; partition: number; next: bigint };

/** Fetches a changing set of partitions from own positions: one request in flight per broker, minBytes 1. */
export class FetchLoop {
  readonly #options: FetchLoopOptions;
  /** Fetches wait at the broker, so they have connections of their own: heartbeats and commits do not queue behind them. */
  readonly #connections: ConnectionPool;
  readonly #positions = new Map<string, Position>();
  readonly #busyNodes = new Map<number, number>();
  #quickUntilMs = 0;
  #isCycling = false;
  #mustCycleAgain = false;
  #isStopped = false;
  fetches = 0;

  constructor(options: FetchLoopOptions) {
    this.#options = options;
    this.#connections = new ConnectionPool(
      options.context.address.clientId,
      clientOptions(options.context.address, false),
    );
  }

  /** Starts reading the partition at `offset`, or moves it there. */
  seek(topic: string, partition: number, offset: bigint): void {
    const key = partitionKey(topic, partition);
    const known = this.#positions.get(key);
    if (known) known.next = offset;
    else {
      this.#positions.set(key, { topic, partition, next: offset });
      this.#options.consumer.topics.track(topic);
      this.#quickUntilMs = this.#options.context.clock.monotonicMs() + QUICK_FOR_MS;
    }
    this.poke();
  }

  remove(topic: string, partition: number): void {
    if (this.#positions.delete(partitionKey(topic, partition))) this.#options.consumer.topics.untrack(topic);
  }

  /** Where the partition is read next; undefined if it is not read. */
  position(topic: string, partition: number): bigint | undefined {
    return this.#positions.get(partitionKey(topic, partition))?.next;
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#positions.clear();
    await this.#connections.close();
  }

  /** Runs the loop if it stands still. */
  poke(): void {
    if (this.#isStopped || this.#positions.size === 0) return;
    if (this.#isCycling) {
      this.#mustCycleAgain = true;
      return;
    }
    this.#isCycling = true;
    void this.#cycle().finally(() => {
      this.#isCycling = false;
      if (this.#mustCycleAgain) {
        this.#mustCycleAgain = false;
        this.poke();
      }
    });
  }

  async #cycle(): Promise<void> {
    if (!this.#options.isOpen()) return;
    const { consumer, context } = this.#options;
    try {
      const metadata = await consumer.metadata({ topics: [...new Set(this.#topics())] });
      const nowMs = context.clock.monotonicMs();
      for (const [node, sinceMs] of this.#busyNodes)
        if (nowMs - sinceMs > STALLED_AFTER_MS) this.#busyNodes.delete(node);
      const byNode = new Map<number, Position[]>();
      for (const position of this.#positions.values()) {
        const leader = metadata.topics.get(position.topic)?.partitions[position.partition]?.leader;
        if (leader === undefined || this.#busyNodes.has(leader)) continue;
        const positions = byNode.get(leader);
        if (positions) positions.push(position);
        else byNode.set(leader, [position]);
      }
      for (const [node, positions] of byNode) {
        this.#busyNodes.set(node, nowMs);
        void this.#fetch(node, positions, metadata.topics);
      }
    } catch (error) {
      await this.#recover(error);
      this.#mustCycleAgain = true;
    }
  }

  /** One request to one broker; whatever a reader makes of its answer, the loop goes on. */
  async #fetch(node: number, positions: Position[], topics: ReadonlyMap<string, { id: string }>): Promise<void> {
    const sinceMs = this.#busyNodes.get(node);
    try {
      await this.#fetchOnce(node, positions, topics);
    } finally {
      // One that was given up as stalled may come back after all: the node is busy with its successor.
      if (this.#busyNodes.get(node) === sinceMs) this.#busyNodes.delete(node);
      this.poke();
    }
  }

  async #fetchOnce(node: number, positions: Position[], topics: ReadonlyMap<string, { id: string }>): Promise<void> {
    const { consumer, context, maxWaitMs } = this.#options;
    const asked = new Map<string, Position & { at: bigint }>();
    const request = new Map<string, Array<Parameters<Consumer['fetch']>[0]['topics'][number]['partitions'][number]>>();
    for (const position of positions) {
      const topicId = topics.get(position.topic)!.id;
      asked.set(partitionKey(topicId, position.partition), { ...position, at: position.next });
      const partitions = request.get(topicId) ?? [];
      if (partitions.length === 0) request.set(topicId, partitions);
      partitions.push({
        partition: position.partition,
        fetchOffset: position.next,
        partitionMaxBytes: MAX_PARTITION_BYTES,
        currentLeaderEpoch: -1,
        lastFetchedEpoch: -1,
      });
    }
    let response: FetchResponse | undefined;
    try {
      response = await consumer.fetch({
        node,
        topics: [...request].map(([topicId, partitions]) => ({ topicId, partitions })),
        maxWaitTime: context.clock.monotonicMs() < this.#quickUntilMs ? QUICK_WAIT_MS : maxWaitMs,
        minBytes: 1,
        maxBytes: MAX_BYTES,
        isolationLevel: FetchIsolationLevels.READ_UNCOMMITTED,
        connectionPool: this.#connections,
      });
      this.fetches += 1;
      context.report(true);
    } catch (error) {
      response = responseOf(error);
      if (!this.#reportLost(response, asked)) await this.#recover(error);
    }
    if (response && !this.#isStopped) this.#deliver(response, asked);
  }

  #deliver(response: FetchResponse, asked: ReadonlyMap<string, Position & { at: bigint }>): void {
    for (const topic of response.responses) {
      for (const answer of topic.partitions) {
        const question = asked.get(partitionKey(topic.topicId, answer.partitionIndex));
        const position = question && this.#positions.get(partitionKey(question.topic, question.partition));
        // Moved or removed while the request was under way: its answer is not what is wanted now.
        if (!question || !position || position.next !== question.at || answer.errorCode !== 0) continue;
        const { records, next } = decode(answer, question);
        position.next = next;
        if (records.length > 0) this.#options.onRecords(records);
      }
    }
  }

  /** True if the error was that positions are out of range: those partitions are removed and reported. */
  #reportLost(response: FetchResponse | undefined, asked: ReadonlyMap<string, Position & { at: bigint }>): boolean {
    let isFound = false;
    for (const topic of response?.responses ?? []) {
      for (const { errorCode, partitionIndex } of topic.partitions) {
        const question = asked.get(partitionKey(topic.topicId, partitionIndex));
        if (errorCode !== ERROR_OFFSET_OUT_OF_RANGE || !question) continue;
        isFound = true;
        // Moved meanwhile: where it is read now may be good.
        if (this.position(question.topic, question.partition) !== question.at) continue;
        this.remove(question.topic, question.partition);
        this.#options.onOutOfRange(question.topic, question.partition);
      }
    }
    return isFound;
  }

  async #recover(error: unknown): Promise<void> {
    const { context, consumer } = this.#options;
    if (this.#isStopped || context.signal.aborted) return;
    context.report(false, error);
    consumer.clearMetadata();
    if (isUnknownTopic(error)) await this.#dropGoneTopics();
    await pause(context.clock, context.retryDelayMs(error), context.signal);
  }

  async #dropGoneTopics(): Promise<void> {
    for (const topic of new Set(this.#topics())) {
      try {
        await this.#options.consumer.metadata({ topics: [topic], forceUpdate: true });
      } catch (error) {
        if (!isUnknownTopic(error)) return;
        for (const position of [...this.#positions.values()]) {
          if (position.topic === topic) this.remove(topic, position.partition);
        }
        this.#options.onTopicGone(topic);
      }
    }
  }

  #topics(): string[] {
    return [...this.#positions.values()].map(({ topic }) => topic);
  }
}

function responseOf(error: unknown): FetchResponse | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { response, errors } = error as { response?: FetchResponse; errors?: unknown[] };
  if (response) return response;
  for (const inner of errors ?? []) {
    const found = responseOf(inner);
    if (found) return found;
  }
  return undefined;
}

function decode(answer: FetchResponsePartition, question: Position): { records: IncomingRecord[]; next: bigint } {
  const { topic, partition } = question;
  const records: IncomingRecord[] = [];
  let next = question.next;
  for (const batch of answer.records ?? []) {
    const after = batch.firstOffset + BigInt(batch.lastOffsetDelta) + 1n;
    if (after > next) next = after;
    if (batch.attributes & IS_CONTROL_BATCH) continue;
    const isAppendTime = (batch.attributes & IS_LOG_APPEND_TIME) !== 0;
    for (const { offsetDelta, timestampDelta, key, headers, value } of batch.records) {
      const offset = batch.firstOffset + BigInt(offsetDelta);
      if (offset < question.next) continue;
      const appendedAtMs = Number(isAppendTime ? batch.maxTimestamp : batch.firstTimestamp + timestampDelta);
      records.push({ topic, partition, offset, appendedAtMs, key, headers, value });
    }
  }
  return { records, next };
}
