/**
 * Seed of generated tests: the typed one (`--seed=N`), EV_SEED or EV_TEST_SEED, else a new one; printed, so that a failure
 * can be repeated.
 */
export function testSeed(testName: string, typed?: number): number {
  const argument = process.argv.find((text) => text.startsWith('--seed='))?.slice('--seed='.length);
  const wanted = Number(typed ?? argument ?? process.env.EV_SEED ?? process.env.EV_TEST_SEED ?? Number.NaN);
  const seed = Number.isSafeInteger(wanted) ? wanted : Math.floor(Math.random() * 2 ** 31);
  console.log(`${testName}: --seed=${seed}`);
  return seed;
}
