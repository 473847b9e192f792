import {
  type Acl,
  AclOperations,
  AclPermissionTypes,
  Admin,
  findErrorBy,
  ListOffsetTimestamps,
  ResourcePatternTypes,
  ResourceTypes,
} from '@platformatic/kafka';
import type { TopicPlan } from '../../messages/topics.ts';
import { pause } from '../clock.ts';
import { clientOptions, isUnknownTopic, type KafkaContext, untilDone } from './kafka-client.ts';
import { KafkaFault, partitionKey } from './kafka-records.ts';
import type { KafkaRight } from './kafka-rights.ts';
import { aclOf } from './kafka-users.ts';
import { withWholeMetadata } from './whole-metadata.ts';

const RETENTION_MS = 3_600_000;
const RETENTION_BYTES = 256 * 1024 * 1024;
/** A segment is dropped whole, so it must end well before the retention does. */
const SEGMENT_MS = 900_000;
const SEGMENT_BYTES = 64 * 1024 * 1024;
const SERVED_WITHIN_MS = 10_000;
const SERVED_POLL_MS = 20;

/** Topics and offsets. Every call waits for the broker until the connection closes. */
export class KafkaAdmin {
  readonly #context: KafkaContext;
  readonly #admin: Admin;
  readonly #endOffsets = new Map<string, Promise<bigint>>();

  constructor(context: KafkaContext) {
    this.#context = context;
    this.#admin = withWholeMetadata(new Admin(clientOptions(context.address, false)));
  }

  /** Creates what is missing: LogAppendTime, one hour or 256 MiB a partition. Harmless if others do the same. */
  async ensureTopics(plans: readonly TopicPlan[]): Promise<void> {
    const existing = new Set(await untilDone(this.#context, () => this.#admin.listTopics()));
    const missing = plans.filter(({ topic }) => !existing.has(topic));
    if (missing.length === 0) return;
    await untilDone(this.#context, async () => {
      try {
        await this.#admin.createTopics({
          topics: missing.map(({ topic, partitions }) => ({ topic, partitions })),
          configs: TOPIC_CONFIGS,
        });
      } catch (error) {
        if (!(error instanceof Error) || findErrorBy(error, 'apiId', 'TOPIC_ALREADY_EXISTS') === null) throw error;
        const present = new Set(await this.#admin.listTopics());
        const stillMissing = missing.filter(({ topic }) => !present.has(topic));
        if (stillMissing.length > 0) await this.ensureTopics(stillMissing);
      }
    });
    await this.#waitUntilServed(missing.map(({ topic }) => topic));
  }

  /** Grants what is missing, and resolves when the broker acts on it: it does so a moment after it has agreed. */
  async ensureRights(rights: readonly KafkaRight[]): Promise<void> {
    const missing = () => untilDone(this.#context, () => this.#missingAcls(rights.map(aclOf)));
    const creations = await missing();
    if (creations.length === 0) return;
    await untilDone(this.#context, () => this.#admin.createAcls({ creations }));
    const untilMs = this.#context.clock.monotonicMs() + SERVED_WITHIN_MS;
    while ((await missing()).length > 0 && this.#context.clock.monotonicMs() < untilMs)
      await pause(this.#context.clock, SERVED_POLL_MS, this.#context.signal);
  }

  async #missingAcls(wanted: Acl[]): Promise<Acl[]> {
    const resources = await this.#admin.describeAcls({ filter: ANY_ACL });
    const present = new Set(
      resources.flatMap(({ acls, ...resource }) => acls.map((acl) => aclKey({ ...resource, ...acl }))),
    );
    return wanted.filter((acl) => !present.has(aclKey(acl)));
  }

  /** Names that begin with `prefix`, sorted. */
  async listTopics(prefix: string): Promise<string[]> {
    const topics = await untilDone(this.#context, () => this.#admin.listTopics());
    return topics.filter((topic) => topic.startsWith(prefix)).sort();
  }

  /** The offset that the next record will get; throws TOPIC_UNKNOWN. Callers at the same time share one question. */
  endOffset(topic: string, partition: number): Promise<bigint> {
    const key = partitionKey(topic, partition);
    const asked = this.#endOffsets.get(key);
    if (asked) return asked;
    const asking = this.#askOffset(topic, partition).finally(() => this.#endOffsets.delete(key));
    this.#endOffsets.set(key, asking);
    return asking;
  }

  /** The newest append time in a partition, by the broker's clock; undefined if it holds nothing. */
  async newestTimestampMs(topic: string, partition: number): Promise<number | undefined> {
    const [answer] = await this.#admin.listOffsets({
      topics: [{ name: topic, partitions: [{ partitionIndex: partition, timestamp: ListOffsetTimestamps.MAX }] }],
    });
    const newest = answer?.partitions[0];
    return newest && newest.timestamp >= 0n ? Number(newest.timestamp) : undefined;
  }

  async close(): Promise<void> {
    await this.#admin.close().catch(() => undefined);
  }

  /** A topic is created by the controller; the broker serves it a few milliseconds later. */
  async #waitUntilServed(topics: string[]): Promise<void> {
    const untilMs = this.#context.clock.monotonicMs() + SERVED_WITHIN_MS;
    for (;;) {
      try {
        await untilDone(this.#context, () => this.#admin.metadata({ topics: [...topics], forceUpdate: true }));
        return;
      } catch (error) {
        if (!isUnknownTopic(error) || this.#context.clock.monotonicMs() > untilMs) throw error;
        await pause(this.#context.clock, SERVED_POLL_MS, this.#context.signal);
      }
    }
  }

  async #askOffset(topic: string, partition: number): Promise<bigint> {
    try {
      return await untilDone(this.#context, async () => {
        const [answer] = await this.#admin.listOffsets({
          topics: [
            { name: topic, partitions: [{ partitionIndex: partition, timestamp: ListOffsetTimestamps.LATEST }] },
          ],
        });
        const offset = answer?.partitions.find(({ partitionIndex }) => partitionIndex === partition)?.offset;
        if (offset === undefined) throw new KafkaFault('TOPIC_UNKNOWN', `no partition ${topic}:${partition}`);
        return offset;
      });
    } catch (error) {
      this.#admin.clearMetadata();
      if (isUnknownTopic(error)) throw new KafkaFault('TOPIC_UNKNOWN', `no topic ${topic}`, error);
      throw error;
    }
  }
}

const ANY_ACL = {
  resourceType: ResourceTypes.ANY,
  resourceName: null,
  resourcePatternType: ResourcePatternTypes.ANY,
  principal: null,
  host: null,
  operation: AclOperations.ANY,
  permissionType: AclPermissionTypes.ANY,
};

function aclKey(acl: Acl): string {
  return [acl.resourceType, acl.resourcePatternType, acl.resourceName, acl.principal, acl.operation].join(' ');
}

const TOPIC_CONFIGS = [
  { name: 'message.timestamp.type', value: 'LogAppendTime' },
  { name: 'retention.ms', value: String(RETENTION_MS) },
  { name: 'retention.bytes', value: String(RETENTION_BYTES) },
  { name: 'segment.ms', value: String(SEGMENT_MS) },
  { name: 'segment.bytes', value: String(SEGMENT_BYTES) },
];
