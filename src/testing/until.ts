/**
 * For whoever does not say: costs nothing while all goes well, and a busy machine is no failure. One request that a busy
 * broker does not answer costs a client ten seconds, and its next try up to ten more.
 */
export const USUALLY_WITHIN_MS = 45_000;

/** Waits for a condition; fails with its name after `withinMs`. */
export async function until(
  name: string,
  condition: () => boolean | Promise<boolean>,
  withinMs = USUALLY_WITHIN_MS,
): Promise<void> {
  const endMs = performance.now() + withinMs;
  while (!(await condition())) {
    if (performance.now() > endMs) throw new Error(`not within ${withinMs} ms: ${name}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const ASK_EVERY_MS = 150;

/** The same for a condition that costs a request: asks a few times a second, well below the servers' rate limits. */
export async function untilAsked(
  name: string,
  condition: () => boolean | Promise<boolean>,
  withinMs = USUALLY_WITHIN_MS,
): Promise<void> {
  const endMs = performance.now() + withinMs;
  while (!(await condition())) {
    if (performance.now() > endMs) throw new Error(`not within ${withinMs} ms: ${name}`);
    await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
  }
}
