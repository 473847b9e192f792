/** Seed of generated tests: `--seed=N`, EV_SEED, else by the clock; a test prints it. */
export function seedFromEnvironment(): number {
  const argument = process.argv.find((each) => each.startsWith('--seed='))?.slice('--seed='.length);
  const given = Number(argument ?? process.env.EV_SEED);
  return Number.isSafeInteger(given) && given !== 0 ? given : Date.now() % 2_147_483_647;
}

/** Number of generated cases: EV_RUNS (long runs by hand), else the number for CI. */
export function runsFromEnvironment(inCi: number): number {
  const given = Number(process.env.EV_RUNS);
  return Number.isSafeInteger(given) && given > 0 ? given : inCi;
}
