import type { FileResult, TestCounts } from './test-reporter.ts';

/** What the whole run has counted so far; `notes` name what failed. */
export type Tally = { passed: number; failed: number; notes: string[] };

/** Reads what the reporter says of one file; undefined if it is another line. */
export function parseFileResult(line: string): FileResult | undefined {
  const text = /^FILE (\{.*\})$/.exec(line)?.[1];
  return text === undefined ? undefined : (JSON.parse(text) as FileResult);
}

/**
 * Adds one group. What must never look green: no file, no test, a skipped test, a file that did not come to its end, and an
 * exit code that says more than the counts. Each failed test is named again at the end, where it is looked for.
 */
export function addGroup(
  tally: Tally,
  group: { name: string; files: readonly string[]; results: readonly FileResult[]; exitCode: number | null },
): Tally {
  const notes: string[] = [];
  const { results, files, exitCode, name } = group;
  const sum = (of: (counts: TestCounts) => number) => results.reduce((total, one) => total + of(one.counts), 0);
  const [passed, failed, skipped] = [sum((one) => one.passed), sum((one) => one.failed), sum((one) => one.skipped)];
  const cut = files.filter((file) => !results.some((one) => one.file === file));
  if (files.length === 0) notes.push(`${name}: no test file matched`);
  for (const file of cut) notes.push(`${name}: ${file} did not come to its end`);
  if (files.length > 0 && cut.length === 0 && passed + failed === 0) notes.push(`${name}: no test ran`);
  if (exitCode !== 0 && failed === 0 && cut.length === 0)
    notes.push(`${name}: exit code ${exitCode} without a failed test`);
  if (skipped > 0) notes.push(`${name}: ${skipped} tests skipped`);
  const titles = results.flatMap((one) => one.failed.map((title) => `${one.file}: ${title}`));
  return {
    passed: tally.passed + passed,
    failed: tally.failed + failed + notes.length,
    notes: [...tally.notes, ...titles, ...notes],
  };
}

/** Adds one check that is not made of tests (types, lint): it counts as one. */
export function addCheck(tally: Tally, check: { name: string; isGood: boolean }): Tally {
  return check.isGood
    ? { ...tally, passed: tally.passed + 1 }
    : { ...tally, failed: tally.failed + 1, notes: [...tally.notes, `${check.name} failed`] };
}

/** The one plain line that the run ends with. */
export function verdict(tally: Tally): string {
  return `${tally.passed} passed, ${tally.failed} failed`;
}
