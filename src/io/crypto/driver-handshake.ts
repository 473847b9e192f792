import {
  createHash,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
  randomBytes,
  sign,
  verify,
  X509Certificate,
} from 'node:crypto';
import { CHANNEL_KEY_BYTES } from './channel-key.ts';

/** The name in Central's identity certificate; the authority never puts it into a certificate made from a CSR. */
export const CENTRAL_IDENTITY_NAME = 'central-identity';

const X25519_SPKI_PREFIX = Buffer.from('302a300506032b656e032100', 'hex');
const SESSION_LABEL = 'evcharging driver session';

/** An ephemeral X25519 pair; the public half as 32 raw bytes. */
export type Ephemeral = { privateKey: KeyObject; publicKey: Buffer };
/** Central's Ed25519 identity: signs offers and `Status_*`. */
export type CentralIdentity = { privateKey: KeyObject; certificatePem: string; keyId: string };
/** The public half of that identity, after its certificate was verified against the CA. */
export type VerifiedIdentity = { publicKey: KeyObject; keyId: string; validUntilMs: number };

export function newEphemeral(): Ephemeral {
  const pair = generateKeyPairSync('x25519');
  const spki = pair.publicKey.export({ type: 'spki', format: 'der' });
  return { privateKey: pair.privateKey, publicKey: spki.subarray(X25519_SPKI_PREFIX.length) };
}

export function newNonce(): Buffer {
  return randomBytes(32);
}

/** The 32-byte session key of both sides: HKDF over the X25519 secret, salted with the hash of the transcript. */
export function agreeSessionKey(own: Ephemeral, peerPublicKey: Uint8Array, transcript: Uint8Array): Buffer {
  const peer = createPublicKey({
    key: Buffer.concat([X25519_SPKI_PREFIX, peerPublicKey]),
    format: 'der',
    type: 'spki',
  });
  const secret = diffieHellman({ privateKey: own.privateKey, publicKey: peer });
  const salt = createHash('sha256').update(transcript).digest();
  return Buffer.from(hkdfSync('sha256', secret, salt, SESSION_LABEL, CHANNEL_KEY_BYTES));
}

/** Reads Central's identity from PEM; throws if the two do not belong together or the key is not Ed25519. */
export function loadCentralIdentity(parts: { privateKeyPem: string; certificatePem: string }): CentralIdentity {
  const privateKey = createPrivateKey(parts.privateKeyPem);
  const certificate = new X509Certificate(parts.certificatePem);
  if (privateKey.asymmetricKeyType !== 'ed25519' || !certificate.checkPrivateKey(privateKey)) {
    throw new Error('the identity certificate does not belong to the Ed25519 identity key');
  }
  return { privateKey, certificatePem: parts.certificatePem, keyId: identityKeyId(certificate) };
}

/**
 * Checks Central's identity certificate against the CA: signature, dates, Ed25519, the reserved name.
 * Undefined means an impostor (or an expired certificate).
 */
export function verifyIdentityCertificate(
  certificatePem: string,
  caPem: string,
  nowMs: number,
): VerifiedIdentity | undefined {
  const authority = new X509Certificate(caPem);
  const certificate = parseCertificate(certificatePem);
  if (!certificate || certificate.ca) return undefined;
  const isOurs = certificate.checkIssued(authority) && certificate.verify(authority.publicKey);
  const isCurrent = certificate.validFromDate.getTime() <= nowMs && nowMs < certificate.validToDate.getTime();
  const isEd25519 = certificate.publicKey.asymmetricKeyType === 'ed25519';
  // Certificates for TLS carry usages, also when they were made from somebody's own (Ed25519) request.
  const isForTls = (certificate.keyUsage ?? []).length > 0;
  if (!isOurs || !isCurrent || !isEd25519 || isForTls || !hasIdentityName(certificate)) return undefined;
  return {
    publicKey: certificate.publicKey,
    keyId: identityKeyId(certificate),
    validUntilMs: certificate.validToDate.getTime(),
  };
}

export function signWithIdentity(identity: CentralIdentity, bytes: Uint8Array): Buffer {
  return sign(null, bytes, identity.privateKey);
}

export function isSignedBy(identity: VerifiedIdentity, bytes: Uint8Array, signature: Uint8Array): boolean {
  return signature.length === 64 && verify(null, bytes, identity.publicKey, signature);
}

/** Unambiguous bytes of a list of fields: each with its length before it, so that no two lists look alike. */
export function lengthPrefixed(fields: readonly (string | Uint8Array)[]): Buffer {
  const parts: Uint8Array[] = [];
  for (const field of fields) {
    const bytes = typeof field === 'string' ? Buffer.from(field, 'utf8') : field;
    const length = Buffer.allocUnsafe(4);
    length.writeUInt32BE(bytes.length);
    parts.push(length, bytes);
  }
  return Buffer.concat(parts);
}

function parseCertificate(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}

function hasIdentityName(certificate: X509Certificate): boolean {
  return certificate.subject.split('\n').includes(`CN=${CENTRAL_IDENTITY_NAME}`);
}

function identityKeyId(certificate: X509Certificate): string {
  return createHash('sha256').update(certificate.raw).digest('hex').slice(0, 32);
}
