import { isLapsed } from '../../domain/channel-lease.ts';
import { channelNegotiationValidators } from '../../messages/channel-negotiation.ts';
import type { Envelope } from '../../messages/envelope.ts';
import { zoneOfSelectionTopic } from '../../messages/topics.ts';
import type { BodyValidator } from '../../messages/validators.ts';
import type { Clock } from '../clock.ts';
import { type ChannelKey, deriveChannelKey } from '../crypto/channel-key.ts';
import type { Delivery, Rejection, RejectionCode } from './central-contract.ts';
import { headerText, type IncomingRecord } from './kafka-records.ts';
import type { KnownLeases } from './known-leases.ts';
import type { Lease, PointKey, PointKeySource } from './lease-store.ts';
import { CENTRAL, OPEN_KEY, openRecord, type RecordHeaders, readHeaders, readPlainRecord } from './seal.ts';

const CLIENT_ID = /^(cp|driver):([A-Z][A-Z0-9]{1,19})$/;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const MAX_KEPT_KEYS = 20_000;

export type InboundOptions = {
  keys: PointKeySource;
  leases: KnownLeases;
  validators: { point: ReadonlyMap<string, BodyValidator>; driver: ReadonlyMap<string, BodyValidator> };
  clock: Clock;
  brokerSkewMs(): number;
};

/** What a record turned out to be; `key` opens and seals for this client. */
export type Opened = { delivery: Delivery; key: ChannelKey | undefined } | { rejection: Rejection };

type Checked = { record: IncomingRecord; headers: RecordHeaders; envelope: Envelope; proof: Proof; lease?: Lease };
type Proof = { keyId: string; keyState: Delivery['keyState']; key: ChannelKey | undefined; pointKey?: PointKey };

/** From bytes to a checked message: headers, key, seal, catalogue. Plain values where nothing must be asked for. */
export class Inbound {
  readonly #options: InboundOptions;
  readonly #derived = new Map<string, ChannelKey>();

  constructor(options: InboundOptions) {
    this.#options = options;
  }

  open(record: IncomingRecord): Opened | Promise<Opened> {
    const headers = readHeaders(record);
    if (!headers) return reject(record, record.headers.length === 0 ? 'PLAINTEXT' : 'MALFORMED');
    const client = CLIENT_ID.exec(headers.from);
    if (!client || headers.to !== CENTRAL) return reject(record, 'NOT_ADDRESSED');
    const isSelection = zoneOfSelectionTopic(record.topic) !== undefined;
    if (client[1] === 'cp') return this.#openPoint(record, headers, client[2]!);
    if (headers.keyId === OPEN_KEY) return isSelection ? this.#openPlain(record, headers) : reject(record, 'PLAINTEXT');
    return this.#openDriver(record, headers);
  }

  #openPoint(record: IncomingRecord, headers: RecordHeaders, cpId: string): Opened | Promise<Opened> {
    if (headers.keyId === OPEN_KEY) return reject(record, 'PLAINTEXT');
    if (!UUID.test(headers.keyId)) return reject(record, 'KEY_UNKNOWN');
    const key = this.#options.keys.keyById(cpId, headers.keyId);
    if (key instanceof Promise) return key.then((found) => this.#openWithPointKey(record, headers, found));
    return this.#openWithPointKey(record, headers, key);
  }

  #openWithPointKey(
    record: IncomingRecord,
    headers: RecordHeaders,
    pointKey: PointKey | undefined,
  ): Opened | Promise<Opened> {
    if (!pointKey) return reject(record, 'KEY_UNKNOWN');
    const isOver = pointKey.acceptUntilMs !== undefined && pointKey.acceptUntilMs < this.#options.clock.nowMs();
    if (pointKey.state === 'RETIRING' && isOver) return reject(record, 'KEY_RETIRED');
    const key = this.#channelKey(pointKey);
    return this.#openSealed(record, headers, { keyId: pointKey.keyId, keyState: pointKey.state, key, pointKey });
  }

  async #openDriver(record: IncomingRecord, headers: RecordHeaders): Promise<Opened> {
    if (!UUID.test(headers.lease) || headers.keyId !== headers.lease) return reject(record, 'KEY_UNKNOWN');
    const known = await this.#options.leases.find(headers.lease);
    if (!known?.sessionKey || known.lease.clientId !== headers.from) return reject(record, 'KEY_UNKNOWN');
    return this.#openSealed(record, headers, { keyId: headers.keyId, keyState: 'SESSION', key: known.sessionKey });
  }

  #openPlain(record: IncomingRecord, headers: RecordHeaders): Opened {
    const envelope = readPlainRecord(record);
    if (!envelope) return reject(record, 'MALFORMED');
    if (envelope.type !== 'channel-wanted') return reject(record, 'PLAINTEXT');
    return this.#check({ record, headers, envelope, proof: { keyId: OPEN_KEY, keyState: 'SESSION', key: undefined } });
  }

  #openSealed(record: IncomingRecord, headers: RecordHeaders, proof: Proof): Opened | Promise<Opened> {
    const envelope = openRecord(record, headers, proof.key!.toCentral);
    if (!envelope) return reject(record, 'TAMPERED');
    if (proof.pointKey?.state === 'REVOKED' && !isClosing(envelope, proof.pointKey.closingSupplyId)) {
      return reject(record, 'KEY_REVOKED', envelope.type);
    }
    if (!UUID.test(headers.lease)) return this.#check({ record, headers, envelope, proof });
    const known = this.#options.leases.findNow(headers.lease);
    if (known !== undefined) return this.#check({ record, headers, envelope, proof, lease: known?.lease });
    return this.#options.leases
      .find(headers.lease)
      .then((found) => this.#check({ record, headers, envelope, proof, lease: found?.lease }));
  }

  #check({ record, headers, envelope, proof, lease }: Checked): Opened {
    const kind = headers.from.startsWith('cp:') ? 'point' : 'driver';
    const isSelection = zoneOfSelectionTopic(record.topic) !== undefined;
    const catalogue = isSelection ? channelNegotiationValidators : this.#options.validators[kind];
    const isOffered = !isSelection || envelope.type === 'channel-wanted';
    const validator = isOffered ? catalogue.get(envelope.type) : undefined;
    if (!validator) return reject(record, 'UNKNOWN_TYPE', envelope.type);
    if (!validator.isValid(envelope.body)) {
      return reject(record, 'INVALID_BODY', `${envelope.type} ${validator.complaint(envelope.body)}`);
    }
    const delivery: Delivery = {
      clientId: headers.from,
      kind,
      subjectId: headers.from.slice(headers.from.indexOf(':') + 1),
      leaseId: headers.lease,
      lease: lease?.clientId === headers.from ? lease : undefined,
      keyId: proof.keyId,
      keyState: proof.keyState,
      sequence: headers.sequence,
      envelope,
      topic: record.topic,
      partition: record.partition,
      offset: record.offset,
      appendedAtMs: record.appendedAtMs - this.#options.brokerSkewMs(),
      record,
    };
    return { delivery, key: proof.key };
  }

  #channelKey({ keyId, keyBytes }: PointKey): ChannelKey {
    const kept = this.#derived.get(keyId);
    if (kept) return kept;
    const derived = deriveChannelKey(keyBytes);
    if (this.#derived.size >= MAX_KEPT_KEYS) this.#derived.delete(this.#derived.keys().next().value!);
    this.#derived.set(keyId, derived);
    return derived;
  }
}

/** Its client should negotiate anew: Central does not know the lease, or it has lapsed. */
export function needsRenewal(delivery: Delivery, nowMs: number): boolean {
  return delivery.lease === undefined || isLapsed(delivery.lease, nowMs);
}

/** Under a revoked key only the end of the one supply that it may still close (D-12). */
function isClosing(envelope: Envelope, closingSupplyId: string | undefined): boolean {
  if (envelope.type !== 'supply-ended' || closingSupplyId === undefined) return false;
  const { body } = envelope;
  if (typeof body !== 'object' || body === null || !('supply' in body)) return false;
  const { supply } = body;
  return typeof supply === 'object' && supply !== null && 'supplyId' in supply && supply.supplyId === closingSupplyId;
}

function reject(record: IncomingRecord, code: RejectionCode, detail?: string): Opened {
  const source = headerText(record, 'from').slice(0, 64) || 'unknown';
  return { rejection: { code, source, record, ...(detail === undefined ? {} : { detail }) } };
}
