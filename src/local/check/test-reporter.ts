import type { TestEvent } from 'node:test/reporters';

/** What one file of tests counted. */
export type TestCounts = { passed: number; failed: number; skipped: number };

const NOT_RUN = ['skipped', 'todo', 'cancelled'] as const;

/** What one file of tests has come to: titles by how they ended. */
export type FileResult = { file: string; counts: TestCounts; passed: string[]; failed: string[] };

/**
 * Reporter of the test runs: a line per file as it ends, failures in full and, for the runner, `FILE {FileResult}` after
 * each file: a run that is cut later keeps what it had. A cancelled test counts as failed, a skipped or to-do one as
 * skipped (which the runner refuses).
 */
export default async function* report(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const passed = new Map<string, string[]>();
  const failed = new Map<string, string[]>();
  for await (const event of events) {
    if (event.type === 'test:fail') yield* failureLines(event.data);
    if (event.type === 'test:pass' || event.type === 'test:fail') {
      if (event.data.details.type === 'suite') continue;
      const titles = event.type === 'test:pass' ? passed : failed;
      const name = shortName(event.data.file ?? '');
      titles.set(name, [...(titles.get(name) ?? []), event.data.name]);
    }
    if (event.type === 'test:stderr') yield event.data.message;
    // What goes wrong outside of any test fails none, and may be why another one waits in vain.
    if (event.type === 'test:diagnostic' && /unhandledRejection|uncaughtException/.test(event.data.message))
      yield `  ! ${event.data.message}\n`;
    if (event.type !== 'test:summary' || event.data.file === undefined) continue;
    const file = shortName(event.data.file);
    const counts = countsOf(event.data.counts);
    yield `  ${mark(counts)} ${file}  ${counts.passed} passed${failures(counts)}  ${seconds(event.data.duration_ms)}\n`;
    const result: FileResult = { file, counts, passed: passed.get(file) ?? [], failed: failed.get(file) ?? [] };
    yield `FILE ${JSON.stringify(result)}\n`;
    passed.delete(file);
    failed.delete(file);
  }
  yield* cutFiles(passed, failed);
}

// Ended from outside, by leave-at-end.ts or by an error outside of its tests: it must not look green.
function* cutFiles(passed: ReadonlyMap<string, string[]>, failed: ReadonlyMap<string, string[]>): Generator<string> {
  for (const file of new Set([...passed.keys(), ...failed.keys()])) {
    const titles = {
      passed: passed.get(file) ?? [],
      failed: [...(failed.get(file) ?? []), 'its process did not end well'],
    };
    const counts = { passed: titles.passed.length, failed: titles.failed.length, skipped: 0 };
    yield `  ✖ ${file}  ${counts.passed} passed${failures(counts)}, and its process did not end well\n`;
    yield `FILE ${JSON.stringify({ file, counts, ...titles } satisfies FileResult)}\n`;
  }
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
