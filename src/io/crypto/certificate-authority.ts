import 'reflect-metadata';
import { createPublicKey, webcrypto } from 'node:crypto';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  type PublicKeyType,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { fingerprintOf } from './certificate-check.ts';
import { EC_P256, privateKeyPem, SIGN_SHA256 } from './certificate-keys.ts';
import { readCertificateRequest } from './csr.ts';

/** Names of one certificate: its subject and where its holder may be reached. */
export type CertificateNames = { subject: string; dnsNames?: readonly string[]; ipAddresses?: readonly string[] };

/** A certificate with the private key made for it (PKCS#8). */
export type IssuedCertificate = { certificatePem: string; privateKeyPem: string };

/** What is stored of the authority; the private key only sealed. */
export type AuthorityMaterial = { certificatePem: string; privateKeyPem: string };

/** The one authority of a network (protocol 1). */
export type CertificateAuthority = {
  certificatePem: string;
  /** SHA-256 of the certificate, hex; part of the join code. */
  fingerprint: string;
  /** TLS certificate with a new EC P-256 key, for server and client use. */
  issueLeaf(names: CertificateNames, nowMs: number): Promise<IssuedCertificate>;
  /** Signs the key of a CSR; the names are ours, the CSR's own are ignored. Throws CSR_INVALID. */
  signRequest(csrPem: string, names: CertificateNames, nowMs: number): Promise<string>;
  /** Ed25519 certificate that signs transcripts and `Status_*`; no good for TLS. With a key given, a certificate for that key. */
  issueIdentity(subject: string, nowMs: number, privateKeyPem?: string): Promise<IssuedCertificate>;
};

const DAY_MS = 24 * 60 * 60 * 1_000;
const AUTHORITY_DAYS = 3_650;
const LEAF_DAYS = 90;
/** Clocks of other computers may be behind. */
const BACKDATED_MS = 60 * 60 * 1_000;

/** Makes a new authority (EC P-256, ten years). */
export async function createAuthorityMaterial(commonName: string, nowMs: number): Promise<AuthorityMaterial> {
  const keys = await webcrypto.subtle.generateKey(EC_P256, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: [{ CN: [commonName] }],
    keys,
    notBefore: new Date(nowMs - BACKDATED_MS),
    notAfter: new Date(nowMs + AUTHORITY_DAYS * DAY_MS),
    signingAlgorithm: SIGN_SHA256,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certificatePem: pemOf(certificate), privateKeyPem: await privateKeyPem(keys.privateKey) };
}

/** The working authority from what was stored. */
export async function openAuthority(material: AuthorityMaterial): Promise<CertificateAuthority> {
  const authority = new X509Certificate(material.certificatePem);
  const signingKey = await webcrypto.subtle.importKey('pkcs8', derOf(material.privateKeyPem), EC_P256, false, ['sign']);
  const authorityKeyId = await AuthorityKeyIdentifierExtension.create(authority);

  type SignOptions = { names: CertificateNames; publicKey: PublicKeyType; nowMs: number; extensions: Extension[] };
  async function sign({ names, publicKey, nowMs, extensions }: SignOptions): Promise<string> {
    const notAfterMs = Math.min(nowMs + LEAF_DAYS * DAY_MS, authority.notAfter.getTime());
    const certificate = await X509CertificateGenerator.create({
      subject: [{ CN: [names.subject] }],
      issuer: authority.subjectName,
      publicKey,
      signingKey,
      signingAlgorithm: SIGN_SHA256,
      notBefore: new Date(nowMs - BACKDATED_MS),
      notAfter: new Date(notAfterMs),
      extensions: [
        new BasicConstraintsExtension(false, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
        await SubjectKeyIdentifierExtension.create(publicKey),
        authorityKeyId,
        ...extensions,
      ],
    });
    return pemOf(certificate);
  }

  return {
    certificatePem: material.certificatePem,
    fingerprint: fingerprintOf(material.certificatePem),
    async issueLeaf(names, nowMs) {
      const keys = await webcrypto.subtle.generateKey(EC_P256, true, ['sign', 'verify']);
      const certificatePem = await sign({ names, publicKey: keys.publicKey, nowMs, extensions: tlsExtensions(names) });
      return { certificatePem, privateKeyPem: await privateKeyPem(keys.privateKey) };
    },
    async signRequest(csrPem, names, nowMs) {
      const request = await readCertificateRequest(csrPem);
      return sign({ names, publicKey: request.publicKey, nowMs, extensions: tlsExtensions(names) });
    },
    async issueIdentity(subject, nowMs, givenKeyPem) {
      const keys = givenKeyPem === undefined ? await newIdentityKeys() : await identityKeysOf(givenKeyPem);
      const certificatePem = await sign({ names: { subject }, publicKey: keys.publicKey, nowMs, extensions: [] });
      return { certificatePem, privateKeyPem: await privateKeyPem(keys.privateKey) };
    },
  };
}

async function newIdentityKeys(): Promise<webcrypto.CryptoKeyPair> {
  return (await webcrypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])) as webcrypto.CryptoKeyPair;
}

async function identityKeysOf(keyPem: string): Promise<webcrypto.CryptoKeyPair> {
  const spki = createPublicKey(keyPem).export({ type: 'spki', format: 'der' });
  const [privateKey, publicKey] = await Promise.all([
    webcrypto.subtle.importKey('pkcs8', derOf(keyPem), 'Ed25519', true, ['sign']),
    webcrypto.subtle.importKey('spki', Uint8Array.from(spki), 'Ed25519', true, ['verify']),
  ]);
  return { privateKey, publicKey };
}

function tlsExtensions(names: CertificateNames): Extension[] {
  const alternatives = [
    ...(names.dnsNames ?? []).map((value) => ({ type: 'dns' as const, value })),
    ...(names.ipAddresses ?? []).map((value) => ({ type: 'ip' as const, value })),
  ];
  const usage = new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth, ExtendedKeyUsage.clientAuth]);
  return alternatives.length > 0 ? [usage, new SubjectAlternativeNameExtension(alternatives)] : [usage];
}

function pemOf(certificate: X509Certificate): string {
  return `${certificate.toString('pem').trim()}\n`;
}

function derOf(pem: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(Buffer.from(pem.replace(/-----[^-]+-----/g, '').replace(/\s/g, ''), 'base64'));
}
