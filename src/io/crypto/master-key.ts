import { createHmac, createSecretKey, hkdfSync, type KeyObject, randomBytes } from 'node:crypto';
import { closeSync, fstatSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { CryptoFault } from './crypto-fault.ts';

/** The key that seals what the database holds. */
export type MasterKey = {
  /** 1 to 32767, derived from the key: the `master_key_id` of a sealed row. */
  id: number;
  /** Hex; stored in `settings`. A service whose value differs from the stored one must not start. */
  checkValue: string;
  /** The key for one purpose; the master key itself seals nothing. */
  keyFor(purpose: string): KeyObject;
};

const KEY_BYTES = 32;

/** Where the key is: a file only its owner can read, or the value itself (64 hex digits, or base64 of 32 bytes). */
export type MasterKeySource = { path: string } | { value: string };

/** Throws MASTER_KEY_INVALID (wrong length or alphabet) or MASTER_KEY_UNSAFE (file open to others). */
export function loadMasterKey(source: MasterKeySource): MasterKey {
  return masterKeyOf(keyBytes(source));
}

/** The key as 64 hex digits, checked as by `loadMasterKey`. */
export function masterKeyText(source: MasterKeySource): string {
  return keyBytes(source).toString('hex');
}

function keyBytes(source: MasterKeySource): Buffer {
  return decodeKey('value' in source ? source.value : readOwnersFile(source.path));
}

/** Writes a new random key to a 0600 file that must not exist yet (EEXIST), and returns it. */
export function createMasterKeyFile(path: string): MasterKey {
  const bytes = randomBytes(KEY_BYTES);
  const file = openSync(path, 'wx', 0o600);
  try {
    writeSync(file, `${bytes.toString('hex')}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  return masterKeyOf(bytes);
}

function readOwnersFile(path: string): string {
  const file = openSync(path, 'r');
  try {
    const isOpenToOthers = process.platform !== 'win32' && (fstatSync(file).mode & 0o077) !== 0;
    if (isOpenToOthers) throw new CryptoFault('MASTER_KEY_UNSAFE', `${path} can be read by others: chmod 600 it`);
    return readFileSync(file, 'utf8');
  } finally {
    closeSync(file);
  }
}

function decodeKey(text: string): Buffer {
  const trimmed = text.trim();
  const isHex = /^[0-9a-f]{64}$/i.test(trimmed);
  const isBase64 = /^[A-Za-z0-9+/_-]{43}=?$/.test(trimmed);
  const bytes = isHex ? Buffer.from(trimmed, 'hex') : isBase64 ? Buffer.from(trimmed, 'base64') : Buffer.alloc(0);
  if (bytes.length !== KEY_BYTES) throw new CryptoFault('MASTER_KEY_INVALID', 'the master key must be 32 bytes');
  if (new Set(bytes).size < 8) throw new CryptoFault('MASTER_KEY_INVALID', 'the master key is not random');
  return bytes;
}

function masterKeyOf(bytes: Buffer): MasterKey {
  const derive = (label: string) => createHmac('sha256', bytes).update(label).digest();
  return {
    id: (derive('ev-master-key-id').readUInt16BE(0) % 32_767) + 1,
    checkValue: derive('ev-master-key-check').toString('hex', 0, 16),
    keyFor: (purpose) =>
      createSecretKey(Buffer.from(hkdfSync('sha256', bytes, Buffer.alloc(0), `ev-seal:${purpose}`, KEY_BYTES))),
  };
}
