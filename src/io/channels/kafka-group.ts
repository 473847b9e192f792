import { Consumer } from '@platformatic/kafka';
import { pause, type Timer } from '../clock.ts';
import { clientOptions, type KafkaContext, untilDone } from './kafka-client.ts';
import { FetchLoop } from './kafka-fetch-loop.ts';
import { type IncomingRecord, KafkaFault, partitionKey } from './kafka-records.ts';
import { withWholeMetadata } from './whole-metadata.ts';

const SESSION_TIMEOUT_MS = 6_000;
const REBALANCE_TIMEOUT_MS = 15_000;
const HEARTBEAT_MS = 500;
const MAX_WAIT_MS = 500;
const WATCH_EVERY_MS = 5_000;
/** A fetch waits half a second at most; no answer in this time while the broker answers others means a stalled loop. */
const STALLED_AFTER_MS = 20_000;
const REJOIN_MS = 300;
const LEAVES_WITHIN_MS = 2_000;

export type PartitionOf = { topic: string; partition: number };

export type GroupReaderOptions = {
  groupId: string;
  /** Static member: one value per replica, kept over restarts (reads again 0.9 s after kill -9, not 6 s). */
  groupInstanceId: string;
  topics: string[];
  onRecords(records: IncomingRecord[]): void;
  /** These partitions are somebody else's now (or read from the committed offset anew): forget unfinished work on them. */
  onRevoked(partitions: PartitionOf[]): void;
  onAssigned?(partitions: PartitionOf[]): void;
  /** False: too much is waiting, do not fetch; `poke()` later. */
  isOpen(): boolean;
};

/**
 * Central's reading: one classic group, a static member per replica, commits by hand after the work.
 * Own fetch loop on the assignment; it always begins at the committed offset, or at the start of the log.
 */
export class GroupReader {
  readonly #context: KafkaContext;
  readonly #options: GroupReaderOptions;
  readonly #consumer: Consumer;
  readonly #loop: FetchLoop;
  readonly #topics: Set<string>;
  readonly #assigned = new Map<string, PartitionOf>();
  #generation = -1;
  #memberId: string | null = null;
  #joining: Promise<void> = Promise.resolve();
  #beginning: Promise<unknown> = Promise.resolve();
  #watchTimer: Timer | undefined;
  #lastFetches = 0;
  #lastProgressMs = 0;
  #inactiveChecks = 0;
  #isStopped = false;
  rebalances = 0;

  constructor(context: KafkaContext, options: GroupReaderOptions) {
    this.#context = context;
    this.#options = options;
    this.#topics = new Set(options.topics);
    this.#consumer = withWholeMetadata(
      new Consumer({
        ...clientOptions(context.address, false),
        groupId: options.groupId,
        groupInstanceId: options.groupInstanceId,
        groupProtocol: 'classic',
        sessionTimeout: SESSION_TIMEOUT_MS,
        rebalanceTimeout: REBALANCE_TIMEOUT_MS,
        heartbeatInterval: HEARTBEAT_MS,
        autocommit: false,
      }),
    );
    this.#consumer.on('consumer:group:join', () => this.#onJoined());
    // Emitted when a rejoin after a heartbeat fails: from then on nobody else tries.
    this.#consumer.on('error', (error: Error) => {
      context.report(false, error);
      void this.#join().catch(() => undefined);
    });
    this.#loop = new FetchLoop({
      context,
      consumer: this.#consumer,
      maxWaitMs: MAX_WAIT_MS,
      onRecords: options.onRecords,
      onOutOfRange: (topic, partition) => void this.#restartPartition(topic, partition),
      onTopicGone: (topic) => this.#onTopicGone(topic),
      isOpen: options.isOpen,
    });
  }

  /** Joins; resolves with the first assignment. The topics must exist. */
  async start(): Promise<void> {
    for (const topic of this.#topics) this.#consumer.topics.track(topic);
    await this.#join();
    this.#lastProgressMs = this.#context.clock.monotonicMs();
    this.#watchTimer = this.#context.clock.setRepeating(() => this.#watch(), WATCH_EVERY_MS);
  }

  /** Adds topics while running; resolves when the group has been told. The topics must exist. */
  async addTopics(topics: readonly string[]): Promise<void> {
    const added = topics.filter((topic) => !this.#topics.has(topic));
    if (added.length === 0) return;
    for (const topic of added) {
      this.#topics.add(topic);
      this.#consumer.topics.track(topic);
    }
    // A join already under way may have named the old topics; one begun after it names the new ones.
    await this.#join();
    await this.#join();
  }

  /** Resolves when everything assigned so far has its position. */
  async positioned(): Promise<void> {
    await this.#beginning;
  }

  isAssigned(topic: string, partition: number): boolean {
    return this.#assigned.has(partitionKey(topic, partition));
  }

  get assignedPartitions(): number {
    return this.#assigned.size;
  }

  poke(): void {
    this.#loop.poke();
  }

  /** Commits next offsets; those of partitions that are no longer ours are left out. Throws if the broker does not answer. */
  async commit(offsets: ReadonlyArray<PartitionOf & { nextOffset: bigint }>): Promise<void> {
    const own = offsets.filter(({ topic, partition }) => this.isAssigned(topic, partition));
    if (own.length === 0) return;
    await this.#consumer.commit({
      offsets: own.map(({ topic, partition, nextOffset }) => ({
        topic,
        partition,
        offset: nextOffset,
        leaderEpoch: -1,
      })),
    });
  }

  /** Leaves the group, so that others take over at once. */
  async close(): Promise<void> {
    this.#isStopped = true;
    this.#watchTimer?.cancel();
    await this.#loop.stop();
    await this.#leave();
    await this.#consumer.close(true).catch((error: unknown) => {
      this.#context.log.info({ err: error }, 'the group was not left in order: others take over when our session ends');
    });
  }

  /** Before the end: a rejoin that is under way would beat on for ever in a client that was only closed (library 2.12.1). */
  async #leave(): Promise<void> {
    const { clock, log } = this.#context;
    let tooLong: Timer | undefined;
    const patience = new Promise<void>((resolve) => {
      tooLong = clock.setTimer(resolve, LEAVES_WITHIN_MS);
    });
    const leaving = new Promise<void>((resolve) => {
      this.#consumer.leaveGroup(true, (error) => {
        if (error) log.debug({ err: error }, 'the group was not left before the end');
        resolve();
      });
    });
    await Promise.race([leaving, patience]);
    tooLong?.cancel();
  }

  #join(): Promise<void> {
    const joining = this.#joining.then(async () => {
      for (;;) {
        if (this.#isStopped) throw new KafkaFault('CLOSED', 'the group reader is closed');
        try {
          await this.#consumer.joinGroup({});
          // The library also says yes when the group was left meanwhile.
          if (!this.#isStopped) return;
        } catch (error) {
          this.#context.report(false, error);
          this.#consumer.clearMetadata();
          await pause(
            this.#context.clock,
            Math.max(REJOIN_MS, this.#context.retryDelayMs(error)),
            this.#context.signal,
          );
        }
      }
    });
    this.#joining = joining.catch(() => undefined);
    return joining;
  }

  #onJoined(): void {
    this.rebalances += 1;
    const generation = this.#consumer.generationId;
    const hasGap = this.#memberId !== this.#consumer.memberId || generation > this.#generation + 1;
    this.#generation = generation;
    this.#memberId = this.#consumer.memberId;
    const assigned = new Map<string, PartitionOf>();
    for (const { topic, partitions } of this.#consumer.assignments ?? []) {
      for (const partition of partitions) assigned.set(partitionKey(topic, partition), { topic, partition });
    }
    // After a gap somebody else may have owned what is ours again: only the committed offsets are true.
    const revoked = [...this.#assigned].filter(([key]) => hasGap || !assigned.has(key)).map(([, place]) => place);
    for (const { topic, partition } of revoked) {
      this.#assigned.delete(partitionKey(topic, partition));
      this.#loop.remove(topic, partition);
    }
    if (revoked.length > 0) this.#options.onRevoked(revoked);
    const gained = [...assigned.values()].filter(({ topic, partition }) => !this.isAssigned(topic, partition));
    for (const place of gained) this.#assigned.set(partitionKey(place.topic, place.partition), place);
    if (gained.length > 0) this.#beginning = Promise.all([this.#beginning, this.#begin(gained, generation)]);
  }

  /** Positions newly assigned partitions at their committed offsets; a partition without one is read from its start. */
  async #begin(places: PartitionOf[], generation: number): Promise<void> {
    const byTopic = new Map<string, number[]>();
    for (const { topic, partition } of places) byTopic.set(topic, [...(byTopic.get(topic) ?? []), partition]);
    const topics = [...byTopic].map(([topic, partitions]) => ({ topic, partitions }));
    try {
      const committed = await untilDone(this.#context, () => this.#consumer.listCommittedOffsets({ topics }));
      const starts = await untilDone(this.#context, () =>
        this.#consumer.listOffsets({ topics: [...byTopic.keys()], timestamp: -2n }),
      );
      if (this.#isStopped || generation !== this.#consumer.generationId) return this.#beginAgain(places, generation);
      for (const { topic, partition } of places) {
        const start = starts.get(topic)?.[partition] ?? 0n;
        const done = committed.get(topic)?.[partition] ?? -1n;
        if (this.isAssigned(topic, partition)) this.#loop.seek(topic, partition, done > start ? done : start);
      }
      this.#options.onAssigned?.(places);
    } catch (error) {
      if (this.#isStopped || this.#context.signal.aborted) return;
      this.#context.log.warn({ err: error }, 'committed offsets could not be read, joining again');
      await pause(this.#context.clock, REJOIN_MS, this.#context.signal);
      await this.#rejoinFromScratch();
    }
  }

  /** The group moved on while we asked: what is still ours is asked for again. */
  #beginAgain(places: PartitionOf[], generation: number): void {
    if (this.#isStopped || generation === this.#consumer.generationId) return;
    const waiting = places.filter(
      ({ topic, partition }) =>
        this.isAssigned(topic, partition) && this.#loop.position(topic, partition) === undefined,
    );
    if (waiting.length > 0) void this.#begin(waiting, this.#consumer.generationId);
  }

  /** The committed offset has left the log (an hour without us): go on at its start, nothing older exists. */
  async #restartPartition(topic: string, partition: number): Promise<void> {
    this.#context.log.warn(
      { topic, partition },
      'the committed offset is out of range, reading from the start of the log',
    );
    this.#options.onRevoked([{ topic, partition }]);
    const starts = await untilDone(this.#context, () =>
      this.#consumer.listOffsets({ topics: [topic], partitions: { [topic]: [partition] }, timestamp: -2n }),
    ).catch(() => undefined);
    const start = starts?.get(topic)?.[partition];
    if (start !== undefined && this.isAssigned(topic, partition)) this.#loop.seek(topic, partition, start);
  }

  #onTopicGone(topic: string): void {
    this.#context.log.error({ topic }, 'a topic has gone from the broker');
    const lost = [...this.#assigned.values()].filter((place) => place.topic === topic);
    for (const place of lost) this.#assigned.delete(partitionKey(place.topic, place.partition));
    this.#topics.delete(topic);
    this.#consumer.topics.untrack(topic);
    this.#options.onRevoked(lost);
  }

  async #rejoinFromScratch(): Promise<void> {
    const places = [...this.#assigned.values()];
    this.#assigned.clear();
    for (const { topic, partition } of places) this.#loop.remove(topic, partition);
    if (places.length > 0) this.#options.onRevoked(places);
    await this.#join().catch((error: unknown) => {
      if (!this.#isStopped) this.#context.log.error({ err: error }, 'the group could not be joined again');
    });
  }

  /** A loop without an answer, or a membership that ended quietly, is begun again from the committed offsets. */
  #watch(): void {
    const nowMs = this.#context.clock.monotonicMs();
    if (this.#loop.fetches !== this.#lastFetches || this.#assigned.size === 0 || !this.#options.isOpen()) {
      this.#lastFetches = this.#loop.fetches;
      this.#lastProgressMs = nowMs;
    }
    const isStalled = nowMs - this.#lastProgressMs > STALLED_AFTER_MS;
    this.#inactiveChecks = this.#consumer.isActive() ? 0 : this.#inactiveChecks + 1;
    if (!isStalled && this.#inactiveChecks < 2) return;
    this.#inactiveChecks = 0;
    this.#lastProgressMs = nowMs;
    if (isStalled) this.#context.log.warn({ groupId: this.#options.groupId }, 'the reading has stalled, joining again');
    void this.#rejoinFromScratch();
  }
}
