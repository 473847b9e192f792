import {
  type ChannelOffered,
  type ChannelWanted,
  channelNegotiationValidators,
} from '../../messages/channel-negotiation.ts';
import type { Envelope } from '../../messages/envelope.ts';
import type { Clock } from '../clock.ts';
import { type ChannelKey, deriveChannelKey } from '../crypto/channel-key.ts';
import { newEphemeral, newNonce, type VerifiedIdentity } from '../crypto/driver-handshake.ts';
import { acceptAgreement } from './driver-agreement.ts';
import type { IncomingRecord, OutgoingRecord } from './kafka-records.ts';
import {
  OPEN_KEY,
  openRecord,
  plainRecord,
  type RecordHeaders,
  readPlainRecord,
  type Sealing,
  sealRecord,
} from './seal.ts';

/** How a client proves itself: a point by its AES-256 key, a driver process by nothing (it checks Central instead). */
export type ClientCredential = { kind: 'point'; keyId: string; key: Uint8Array } | { kind: 'driver'; caPem: string };

/** One try to get a channel: the question, and what makes of a record the answer. */
export type Negotiation = {
  body: ChannelWanted;
  toRecord(sealing: Sealing): OutgoingRecord;
  /** Undefined: not an answer to this question, or not one to trust. */
  read(record: IncomingRecord, headers: RecordHeaders): AcceptedOffer | undefined;
};
export type AcceptedOffer = {
  envelope: Envelope;
  offer: ChannelOffered;
  /** By our monotonic clock: pairs with the offer's `serverTimeMs`. */
  receivedAtMs: number;
  /** Driver processes only. */
  session?: { key: ChannelKey; identity: VerifiedIdentity };
};

/** How long a replaced key still opens what was sealed before. */
const RETIRING_MS = 60_000;

/** The keys of one client: its present one, those just replaced, and those of its leases. */
export class ClientKeys {
  readonly #clock: Clock;
  readonly #byId = new Map<string, { key: ChannelKey; untilMs: number }>();
  #credential: ClientCredential;

  constructor(credential: ClientCredential, clock: Clock) {
    this.#clock = clock;
    this.#credential = credential;
    if (credential.kind === 'point') this.#keep(credential.keyId, deriveChannelKey(credential.key));
  }

  /** Points: from now on seals with this key; the one before still opens for a minute. */
  replace(keyId: string, key: Uint8Array): void {
    if (this.#credential.kind !== 'point' || this.#credential.keyId === keyId) return;
    const former = this.#byId.get(this.#credential.keyId);
    if (former) former.untilMs = this.#clock.monotonicMs() + RETIRING_MS;
    this.#credential = { kind: 'point', keyId, key };
    this.#keep(keyId, deriveChannelKey(key));
  }

  /** Drivers: the lease's session key goes by the lease's id. */
  addSession(leaseId: string, key: ChannelKey): void {
    this.#keep(leaseId, key);
  }

  dropSession(leaseId: string): void {
    if (this.#credential.kind === 'driver') this.#byId.delete(leaseId);
  }

  /** The key id to name and the key to seal with on a lease. */
  sealing(leaseId: string): { keyId: string; key: ChannelKey } {
    const keyId = this.#credential.kind === 'point' ? this.#credential.keyId : leaseId;
    const kept = this.#byId.get(keyId);
    if (!kept) throw new Error('no key for this lease');
    return { keyId, key: kept.key };
  }

  opening(keyId: string): ChannelKey | undefined {
    const kept = this.#byId.get(keyId);
    if (kept && kept.untilMs < this.#clock.monotonicMs()) {
      this.#byId.delete(keyId);
      return undefined;
    }
    return kept?.key;
  }

  /** Begins a negotiation with what the client has. */
  negotiation(clientId: string, bootId: string): Negotiation & { keyId: string } {
    const credential = this.#credential;
    return credential.kind === 'point'
      ? { ...this.#pointNegotiation(clientId, bootId), keyId: credential.keyId }
      : { ...this.#driverNegotiation(clientId, bootId, credential.caPem), keyId: OPEN_KEY };
  }

  #pointNegotiation(clientId: string, bootId: string): Negotiation {
    return {
      body: { clientId, bootId },
      toRecord: (sealing) => sealRecord(sealing, this.sealing('').key.toCentral),
      read: (record, headers) => {
        const key = this.opening(headers.keyId);
        const envelope = key && openRecord(record, headers, key.toClient);
        const offer = envelope && offerOf(envelope);
        return offer && { envelope, offer, receivedAtMs: this.#clock.monotonicMs() };
      },
    };
  }

  #driverNegotiation(clientId: string, bootId: string, caPem: string): Negotiation {
    const ephemeral = newEphemeral();
    const agreement = {
      publicKey: ephemeral.publicKey.toString('base64url'),
      nonce: newNonce().toString('base64url'),
    };
    const body: ChannelWanted = { clientId, bootId, agreement };
    return {
      body,
      toRecord: plainRecord,
      read: (record, headers) => {
        if (headers.keyId !== OPEN_KEY) return undefined;
        const envelope = readPlainRecord(record);
        const offer = envelope && offerOf(envelope);
        if (!envelope || !offer) return undefined;
        const trust = { caPem, nowMs: this.#clock.nowMs() };
        const agreed = acceptAgreement({ wanted: body, ephemeral }, offer, trust);
        if (!agreed) return undefined;
        return {
          envelope,
          offer,
          receivedAtMs: this.#clock.monotonicMs(),
          session: { key: deriveChannelKey(agreed.sessionKey), identity: agreed.identity },
        };
      },
    };
  }

  #keep(keyId: string, key: ChannelKey): void {
    this.#byId.set(keyId, { key, untilMs: Number.POSITIVE_INFINITY });
  }
}

function offerOf(envelope: Envelope): ChannelOffered | undefined {
  if (envelope.type !== 'channel-offered') return undefined;
  return channelNegotiationValidators.get('channel-offered')!.isValid(envelope.body)
    ? (envelope.body as ChannelOffered)
    : undefined;
}
