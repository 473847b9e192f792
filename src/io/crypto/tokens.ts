import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** 32 random bytes, url-safe (43 characters): enrolment tokens, session tokens, CP secrets. */
export function newToken(): string {
  return randomBytes(32).toString('base64url');
}

/** What is stored of a token: its SHA-256, 32 bytes. Enough for random tokens, never for passwords. */
export function sha256(text: string | Uint8Array): Buffer {
  return createHash('sha256').update(text).digest();
}

/** Compares without telling by its time where the difference is; different lengths are unequal. */
export function equalsConstantTime(left: string | Uint8Array, right: string | Uint8Array): boolean {
  return timingSafeEqual(sha256(left), sha256(right));
}

/** True if the token presented hashes to the stored SHA-256. */
export function isTokenOfHash(token: string, storedSha256: Uint8Array): boolean {
  return equalsConstantTime(sha256(token), storedSha256);
}

/** HMAC-SHA256 over the parts, each preceded by its length, so that parts cannot be moved into one another. */
export function hmacOfParts(key: string | Uint8Array, parts: readonly (string | Uint8Array)[]): Buffer {
  const hmac = createHmac('sha256', key);
  for (const part of parts) {
    const bytes = typeof part === 'string' ? Buffer.from(part) : part;
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    hmac.update(length).update(bytes);
  }
  return hmac.digest();
}

/** The same UUID for the same name: for what must keep its id over restarts. */
export function idFromName(name: string): string {
  const hex = sha256(name).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
