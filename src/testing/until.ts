/** Waits for a condition; fails with its name after `withinMs`. */
export async function until(
  name: string,
  condition: () => boolean | Promise<boolean>,
  withinMs = 10_000,
): Promise<void> {
  const endMs = performance.now() + withinMs;
  while (!(await condition())) {
    if (performance.now() > endMs) throw new Error(`not within ${withinMs} ms: ${name}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
