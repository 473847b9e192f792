import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import { Pkcs10CertificateRequest, Pkcs10CertificateRequestGenerator, type PublicKey } from '@peculiar/x509';
import { EC_P256, privateKeyPem, SIGN_SHA256 } from './certificate-keys.ts';
import { CryptoFault } from './crypto-fault.ts';

/** A request to send to the authority, and the private key that stays here. */
export type CertificateRequest = { csrPem: string; privateKeyPem: string };

const MAX_CSR_LENGTH = 8_192;

/** Makes an EC P-256 key and a PKCS#10 request for it (`subject`: `cp:CP001`). */
export async function createCertificateRequest(subject: string): Promise<CertificateRequest> {
  const keys = await webcrypto.subtle.generateKey(EC_P256, true, ['sign', 'verify']);
  const request = await Pkcs10CertificateRequestGenerator.create({
    name: [{ CN: [subject] }],
    keys,
    signingAlgorithm: SIGN_SHA256,
  });
  return { csrPem: `${request.toString('pem').trim()}\n`, privateKeyPem: await privateKeyPem(keys.privateKey) };
}

/** The public key of a request whose holder proved the private one. Throws CSR_INVALID; only EC P-256 is taken. */
export async function readCertificateRequest(csrPem: string): Promise<{ publicKey: PublicKey; subject: string }> {
  if (csrPem.length > MAX_CSR_LENGTH) throw new CryptoFault('CSR_INVALID', 'certificate request is too long');
  try {
    const request = new Pkcs10CertificateRequest(csrPem);
    const { name, namedCurve } = request.publicKey.algorithm as { name: string; namedCurve?: string };
    if (name !== EC_P256.name || namedCurve !== EC_P256.namedCurve) throw new Error('its key is not EC P-256');
    if (!(await request.verify())) throw new Error('its signature is wrong');
    return { publicKey: request.publicKey, subject: request.subjectName.getField('CN')[0] ?? '' };
  } catch (error) {
    throw new CryptoFault('CSR_INVALID', 'certificate request is not valid', error);
  }
}
