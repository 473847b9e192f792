/** Doubles from `minMs` (attempt 1) to `maxMs`; the result lies between half and the whole of that. */
export function backOffDelayMs(
  attempt: number,
  bounds: { minMs: number; maxMs: number },
  random: () => number = Math.random,
): number {
  const doublings = Math.min(Math.max(0, attempt - 1), 30);
  const fullMs = Math.min(bounds.maxMs, bounds.minMs * 2 ** doublings);
  return Math.round(fullMs * (0.5 + random() / 2));
}
