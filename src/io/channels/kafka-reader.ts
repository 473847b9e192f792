import { Consumer } from '@platformatic/kafka';
import { clientOptions, type KafkaContext } from './kafka-client.ts';
import { FetchLoop } from './kafka-fetch-loop.ts';
import { headerText, type IncomingRecord, partitionKey } from './kafka-records.ts';
import { withWholeMetadata } from './whole-metadata.ts';

const MAX_WAIT_MS = 500;

/** What one follower wants of one partition. */
export type FollowOptions = {
  topic: string;
  partition: number;
  /** The first offset wanted. */
  fromOffset: bigint;
  /** Only records whose header `to` is this; absent: all. */
  to?: string;
  onRecord(record: IncomingRecord): void;
  /** The position has left the log, or the topic has gone: the follower has been removed and must begin anew. */
  onLost(): void;
};
export type Following = { stop(): void };

type Follower = FollowOptions & { nextOffset: bigint };
type Followed = { byAddressee: Map<string, Set<Follower>>; ofAll: Set<Follower>; count: number };

/**
 * Reads without a group from own positions: one reader per process, whatever the number of followers (protocol 3).
 * Records are handed out by their header `to`, so that thousands of followers of a partition cost nothing each.
 */
export class PositionedReader {
  readonly #loop: FetchLoop;
  readonly #consumer: Consumer;
  readonly #followed = new Map<string, Followed>();
  deliveredRecords = 0;

  constructor(context: KafkaContext) {
    this.#consumer = withWholeMetadata(
      new Consumer({ ...clientOptions(context.address, false), groupId: 'no-group', autocommit: false }),
    );
    this.#loop = new FetchLoop({
      context,
      consumer: this.#consumer,
      maxWaitMs: MAX_WAIT_MS,
      onRecords: (records) => this.#handOut(records),
      onOutOfRange: (topic, partition) => this.#lose(partitionKey(topic, partition)),
      onTopicGone: (topic) => this.#loseTopic(topic),
      isOpen: () => true,
    });
  }

  /** Partitions and followers at the moment, for metrics. */
  get followers(): number {
    let count = 0;
    for (const followed of this.#followed.values()) count += followed.count;
    return count;
  }

  /** The offset up to which a partition has been read; undefined while nobody follows it. */
  position(topic: string, partition: number): bigint | undefined {
    return this.#loop.position(topic, partition);
  }

  /** Hands out what the partition holds from `fromOffset` on; may go back over what others have read, who do not see it twice. */
  follow(options: FollowOptions): Following {
    const key = partitionKey(options.topic, options.partition);
    const follower: Follower = { ...options, nextOffset: options.fromOffset };
    const followed = this.#followed.get(key) ?? { byAddressee: new Map(), ofAll: new Set(), count: 0 };
    this.#followed.set(key, followed);
    followed.count += 1;
    if (options.to === undefined) followed.ofAll.add(follower);
    else {
      const same = followed.byAddressee.get(options.to);
      if (same) same.add(follower);
      else followed.byAddressee.set(options.to, new Set([follower]));
    }
    const position = this.#loop.position(options.topic, options.partition);
    if (position === undefined || options.fromOffset < position) {
      this.#loop.seek(options.topic, options.partition, options.fromOffset);
    }
    return { stop: () => this.#unfollow(key, follower) };
  }

  async close(): Promise<void> {
    await this.#loop.stop();
    this.#followed.clear();
    await this.#consumer.close(true).catch(() => undefined);
  }

  #handOut(records: IncomingRecord[]): void {
    const followed = this.#followed.get(partitionKey(records[0]!.topic, records[0]!.partition));
    if (!followed) return;
    for (const record of records) {
      for (const follower of followed.ofAll) this.#give(follower, record);
      if (followed.byAddressee.size === 0) continue;
      const addressed = followed.byAddressee.get(headerText(record, 'to'));
      if (addressed) for (const follower of addressed) this.#give(follower, record);
    }
  }

  #give(follower: Follower, record: IncomingRecord): void {
    if (record.offset < follower.nextOffset) return;
    follower.nextOffset = record.offset + 1n;
    this.deliveredRecords += 1;
    follower.onRecord(record);
  }

  #unfollow(key: string, follower: Follower): void {
    const followed = this.#followed.get(key);
    if (!followed) return;
    const same = follower.to === undefined ? followed.ofAll : followed.byAddressee.get(follower.to);
    if (!same?.delete(follower)) return;
    followed.count -= 1;
    if (follower.to !== undefined && same.size === 0) followed.byAddressee.delete(follower.to);
    if (followed.count > 0) return;
    this.#followed.delete(key);
    this.#loop.remove(follower.topic, follower.partition);
  }

  #lose(key: string): void {
    const followed = this.#followed.get(key);
    if (!followed) return;
    this.#followed.delete(key);
    for (const follower of followed.ofAll) follower.onLost();
    for (const followers of followed.byAddressee.values()) for (const follower of followers) follower.onLost();
  }

  #loseTopic(topic: string): void {
    for (const key of [...this.#followed.keys()]) if (key.startsWith(`${topic}:`)) this.#lose(key);
  }
}
