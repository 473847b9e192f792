import { type BaseOptions, findErrorBy, type SASLOptions } from '@platformatic/kafka';
import { type Clock, pause } from '../clock.ts';
import type { Log } from '../log.ts';

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
};

const RETRY_DELAY_MS = 200;
const RETRY_DELAY_LATER_MS = 1_000;
const QUICK_ATTEMPTS = 50;

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
    retryDelay: (_client, _operation, attempt) => (attempt > QUICK_ATTEMPTS ? RETRY_DELAY_LATER_MS : RETRY_DELAY_MS),
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
      await pause(context.clock, RETRY_DELAY_MS, context.signal);
      if (context.signal.aborted) throw error;
    }
  }
}

/** No answer, or an answer that another try may change. */
export function isTransient(error: unknown): boolean {
  return error instanceof Error && !isAuthenticationError(error) && !findErrorBy(error, 'canRetry', false);
}

export function isAuthenticationError(error: unknown): boolean {
  return error instanceof Error && findErrorBy(error, 'code', 'PLT_KFK_AUTHENTICATION') !== null;
}

/** The library says "Unknown topic X." in words only. */
export function isUnknownTopic(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return (
    findErrorBy(error, 'apiId', 'UNKNOWN_TOPIC_OR_PARTITION') !== null || error.message.startsWith('Unknown topic')
  );
}
