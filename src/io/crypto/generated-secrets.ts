import { createHash, createHmac, pbkdf2Sync, randomBytes, randomInt } from 'node:crypto';

/** 48 bytes by which TLS servers of one network resume each other's sessions. */
export function newTlsTicketKeys(): Buffer {
  return randomBytes(48);
}

const LEGIBLE = 'abcdefghjkmnpqrstuvwxyz23456789';

/** A password to be read off a screen once: 20 characters of 31 (99 bits) in groups, none that look alike. */
export function newLegiblePassword(): string {
  const letters = Array.from({ length: 20 }, () => LEGIBLE[randomInt(LEGIBLE.length)]);
  return [0, 5, 10, 15].map((at) => letters.slice(at, at + 5).join('')).join('-');
}

/** A password as a Kafka broker keeps it: from it nobody gets the password back. */
export type ScramSecret = { iterations: number; salt: Buffer; saltedPassword: Buffer };

/** Kafka's form of a password for SCRAM-SHA-512 (RFC 5802): the broker, and its log of metadata, never see the password. */
export function kafkaScramSecret(password: string): ScramSecret {
  const salt = randomBytes(24);
  const saltedPassword = pbkdf2Sync(password, salt, SCRAM_ITERATIONS, 64, 'sha512');
  return { iterations: SCRAM_ITERATIONS, salt, saltedPassword };
}

const SCRAM_ITERATIONS = 4_096;

/** PostgreSQL's own form of a password (RFC 5803): with it the server, and its log, never see the password itself (F-48). */
export function scramVerifier(password: string): string {
  const salt = randomBytes(16);
  const salted = pbkdf2Sync(password, salt, SCRAM_ITERATIONS, 32, 'sha256');
  const keyed = (label: string) => createHmac('sha256', salted).update(label).digest();
  const storedKey = createHash('sha256').update(keyed('Client Key')).digest('base64');
  const serverKey = keyed('Server Key').toString('base64');
  return `SCRAM-SHA-256$${SCRAM_ITERATIONS}:${salt.toString('base64')}$${storedKey}:${serverKey}`;
}
