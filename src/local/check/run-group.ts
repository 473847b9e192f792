import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { filesOf, type TestGroup } from './groups.ts';
import { endLeftBehind, type MarkedRun, TEST_RUN_MARK } from './left-behind.ts';
import type { PassedTests } from './requirements.ts';
import { addGroup, parseFileResult, type Tally } from './tally.ts';
import type { FileResult } from './test-reporter.ts';

const REPORTER = join(import.meta.dirname, 'test-reporter.ts');
const LEAVE_AT_END = join(import.meta.dirname, 'leave-at-end.ts');

/** How a group is run: where, with which variables, where its lines go, and who hears which tests passed. */
export type GroupRun = {
  projectFolder: string;
  env: NodeJS.ProcessEnv;
  marked: MarkedRun;
  print: (line: string) => void;
  onPassed?: (passed: PassedTests) => void;
};

/** Runs one group under node:test and adds its counts. A group that takes too long is killed, which is a failure; in a run that was broken off nothing is started. */
export async function runGroup(group: TestGroup, tally: Tally, run: GroupRun): Promise<Tally> {
  if (run.marked.brokenOff.aborted) return tally;
  const files = filesOf(group, run.projectFolder);
  run.print(`\n${group.name}: ${files.length} files`);
  if (files.length === 0) return addGroup(tally, { name: group.name, files, results: [], exitCode: 0 });
  const { results, exitCode } = await spawnTests(group, files, run);
  const left = await endLeftBehind(run.marked.mark);
  if (left > 0) run.print(`${left} processes that its tests had started were still there: ended`);
  run.onPassed?.(new Map(results.map(({ file, passed }) => [file, passed])));
  return addGroup(tally, { name: group.name, files, results, exitCode });
}

function spawnTests(
  group: TestGroup,
  files: readonly string[],
  run: GroupRun,
): Promise<{ results: FileResult[]; exitCode: number | null }> {
  const args = [
    ...['--disable-warning=ExperimentalWarning', '--test', `--test-reporter=${REPORTER}`, `--import=${LEAVE_AT_END}`],
    ...[`--test-concurrency=${group.atOnce}`, `--test-timeout=${group.testWithinMs}`, ...files],
  ];
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd: run.projectFolder,
      // Compiled code is kept: hundreds of processes would otherwise each compile the same packages.
      env: {
        NODE_COMPILE_CACHE: join(run.projectFolder, 'var', 'compile-cache'),
        ...run.env,
        [TEST_RUN_MARK]: run.marked.mark,
      },
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
    });
    const pid = child.pid ?? 0;
    const limit = setTimeout(() => {
      run.print(`${group.name} has taken more than ${group.groupWithinMs / 60_000} minutes: killed`);
      process.kill(-pid, 'SIGKILL');
    }, group.groupWithinMs);
    const results: FileResult[] = [];
    createInterface({ input: child.stdout }).on('line', (line) => {
      const result = parseFileResult(line);
      if (result === undefined) run.print(line);
      else results.push(result);
    });
    child.once('error', reject);
    child.once('close', (exitCode) => {
      clearTimeout(limit);
      resolve({ results, exitCode });
    });
  });
}
