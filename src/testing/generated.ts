/** Number of generated cases: EV_RUNS (long runs by hand), else the number for CI. */
export function runsFromEnvironment(inCi: number): number {
  const given = Number(process.env.EV_RUNS);
  return Number.isSafeInteger(given) && given > 0 ? given : inCi;
}
