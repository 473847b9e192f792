import type { PassedTests } from './requirements.ts';
import type { TestCounts } from './test-reporter.ts';

/** What the whole run has counted so far; `notes` say what is not a test's own failure. */
export type Tally = { passed: number; failed: number; notes: string[] };

/** Reads the counts off the reporter's last line; undefined if the run was cut before it. */
export function parseCounts(line: string): TestCounts | undefined {
  const text = /^COUNTS (\{.*\})$/.exec(line)?.[1];
  return text === undefined ? undefined : (JSON.parse(text) as TestCounts);
}

/** Reads the titles of passed tests off the reporter's line for them, by file; undefined if it is another line. */
export function parsePassed(line: string): PassedTests | undefined {
  const text = /^PASSED (\[.*\])$/.exec(line)?.[1];
  if (text === undefined) return undefined;
  const passed = JSON.parse(text) as [file: string, title: string][];
  return new Map(
    [...Map.groupBy(passed, ([file]) => file)].map(([file, tests]) => [file, tests.map(([, title]) => title)]),
  );
}

/**
 * Adds one group. What must never look green: no file, no test, a skipped test, a run that was cut, and an exit code that
 * says more than the counts.
 */
export function addGroup(
  tally: Tally,
  group: { name: string; files: number; counts: TestCounts | undefined; exitCode: number | null },
): Tally {
  const notes: string[] = [];
  const { counts, files, exitCode, name } = group;
  if (files === 0) notes.push(`${name}: no test file matched`);
  else if (counts === undefined) notes.push(`${name}: the run did not come to its end`);
  else if (counts.passed + counts.failed === 0) notes.push(`${name}: no test ran`);
  else if (exitCode !== 0 && counts.failed === 0) notes.push(`${name}: exit code ${exitCode} without a failed test`);
  if (counts !== undefined && counts.skipped > 0) notes.push(`${name}: ${counts.skipped} tests skipped`);
  return {
    passed: tally.passed + (counts?.passed ?? 0),
    failed: tally.failed + (counts?.failed ?? 0) + notes.length,
    notes: [...tally.notes, ...notes],
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
