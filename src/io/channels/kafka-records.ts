/** A record on its way to the broker. `partition` is always chosen by the caller: a lease names it. */
export type OutgoingRecord = {
  topic: string;
  partition: number;
  key: string;
  headers: Readonly<Record<string, string>>;
  value: Uint8Array;
  /** Goes at once and takes what lingers with it; others may wait `lingerMs` for company. */
  isUrgent?: boolean;
  /** Wall clock; what is still queued then is dropped and its promise rejected with EXPIRED (F-10). */
  expiresAtMs?: number;
};

/** A record as read. Headers are as they came: whoever trusts them has checked a seal. */
export type IncomingRecord = {
  topic: string;
  partition: number;
  offset: bigint;
  /** When the broker appended it, by the broker's clock (LogAppendTime). */
  appendedAtMs: number;
  key: Buffer | null;
  headers: ReadonlyArray<readonly [Buffer | null, Buffer | null]>;
  value: Buffer | null;
};

/** The first value of a header, as text; empty if absent. */
export function headerText(record: IncomingRecord, name: string): string {
  for (const [key, value] of record.headers) {
    if (key?.length === name.length && key.toString('latin1') === name) {
      return value ? value.toString('latin1') : '';
    }
  }
  return '';
}

/** One string per partition, for maps. */
export function partitionKey(topic: string, partition: number): string {
  return `${topic}:${partition}`;
}

export type KafkaFaultCode =
  | 'QUEUE_FULL'
  | 'EXPIRED'
  | 'RECORD_TOO_LARGE'
  | 'TOPIC_UNKNOWN'
  | 'KAFKA_AUTHENTICATION'
  | 'KAFKA_SEND_FAILED'
  | 'KAFKA_UNAVAILABLE'
  | 'CLOSED';

/** What went wrong at this edge, as a closed list of codes. */
export class KafkaFault extends Error {
  readonly code: KafkaFaultCode;
  readonly canRetry: boolean;

  constructor(code: KafkaFaultCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'KafkaFault';
    this.code = code;
    this.canRetry = code === 'QUEUE_FULL' || code === 'KAFKA_UNAVAILABLE' || code === 'KAFKA_SEND_FAILED';
  }
}
