import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
  randomFillSync,
  timingSafeEqual,
} from 'node:crypto';

/** The suite of every sealed record, part of what is authenticated: a second one could never be confused with it. */
export const CHANNEL_SUITE = 'AES-256-CBC+HMAC-SHA256';
export const CHANNEL_KEY_BYTES = 32;

const IV_BYTES = 16;
const MAC_BYTES = 32;
const IV_POOL_BYTES = 16 * 256;

/** Cipher and MAC key of one direction. */
export type SealKeys = { cipherKey: KeyObject; macKey: KeyObject };
/** What a 32-byte channel key (a point's AES-256 key, or a driver's session key) becomes: keys per direction. */
export type ChannelKey = { toCentral: SealKeys; toClient: SealKeys };

let ivPool = Buffer.alloc(0);
let ivPoolAt = 0;

/** 32 new random bytes: a point's key. */
export function newChannelKeyBytes(): Buffer {
  return randomBytes(CHANNEL_KEY_BYTES);
}

/** HKDF-SHA256 from the channel key to cipher and MAC key of both directions (protocol 2.3, D-13). */
export function deriveChannelKey(keyBytes: Uint8Array): ChannelKey {
  if (keyBytes.length !== CHANNEL_KEY_BYTES) throw new RangeError('a channel key has 32 bytes');
  const derived = Buffer.from(hkdfSync('sha256', keyBytes, Buffer.alloc(0), `evcharging ${CHANNEL_SUITE}`, 128));
  const part = (index: number) => createSecretKey(derived.subarray(index * 32, index * 32 + 32));
  return {
    toCentral: { cipherKey: part(0), macKey: part(1) },
    toClient: { cipherKey: part(2), macKey: part(3) },
  };
}

/** Encrypts, then authenticates `authenticated` + IV + ciphertext. Layout: IV (16) | ciphertext | MAC (32). */
export function sealBytes(keys: SealKeys, authenticated: Uint8Array, plain: Uint8Array): Buffer {
  const iv = nextIv();
  const cipher = createCipheriv('aes-256-cbc', keys.cipherKey, iv);
  const head = cipher.update(plain);
  const tail = cipher.final();
  const mac = createHmac('sha256', keys.macKey).update(authenticated).update(iv).update(head).update(tail).digest();
  return Buffer.concat([iv, head, tail, mac]);
}

/** The plain bytes, or undefined if anything at all was changed (F-56). The MAC is compared first, in constant time. */
export function openBytes(keys: SealKeys, authenticated: Uint8Array, sealed: Buffer): Buffer | undefined {
  const cipherLength = sealed.length - IV_BYTES - MAC_BYTES;
  if (cipherLength < 16 || cipherLength % 16 !== 0) return undefined;
  const body = sealed.subarray(0, sealed.length - MAC_BYTES);
  const mac = createHmac('sha256', keys.macKey).update(authenticated).update(body).digest();
  if (!timingSafeEqual(mac, sealed.subarray(sealed.length - MAC_BYTES))) return undefined;
  const decipher = createDecipheriv('aes-256-cbc', keys.cipherKey, body.subarray(0, IV_BYTES));
  return Buffer.concat([decipher.update(body.subarray(IV_BYTES)), decipher.final()]);
}

/** Fresh random bytes, drawn in blocks: one call to the generator for 256 records. */
function nextIv(): Buffer {
  if (ivPoolAt >= ivPool.length) {
    ivPool = randomFillSync(Buffer.alloc(IV_POOL_BYTES));
    ivPoolAt = 0;
  }
  ivPoolAt += IV_BYTES;
  return ivPool.subarray(ivPoolAt - IV_BYTES, ivPoolAt);
}
