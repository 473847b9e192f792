import type { ChannelOffered, ChannelWanted } from '../../messages/channel-negotiation.ts';
import {
  agreeSessionKey,
  type CentralIdentity,
  type Ephemeral,
  isSignedBy,
  lengthPrefixed,
  newEphemeral,
  signWithIdentity,
  type VerifiedIdentity,
  verifyIdentityCertificate,
} from '../crypto/driver-handshake.ts';

const LABEL = 'evcharging driver channel 1';

/** Everything of an offer but how it was agreed. */
export type OfferTerms = Omit<ChannelOffered, 'agreement'>;

/** Central's half: a signed agreement and the session key. Undefined if the client's half is missing or no key. */
export function answerAgreement(
  wanted: ChannelWanted,
  terms: OfferTerms,
  identity: CentralIdentity,
): { offer: ChannelOffered; sessionKey: Buffer } | undefined {
  if (!wanted.agreement) return undefined;
  const own = newEphemeral();
  const transcript = transcriptOf(wanted, terms, own.publicKey);
  const sessionKey = agreeOrNothing(own, wanted.agreement.publicKey, transcript);
  if (!sessionKey) return undefined;
  const agreement = {
    publicKey: own.publicKey.toString('base64url'),
    certificatePem: identity.certificatePem,
    signature: signWithIdentity(identity, transcript).toString('base64url'),
  };
  return { offer: { ...terms, agreement }, sessionKey };
}

/** The client's half: undefined if the offer is not from the Central of our CA, or not for what we asked. */
export function acceptAgreement(
  asked: { wanted: ChannelWanted; ephemeral: Ephemeral },
  offer: ChannelOffered,
  trust: { caPem: string; nowMs: number },
): { sessionKey: Buffer; identity: VerifiedIdentity } | undefined {
  const { agreement, ...terms } = offer;
  if (!agreement) return undefined;
  const identity = verifyIdentityCertificate(agreement.certificatePem, trust.caPem, trust.nowMs);
  if (!identity) return undefined;
  const transcript = transcriptOf(asked.wanted, terms, Buffer.from(agreement.publicKey, 'base64url'));
  if (!isSignedBy(identity, transcript, Buffer.from(agreement.signature, 'base64url'))) return undefined;
  const sessionKey = agreeOrNothing(asked.ephemeral, agreement.publicKey, transcript);
  return sessionKey && { sessionKey, identity };
}

function transcriptOf(wanted: ChannelWanted, terms: OfferTerms, centralPublicKey: Buffer): Buffer {
  return lengthPrefixed([
    LABEL,
    wanted.clientId,
    wanted.bootId,
    wanted.agreement?.publicKey ?? '',
    wanted.agreement?.nonce ?? '',
    centralPublicKey,
    terms.leaseId,
    terms.topic,
    String(terms.partition),
    terms.fromOffset,
    String(terms.expiresInMs),
    String(terms.serverTimeMs),
  ]);
}

/** A point of low order makes no secret; the library says so by throwing. */
function agreeOrNothing(own: Ephemeral, peer: string, transcript: Buffer): Buffer | undefined {
  try {
    return agreeSessionKey(own, Buffer.from(peer, 'base64url'), transcript);
  } catch {
    return undefined;
  }
}
