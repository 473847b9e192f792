import { CryptoFault } from './crypto-fault.ts';

/** The parts of a PHC string; memory in KiB. */
export type ArgonHash = { memoryKiB: number; passes: number; parallelism: number; salt: Buffer; hash: Buffer };

const PHC = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{22,86})$/;

/** A stored hash must not be able to ask for more than this. */
const MAX_MEMORY_KIB = 262_144;

/** `$argon2id$v=19$m=19456,t=2,p=1$salt$hash`, base64 without padding. */
export function formatArgonHash(parts: ArgonHash): string {
  const plain = (bytes: Buffer) => bytes.toString('base64').replaceAll('=', '');
  const cost = `m=${parts.memoryKiB},t=${parts.passes},p=${parts.parallelism}`;
  return `$argon2id$v=19$${cost}$${plain(parts.salt)}$${plain(parts.hash)}`;
}

/** Throws PASSWORD_HASH_INVALID for anything but an argon2id PHC string of bearable cost. */
export function parseArgonHash(text: string): ArgonHash {
  const match = PHC.exec(text);
  if (!match) throw new CryptoFault('PASSWORD_HASH_INVALID', 'stored password hash is not argon2id');
  const [memoryKiB, passes, parallelism] = [Number(match[1]), Number(match[2]), Number(match[3])];
  if (memoryKiB > MAX_MEMORY_KIB || memoryKiB < 8 * parallelism || passes < 1 || passes > 10 || parallelism < 1) {
    throw new CryptoFault('PASSWORD_HASH_INVALID', 'stored password hash asks for too much or too little');
  }
  const salt = Buffer.from(match[4] ?? '', 'base64');
  return { memoryKiB, passes, parallelism, salt, hash: Buffer.from(match[5] ?? '', 'base64') };
}
