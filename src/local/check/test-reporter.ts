import type { TestEvent } from 'node:test/reporters';

/** What one run of node:test counted, as the last line of the reporter's file says it. */
export type TestCounts = { passed: number; failed: number; skipped: number };

const NOT_RUN = ['skipped', 'todo', 'cancelled'] as const;

/**
 * Reporter of the test runs: a line per file as it ends, failures in full, and as last lines, for the runner,
 * `PASSED [file, title][]` and `COUNTS {json}`. A cancelled test counts as failed, a skipped or to-do one as skipped (which the runner refuses).
 */
export default async function* report(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const counts: TestCounts = { passed: 0, failed: 0, skipped: 0 };
  const passed: [file: string, title: string][] = [];
  for await (const event of events) {
    if (event.type === 'test:fail') yield* failureLines(event.data);
    if (event.type === 'test:pass' && event.data.details.type !== 'suite')
      passed.push([shortName(event.data.file ?? ''), event.data.name]);
    if (event.type === 'test:stderr') yield event.data.message;
    if (event.type !== 'test:summary') continue;
    const { file } = event.data;
    const found = countsOf(event.data.counts);
    if (file === undefined) Object.assign(counts, found);
    else
      yield `  ${mark(found)} ${shortName(file)}  ${found.passed} passed${failures(found)}  ${seconds(event.data.duration_ms)}\n`;
  }
  yield `PASSED ${JSON.stringify(passed)}\n`;
  yield `COUNTS ${JSON.stringify(counts)}\n`;
}

type SummaryCounts = Extract<TestEvent, { type: 'test:summary' }>['data']['counts'];
type Failure = Extract<TestEvent, { type: 'test:fail' }>['data'];

// node:test counts a cancelled test as neither passed nor failed, and a failed suite by its tests.
function countsOf(counts: SummaryCounts): TestCounts {
  const [skipped = 0, todo = 0, cancelled = 0] = NOT_RUN.map((name) => counts[name]);
  const failed = counts.tests - counts.passed - skipped - todo;
  return { passed: counts.passed, failed: Math.max(failed, cancelled), skipped: skipped + todo };
}

function* failureLines(failure: Failure): Generator<string> {
  if (failure.details.type === 'suite') return;
  const { error } = failure.details;
  const cause =
    error.cause instanceof Error ? (error.cause.stack ?? error.cause.message) : String(error.cause ?? error.message);
  yield `  ✖ ${failure.name}\n      ${shortName(failure.file ?? '')}:${failure.line ?? 0}\n`;
  yield `${cause
    .split('\n')
    .slice(0, 30)
    .map((line) => `      ${line}`)
    .join('\n')}\n`;
}

function mark(counts: TestCounts): string {
  return counts.failed > 0 ? '✖' : '✔';
}

function failures(counts: TestCounts): string {
  const failed = counts.failed > 0 ? `, ${counts.failed} FAILED` : '';
  return counts.skipped > 0 ? `${failed}, ${counts.skipped} SKIPPED` : failed;
}

function shortName(file: string): string {
  return file.replace(`${process.cwd()}/`, '');
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
