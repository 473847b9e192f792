import { createPrivateKey, X509Certificate } from 'node:crypto';
import { isIpAddress } from '../sockets/ip-address.ts';

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

/** True if the certificate is good for each of these names and addresses. */
export function covers(certificatePem: string, hosts: readonly string[]): boolean {
  const certificate = new X509Certificate(certificatePem);
  const isCovered = (host: string) =>
    (isIpAddress(host) ? certificate.checkIP(host) : certificate.checkHost(host)) !== undefined;
  return hosts.every(isCovered);
}

/** True if the private key belongs to the certificate and the authority issued it. */
export function isUsableCertificate(pair: { certificatePem: string; privateKeyPem: string; caPem: string }): boolean {
  try {
    const certificate = new X509Certificate(pair.certificatePem);
    const authority = new X509Certificate(pair.caPem);
    return isIssuedBy(certificate, authority) && certificate.checkPrivateKey(createPrivateKey(pair.privateKeyPem));
  } catch {
    // Unreadable means unusable: the caller asks for a new one.
    return false;
  }
}

function isIssuedBy(certificate: X509Certificate, authority: X509Certificate): boolean {
  return authority.ca && certificate.checkIssued(authority) && certificate.verify(authority.publicKey);
}

function commonNameOf(certificate: X509Certificate): string {
  const line = certificate.subject.split('\n').find((part) => part.startsWith('CN='));
  return line ? line.slice('CN='.length) : '';
}
