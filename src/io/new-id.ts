import { randomUUID, randomUUIDv7 } from 'node:crypto';

/** UUIDv7: ordered by time, for supplies and messages (D-05). */
export function newTimeOrderedId(): string {
  return randomUUIDv7();
}

/** UUIDv4: says nothing about when it was made, for boots, instances and requests. */
export function newRandomId(): string {
  return randomUUID();
}
