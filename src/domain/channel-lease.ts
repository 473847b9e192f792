/** Channel leases (D-11, protocol 3): a lease spreads load, it authenticates nobody. */

export const LEASE_LENGTH_MS = 600_000;
export const LEASE_RENEWAL_MS = 480_000;
export const LEASE_RENEWAL_JITTER_MS = 30_000;

/** One partition of one numbered channel, and how many clients hold a live lease on it. */
export type ChannelLoad = { channelNumber: number; partition: number; clients: number };
/** Where a lease puts its client. */
export type ChannelPlace = { channelNumber: number; partition: number };

/**
 * Chooses where a client goes. It stays where it is unless another place has less than half of the clients;
 * a new one goes to the emptiest place. `draw` (0 <= draw < 1) picks among equals.
 */
export function choosePlace(
  loads: readonly ChannelLoad[],
  current: ChannelPlace | undefined,
  draw: number,
): ChannelPlace {
  if (loads.length === 0) throw new Error('a zone has at least one channel');
  const fewest = Math.min(...loads.map((load) => load.clients));
  const held = current && loads.find((load) => isSamePlace(load, current));
  if (held && fewest * 2 >= held.clients) return { channelNumber: held.channelNumber, partition: held.partition };
  const emptiest = loads.filter((load) => load.clients === fewest);
  const chosen = emptiest[Math.min(emptiest.length - 1, Math.floor(draw * emptiest.length))]!;
  return { channelNumber: chosen.channelNumber, partition: chosen.partition };
}

/** Milliseconds after the lease's start at which its client asks for the next one: 8 min +- 30 s of a 10 minute lease; `draw` is 0 to 1. */
export function renewalDelayMs(leaseLengthMs: number, draw: number): number {
  const scale = leaseLengthMs / LEASE_LENGTH_MS;
  return Math.round((LEASE_RENEWAL_MS + (draw * 2 - 1) * LEASE_RENEWAL_JITTER_MS) * scale);
}

/** Past its end; a record with a good key is still processed and answered with `renew-lease`. */
export function isLapsed(lease: { expiresAtMs: number }, nowMs: number): boolean {
  return nowMs >= lease.expiresAtMs;
}

function isSamePlace(one: ChannelPlace, other: ChannelPlace): boolean {
  return one.channelNumber === other.channelNumber && one.partition === other.partition;
}
