import { type Envelope, EnvelopeSchema, WIRE_VERSION } from '../../messages/envelope.ts';
import { parser, tolerant } from '../../messages/validators.ts';
import { CHANNEL_SUITE, openBytes, type SealKeys, sealBytes } from '../crypto/channel-key.ts';
import {
  type CentralIdentity,
  isSignedBy,
  lengthPrefixed,
  signWithIdentity,
  type VerifiedIdentity,
} from '../crypto/driver-handshake.ts';
import { type IncomingRecord, type OutgoingRecord, partitionKey } from './kafka-records.ts';

/** Central's own address in `from` and `to`. */
export const CENTRAL = 'central';
/** In place of a key id: an open record (a driver's `channel-wanted` and its offer), allowed on the selection pair only. */
export const OPEN_KEY = 'open';

/**
 * What stands in the clear around a sealed record. All of it is authenticated, with topic, partition and suite:
 * a record cannot be moved, re-addressed or read under another key (F-47, F-56).
 */
export type RecordHeaders = { from: string; to: string; keyId: string; lease: string; sequence: number };
export type Sealing = { topic: string; partition: number; headers: RecordHeaders; envelope: Envelope };

const HEADER_NAMES = ['version', 'from', 'to', 'keyId', 'lease', 'sequence'] as const;
const HEADER_VALUE = /^[A-Za-z0-9:_.-]{0,64}$/;
const SIGNATURE = 'signature';
const parseEnvelope = parser(tolerant(EnvelopeSchema));

/** The headers of a record, or undefined if they are not exactly ours: one of each, of this version. */
export function readHeaders(record: IncomingRecord): RecordHeaders | undefined {
  const values = new Map<string, string>();
  for (const [key, value] of record.headers) {
    const name = key?.toString('latin1') ?? '';
    if (values.has(name) || value === null) return undefined;
    values.set(name, value.toString('latin1'));
  }
  for (const name of HEADER_NAMES) if (!HEADER_VALUE.test(values.get(name) ?? '\n')) return undefined;
  const sequence = Number(values.get('sequence'));
  if (values.get('version') !== String(WIRE_VERSION) || !isPlainCount(values.get('sequence')!)) return undefined;
  return {
    from: values.get('from')!,
    to: values.get('to')!,
    keyId: values.get('keyId')!,
    lease: values.get('lease')!,
    sequence,
  };
}

/** A sealed record, ready to be sent but for urgency and expiry. */
export function sealRecord(sealing: Sealing, keys: SealKeys): OutgoingRecord {
  return toRecord(sealing, sealBytes(keys, authenticatedData(sealing), encodeEnvelope(sealing.envelope)));
}

/** The message inside, or undefined if it was changed, sealed with another key, or is not an envelope. */
export function openRecord(record: IncomingRecord, headers: RecordHeaders, keys: SealKeys): Envelope | undefined {
  if (!record.value) return undefined;
  const { topic, partition } = record;
  const plain = openBytes(keys, authenticatedData({ topic, partition, headers }), record.value);
  return plain && decodeEnvelope(plain);
}

/** A record in the clear: only for the two messages of a driver's negotiation. */
export function plainRecord(sealing: Sealing): OutgoingRecord {
  return toRecord(sealing, encodeEnvelope(sealing.envelope));
}

export function readPlainRecord(record: IncomingRecord): Envelope | undefined {
  return record.value ? decodeEnvelope(record.value) : undefined;
}

/** A record that anybody may read and only Central can have written (`Status_*`). */
export function signRecord(sealing: Sealing, identity: CentralIdentity): OutgoingRecord {
  const record = toRecord(sealing, encodeEnvelope(sealing.envelope));
  const signature = signWithIdentity(identity, signedBytes(sealing, record.value));
  return { ...record, headers: { ...record.headers, [SIGNATURE]: signature.toString('base64url') } };
}

/** The message of a signed record, or undefined if the signature is not Central's. */
export function openSignedRecord(
  record: IncomingRecord,
  headers: RecordHeaders,
  identity: VerifiedIdentity,
): Envelope | undefined {
  const given = record.headers.find(([key]) => key?.toString('latin1') === SIGNATURE)?.[1];
  if (!given || !record.value) return undefined;
  const { topic, partition } = record;
  const bytes = signedBytes({ topic, partition, headers }, record.value);
  const signature = Buffer.from(given.toString('latin1'), 'base64url');
  return isSignedBy(identity, bytes, signature) ? decodeEnvelope(record.value) : undefined;
}

function toRecord({ topic, partition, headers }: Omit<Sealing, 'envelope'>, value: Uint8Array): OutgoingRecord {
  return {
    topic,
    partition,
    key: headers.from === CENTRAL ? headers.to : headers.from,
    headers: {
      version: String(WIRE_VERSION),
      from: headers.from,
      to: headers.to,
      keyId: headers.keyId,
      lease: headers.lease,
      sequence: String(headers.sequence),
    },
    value,
  };
}

// No header value can hold a line feed (HEADER_VALUE), so the lines cannot be confused.
function authenticatedData({ topic, partition, headers }: Omit<Sealing, 'envelope'>): Buffer {
  const { from, to, keyId, lease, sequence } = headers;
  return Buffer.from(
    [CHANNEL_SUITE, WIRE_VERSION, from, to, keyId, lease, sequence, partitionKey(topic, partition)].join('\n'),
    'latin1',
  );
}

function signedBytes(sealing: Omit<Sealing, 'envelope'>, value: Uint8Array): Buffer {
  return lengthPrefixed([authenticatedData(sealing), value]);
}

function encodeEnvelope(envelope: Envelope): Buffer {
  return Buffer.from(JSON.stringify(envelope), 'utf8');
}

function decodeEnvelope(bytes: Buffer): Envelope | undefined {
  try {
    return parseEnvelope(JSON.parse(bytes.toString('utf8')));
  } catch {
    return undefined;
  }
}

function isPlainCount(text: string): boolean {
  return /^(0|[1-9][0-9]{0,14})$/.test(text);
}
