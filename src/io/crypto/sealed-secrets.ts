import { createCipheriv, createDecipheriv, type KeyObject, randomBytes } from 'node:crypto';
import { CryptoFault } from './crypto-fault.ts';
import type { MasterKey } from './master-key.ts';

/**
 * What a sealed value is and where it belongs: both are authenticated, so a row's secret cannot be moved to another.
 * `purpose` names the column (`cp-secret`, `encryption-key`, `ca-key`), `rowId` the row.
 */
export type SealPlace = { purpose: string; rowId: string };

/** Seals and opens with one master key. */
export type SealedSecrets = {
  /** `master_key_id` to store beside what was sealed. */
  masterKeyId: number;
  seal(plaintext: Uint8Array | string, place: SealPlace): Buffer;
  /** Throws SEAL_BROKEN: other key, other place, or changed bytes. */
  open(sealed: Uint8Array, place: SealPlace): Buffer;
};

/*  sealed:  version 01 | nonce 12 | tag 16 | ciphertext (AES-256-GCM) */
const VERSION = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEADER_BYTES = 1 + NONCE_BYTES + TAG_BYTES;

/** One derived key a purpose, kept. */
export function createSealedSecrets(masterKey: MasterKey): SealedSecrets {
  const keys = new Map<string, KeyObject>();

  function keyOf(purpose: string): KeyObject {
    const key = keys.get(purpose) ?? masterKey.keyFor(purpose);
    keys.set(purpose, key);
    return key;
  }

  return {
    masterKeyId: masterKey.id,
    seal(plaintext, place) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', keyOf(place.purpose), nonce).setAAD(placeBytes(place));
      const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()]);
      return Buffer.concat([Buffer.of(VERSION), nonce, cipher.getAuthTag(), ciphertext]);
    },
    open(sealed, place) {
      if (sealed.length < HEADER_BYTES || sealed[0] !== VERSION) {
        throw new CryptoFault('SEAL_BROKEN', `sealed ${place.purpose} has no known form`);
      }
      const nonce = sealed.subarray(1, 1 + NONCE_BYTES);
      const tag = sealed.subarray(1 + NONCE_BYTES, HEADER_BYTES);
      try {
        const decipher = createDecipheriv('aes-256-gcm', keyOf(place.purpose), nonce, { authTagLength: TAG_BYTES });
        decipher.setAAD(placeBytes(place)).setAuthTag(tag);
        return Buffer.concat([decipher.update(sealed.subarray(HEADER_BYTES)), decipher.final()]);
      } catch (error) {
        throw new CryptoFault('SEAL_BROKEN', `sealed ${place.purpose} does not open`, error);
      }
    },
  };
}

function placeBytes({ purpose, rowId }: SealPlace): Buffer {
  return Buffer.from(JSON.stringify([purpose, rowId]));
}
