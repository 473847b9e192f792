import { argon2, randomBytes } from 'node:crypto';
import { CryptoFault } from './crypto-fault.ts';
import { type ArgonHash, formatArgonHash, parseArgonHash } from './password-hash.ts';
import { equalsConstantTime } from './tokens.ts';

/** A verdict on a password; `needsRehash` asks to store a new hash (parameters have changed). */
export type PasswordVerdict = { isValid: boolean; needsRehash: boolean };

/** Hashes and checks passwords, a few at a time. */
export type Passwords = {
  /** PHC string, argon2id. Throws PASSWORD_QUEUE_FULL. */
  hash(password: string): Promise<string>;
  /**
   * `storedHash` undefined (no such user) costs the same time and is invalid.
   * Throws PASSWORD_QUEUE_FULL, or PASSWORD_HASH_INVALID for a stored text that is no hash of ours.
   */
  verify(password: string, storedHash: string | undefined): Promise<PasswordVerdict>;
};

type Cost = { memoryKiB: number; passes: number; parallelism: number };

/** 19 MiB, two passes: 55 to 60 ms here. */
const COST: Cost = { memoryKiB: 19_456, passes: 2, parallelism: 1 };
const HASH_BYTES = 32;
const SALT_BYTES = 16;
const MAX_PASSWORD_LENGTH = 1_024;

/** At most `maxAtOnce` computations (two: more stall the loop) and `maxWaiting` in the queue. */
export function createPasswords(options: { maxAtOnce?: number; maxWaiting?: number } = {}): Passwords {
  const { maxAtOnce = 2, maxWaiting = 64 } = options;
  const waiting: (() => void)[] = [];
  let running = 0;

  async function inTurn<T>(compute: () => Promise<T>): Promise<T> {
    if (running < maxAtOnce) running += 1;
    else if (waiting.length >= maxWaiting) throw new CryptoFault('PASSWORD_QUEUE_FULL', 'too many logins at once');
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await compute();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  }

  return {
    hash: (password) =>
      inTurn(async () => {
        const salt = randomBytes(SALT_BYTES);
        return formatArgonHash({ ...COST, salt, hash: await derive(password, { ...COST, salt, length: HASH_BYTES }) });
      }),
    verify: (password, storedHash) =>
      inTurn(async () => {
        const stored = storedHash === undefined ? nobody() : parseArgonHash(storedHash);
        const found = await derive(password, { ...stored, length: stored.hash.length });
        const isValid = equalsConstantTime(found, stored.hash) && storedHash !== undefined && isAcceptable(password);
        return { isValid, needsRehash: isValid && !hasCurrentCost(stored) };
      }),
  };
}

function isAcceptable(password: string): boolean {
  return password.length <= MAX_PASSWORD_LENGTH;
}

function hasCurrentCost(stored: ArgonHash): boolean {
  return (
    stored.memoryKiB === COST.memoryKiB &&
    stored.passes === COST.passes &&
    stored.parallelism === COST.parallelism &&
    stored.hash.length === HASH_BYTES
  );
}

function nobody(): ArgonHash {
  return { ...COST, salt: randomBytes(SALT_BYTES), hash: randomBytes(HASH_BYTES) };
}

function derive(password: string, options: Cost & { salt: Buffer; length: number }): Promise<Buffer> {
  const message = Buffer.from(password.normalize('NFKC').slice(0, MAX_PASSWORD_LENGTH));
  const parameters = {
    message,
    nonce: options.salt,
    memory: options.memoryKiB,
    passes: options.passes,
    parallelism: options.parallelism,
    tagLength: options.length,
  };
  return new Promise((resolve, reject) => {
    argon2('argon2id', parameters, (error, key) => (error ? reject(error) : resolve(key)));
  });
}
