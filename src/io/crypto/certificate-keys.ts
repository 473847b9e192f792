import { KeyObject, type webcrypto } from 'node:crypto';

/** Keys of the authority and of every TLS certificate. */
export const EC_P256 = { name: 'ECDSA', namedCurve: 'P-256' } as const;

/** How those keys sign. */
export const SIGN_SHA256 = { name: 'ECDSA', hash: 'SHA-256' } as const;

/** PKCS#8 PEM, which Node and Kafka both read. */
export async function privateKeyPem(key: webcrypto.CryptoKey): Promise<string> {
  return KeyObject.from(key).export({ type: 'pkcs8', format: 'pem' }).toString();
}
