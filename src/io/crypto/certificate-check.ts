import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { CryptoFault } from './crypto-fault.ts';

/** What there is to know about a certificate. */
export type CertificateFacts = { subject: string; notBeforeMs: number; notAfterMs: number; fingerprint: string };

/** SHA-256 of the certificate's DER, lower-case hex without colons. */
export function fingerprintOf(certificatePem: string): string {
  return new X509Certificate(certificatePem).fingerprint256.replaceAll(':', '').toLowerCase();
}

/** Reads a certificate without judging it. */
export function certificateFacts(certificatePem: string): CertificateFacts {
  const certificate = new X509Certificate(certificatePem);
  return {
    subject: commonNameOf(certificate),
    notBeforeMs: certificate.validFromDate.getTime(),
    notAfterMs: certificate.validToDate.getTime(),
    fingerprint: fingerprintOf(certificatePem),
  };
}

/** True from two thirds of its life on (protocol 1), and for one that is no longer readable as valid. */
export function isDueForRenewal(certificatePem: string, nowMs: number): boolean {
  const { notBeforeMs, notAfterMs } = certificateFacts(certificatePem);
  return nowMs >= notBeforeMs + ((notAfterMs - notBeforeMs) * 2) / 3;
}

/**
 * The Ed25519 public key of an identity certificate that this authority issued for `subject`.
 * Throws CERTIFICATE_INVALID: other issuer, other subject, not an identity key, not valid at `nowMs`.
 */
export function verifyIdentity(options: {
  certificatePem: string;
  caPem: string;
  subject: string;
  nowMs: number;
}): KeyObject {
  const { certificate, authority } = readBoth(options.certificatePem, options.caPem);
  const { nowMs } = options;
  const problem = !isIssuedBy(certificate, authority)
    ? 'is not of our authority'
    : commonNameOf(certificate) !== options.subject
      ? 'is for another subject'
      : certificate.publicKey.asymmetricKeyType !== 'ed25519'
        ? 'holds no identity key'
        : nowMs < certificate.validFromDate.getTime() || nowMs > certificate.validToDate.getTime()
          ? 'is not valid now'
          : undefined;
  if (problem) throw new CryptoFault('CERTIFICATE_INVALID', `identity certificate ${problem}`);
  return certificate.publicKey;
}

/** True if the private key belongs to the certificate and the authority issued it. */
export function isUsableCertificate(pair: { certificatePem: string; privateKeyPem: string; caPem: string }): boolean {
  try {
    const { certificate, authority } = readBoth(pair.certificatePem, pair.caPem);
    return isIssuedBy(certificate, authority) && certificate.checkPrivateKey(createPrivateKey(pair.privateKeyPem));
  } catch {
    // Unreadable means unusable: the caller asks for a new one.
    return false;
  }
}

function readBoth(certificatePem: string, caPem: string) {
  try {
    return { certificate: new X509Certificate(certificatePem), authority: new X509Certificate(caPem) };
  } catch (error) {
    throw new CryptoFault('CERTIFICATE_INVALID', 'certificate cannot be read', error);
  }
}

function isIssuedBy(certificate: X509Certificate, authority: X509Certificate): boolean {
  return authority.ca && certificate.checkIssued(authority) && certificate.verify(authority.publicKey);
}

function commonNameOf(certificate: X509Certificate): string {
  const line = certificate.subject.split('\n').find((part) => part.startsWith('CN='));
  return line ? line.slice('CN='.length) : '';
}
