import { type BaseOptions, findErrorBy, type SASLOptions } from '@platformatic/kafka';
import { type Clock, pause } from '../clock.ts';
import type { Log } from '../log.ts';
import { kafkaProblemKind } from './kafka-refusal.ts';

/** Where the broker is and how one proves oneself to it. TLS and SASL are passed through. */
export type KafkaAddress = {
  /** `host:port`, at least one. */
  brokers: string[];
  /** Shown in the broker's logs and metrics. */
  clientId: string;
  /** CA (and, if the broker asks, our certificate) in PEM. Verification cannot be switched off. */
  tls?: { ca: string; cert?: string; key?: string };
  sasl?: { mechanism: 'SCRAM-SHA-512' | 'SCRAM-SHA-256' | 'PLAIN'; username: string; password: string };
};

/** What the pieces of one connection share. */
export type KafkaContext = {
  address: KafkaAddress;
  clock: Clock;
  log: Log;
  /** Aborted when the connection closes. */
  signal: AbortSignal;
  /** Called after every exchange with the broker: up or down follows from it. */
  report(isAnswering: boolean, error?: unknown): void;
  /** How long to wait before the next try: soon after a broker that was away, ever longer after one that refuses us. */
  retryDelayMs(error: unknown): number;
};

const RETRY_DELAY_MS = 200;
const RETRY_DELAY_LATER_MS = 1_000;
const QUICK_ATTEMPTS = 50;
const REFUSED_DELAY_MS = 10_000;

/** Waits that grow with each refusal up to ten seconds: a wrong password must not hammer the broker. */
export class RetryDelay {
  #refusals = 0;

  answered(): void {
    this.#refusals = 0;
  }

  afterMs(error: unknown): number {
    if (kafkaProblemKind(error) === 'AWAY') return RETRY_DELAY_MS;
    this.#refusals += 1;
    return Math.min(REFUSED_DELAY_MS, RETRY_DELAY_MS * 2 ** Math.min(this.#refusals, 10));
  }
}

/** Options of every client of ours. `isPatient`: the library itself repeats until it succeeds (the idempotent producer must). */
export function clientOptions(address: KafkaAddress, isPatient: boolean): BaseOptions {
  return {
    clientId: address.clientId,
    bootstrapBrokers: address.brokers,
    connectTimeout: 3_000,
    requestTimeout: 10_000,
    timeout: 5_000,
    metadataMaxAge: 300_000,
    retries: isPatient ? true : 0,
    // The library keeps the error of every attempt until one succeeds, so a long outage repeats more slowly.
    retryDelay: (_client, _operation, attempt, _retries, error) => {
      if (error && kafkaProblemKind(error) !== 'AWAY') return REFUSED_DELAY_MS;
      return attempt > QUICK_ATTEMPTS ? RETRY_DELAY_LATER_MS : RETRY_DELAY_MS;
    },
    ...(address.tls ? { tls: { ...address.tls, rejectUnauthorized: true } } : {}),
    ...(address.sasl ? { sasl: address.sasl as SASLOptions } : {}),
  };
}

/** Repeats an operation until it succeeds, the connection closes, or it fails for good. */
export async function untilDone<T>(context: KafkaContext, operation: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      const result = await operation();
      context.report(true);
      return result;
    } catch (error) {
      if (context.signal.aborted || !isTransient(error)) throw error;
      context.report(false, error);
      await pause(context.clock, context.retryDelayMs(error), context.signal);
      if (context.signal.aborted) throw error;
    }
  }
}

/** No answer, or an answer that another try may change: a broker that does not know us yet may be told about us. */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return kafkaProblemKind(error) === 'REFUSED' || !findErrorBy(error, 'canRetry', false);
}

/** The library says "Unknown topic X." in words only. */
export function isUnknownTopic(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return (
    findErrorBy(error, 'apiId', 'UNKNOWN_TOPIC_OR_PARTITION') !== null || error.message.startsWith('Unknown topic')
  );
}
