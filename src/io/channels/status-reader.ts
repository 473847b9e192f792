import type { Envelope } from '../../messages/envelope.ts';
import { statusTopic } from '../../messages/topics.ts';
import type { BodyValidator } from '../../messages/validators.ts';
import type { Clock } from '../clock.ts';
import type { VerifiedIdentity } from '../crypto/driver-handshake.ts';
import type { Log } from '../log.ts';
import type { KafkaConnection } from './kafka.ts';
import type { Following } from './kafka-reader.ts';
import type { IncomingRecord } from './kafka-records.ts';
import { CENTRAL, openSignedRecord, readHeaders } from './seal.ts';

export type StatusMessage = { type: string; body: unknown; topic: string; offset: bigint; sentAtMs: number };

export type StatusReaderOptions = {
  kafka: KafkaConnection;
  /** From `hello-answered.statusOffsets`: topic to the first offset wanted. Zones that appear later are found by themselves. */
  offsets: Readonly<Record<string, string>>;
  /** Central's identity as the channel verified it; a function, because it changes with the certificate. */
  identity(): VerifiedIdentity | undefined;
  validators: ReadonlyMap<string, BodyValidator>;
  onMessage(message: StatusMessage): void;
  /** A place in the log was lost: the snapshot must be asked for again (negotiate anew). */
  onLost(): void;
  onRejected?(code: 'UNREADABLE' | 'UNKNOWN_TYPE' | 'INVALID_BODY', topic: string): void;
  clock: Clock;
  log: Log;
  discoverEveryMs?: number;
};

const DISCOVER_EVERY_MS = 10_000;
const PREFIX = statusTopic('');

/** Follows every `Status_*`: only what Central has signed is believed. */
export function startStatusReader(options: StatusReaderOptions): { stop(): void } {
  const following = new Map<string, Following>();
  let isStopped = false;

  const follow = (topic: string, fromOffset: bigint) => {
    if (isStopped || following.has(topic)) return;
    const onLost = () => {
      following.delete(topic);
      if (!isStopped) options.onLost();
    };
    const onRecord = (record: IncomingRecord) => read(options, record);
    following.set(topic, options.kafka.follow({ topic, partition: 0, fromOffset, onRecord, onLost }));
  };
  const discover = async () => {
    for (const topic of await options.kafka.listTopics(PREFIX)) follow(topic, 0n);
  };

  for (const [topic, offset] of Object.entries(options.offsets)) follow(topic, BigInt(offset));
  const timer = options.clock.setRepeating(() => {
    discover().catch((error: unknown) => options.log.debug({ err: error }, 'no list of zones'));
  }, options.discoverEveryMs ?? DISCOVER_EVERY_MS);
  return {
    stop() {
      isStopped = true;
      timer.cancel();
      for (const one of following.values()) one.stop();
    },
  };
}

function read(options: StatusReaderOptions, record: IncomingRecord): void {
  const identity = options.identity();
  const headers = readHeaders(record);
  const isCentral = headers?.from === CENTRAL && identity !== undefined;
  const envelope = isCentral ? openSignedRecord(record, headers, identity) : undefined;
  const rejection = envelope ? rejectionOf(options, envelope) : 'UNREADABLE';
  if (!envelope || rejection) {
    options.onRejected?.(rejection ?? 'UNREADABLE', record.topic);
    return;
  }
  const { type, body, sentAtMs } = envelope;
  options.onMessage({ type, body, topic: record.topic, offset: record.offset, sentAtMs });
}

function rejectionOf(
  options: StatusReaderOptions,
  { type, body }: Envelope,
): 'UNKNOWN_TYPE' | 'INVALID_BODY' | undefined {
  const validator = options.validators.get(type);
  if (!validator) return 'UNKNOWN_TYPE';
  return validator.isValid(body) ? undefined : 'INVALID_BODY';
}
