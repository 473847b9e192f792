import type { Envelope } from '../../messages/envelope.ts';
import { SELECTION_PREFIX, selectionResponseTopic, selectionTopic } from '../../messages/topics.ts';
import type { Clock } from '../clock.ts';
import type { AcceptedOffer, Negotiation } from './client-credential.ts';
import type { KafkaConnection } from './kafka.ts';
import { type IncomingRecord, KafkaFault } from './kafka-records.ts';
import { CENTRAL, readHeaders } from './seal.ts';

export type NegotiationParts = {
  kafka: KafkaConnection;
  clientId: string;
  zone: string;
  negotiation: Negotiation & { keyId: string };
  /** The `channel-wanted` message. */
  envelope: Envelope;
  sequence: number;
  /** Aborts when the channel is stopped. */
  signal: AbortSignal;
  expiresAtMs: number;
  /** Bounds a wait: rejects when it takes too long or the channel is stopped. */
  within<T>(answer: Promise<T>): Promise<T>;
  onImpostor(topic: string): void;
};

/** Steps 1 and 2 of protocol 3: position at the end of the responses, ask, wait for the answer to exactly this question. */
export async function negotiateChannel(parts: NegotiationParts): Promise<AcceptedOffer> {
  const { kafka, clientId, zone, negotiation, envelope, within } = parts;
  const topic = selectionResponseTopic(zone);
  const answer = Promise.withResolvers<AcceptedOffer>();
  answer.promise.catch(() => undefined);
  const onRecord = (record: IncomingRecord) => {
    const headers = readHeaders(record);
    if (headers?.from !== CENTRAL || headers.to !== clientId) return;
    const accepted = negotiation.read(record, headers);
    if (accepted?.envelope.correlationId === envelope.id) answer.resolve(accepted);
    else if (!accepted) parts.onImpostor(topic);
  };
  const onLost = () => answer.reject(new KafkaFault('KAFKA_UNAVAILABLE', 'the place in the log was lost'));
  parts.signal.throwIfAborted();
  const fromOffset = await kafka.positionAtEnd(topic, 0);
  parts.signal.throwIfAborted();
  const following = kafka.follow({ topic, partition: 0, fromOffset, to: clientId, onRecord, onLost });
  try {
    const headers = { from: clientId, to: CENTRAL, keyId: negotiation.keyId, lease: '', sequence: parts.sequence };
    const record = negotiation.toRecord({ topic: selectionTopic(zone), partition: 0, headers, envelope });
    await within(kafka.send({ ...record, isUrgent: true, expiresAtMs: parts.expiresAtMs }));
    return await within(answer.promise);
  } finally {
    following.stop();
  }
}

/** The first zone by name that has a selection topic; throws TOPIC_UNKNOWN while there is none. */
export async function firstZone(kafka: KafkaConnection): Promise<string> {
  const [first] = await kafka.listTopics(SELECTION_PREFIX);
  if (!first) throw new KafkaFault('TOPIC_UNKNOWN', 'no zone exists yet');
  return first.slice(SELECTION_PREFIX.length);
}

/** An answer within `timeoutMs`, or a KafkaFault: late, or stopped. */
export async function answerWithin<T>(
  answer: Promise<T>,
  { clock, timeoutMs, signal }: { clock: Clock; timeoutMs: number; signal: AbortSignal },
): Promise<T> {
  const late = Promise.withResolvers<never>();
  late.promise.catch(() => undefined);
  const timer = clock.setTimer(
    () => late.reject(new KafkaFault('KAFKA_UNAVAILABLE', 'no answer from Central')),
    timeoutMs,
  );
  const stopped = () => late.reject(new KafkaFault('CLOSED', 'the channel was stopped'));
  signal.addEventListener('abort', stopped, { once: true });
  try {
    return await Promise.race([answer, late.promise]);
  } finally {
    timer.cancel();
    signal.removeEventListener('abort', stopped);
  }
}
