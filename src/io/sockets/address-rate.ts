import type { Clock } from '../clock.ts';

/** Token buckets by address; `burst` at once, then `perSecond`. */
export type AddressRate = { isAllowed(address: string): boolean };

const MAX_ADDRESSES = 10_000;

/** Counts attempts by address in bounded memory: when full, the longest unseen address is forgotten. */
export function createAddressRate(options: { perSecond: number; burst: number; clock: Clock }): AddressRate {
  const buckets = new Map<string, { left: number; seenAtMs: number }>();
  return {
    isAllowed(address) {
      const nowMs = options.clock.monotonicMs();
      const known = buckets.get(address) ?? { left: options.burst, seenAtMs: nowMs };
      const refilled = known.left + ((nowMs - known.seenAtMs) / 1_000) * options.perSecond;
      const left = Math.min(options.burst, refilled);
      buckets.delete(address);
      buckets.set(address, { left: left >= 1 ? left - 1 : left, seenAtMs: nowMs });
      if (buckets.size > MAX_ADDRESSES) buckets.delete(buckets.keys().next().value ?? address);
      return left >= 1;
    },
  };
}
