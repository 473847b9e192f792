import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { globSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, test } from 'node:test';
import { promisify } from 'node:util';
import { COMMANDS } from './ev.ts';
import type { CommandRun } from './testing/every-command.ts';

const PROJECT_FOLDER = resolve(import.meta.dirname, '..');

/** Each command with these arguments, in a computer's folder of its own, in which nothing may appear. */
async function everyCommand(...args: string[]): Promise<CommandRun[]> {
  const folder = await mkdtemp(join(tmpdir(), 'ev-commands-'));
  try {
    const script = join(PROJECT_FOLDER, 'src', 'testing', 'every-command.ts');
    const env = { ...process.env, EV_VAR_DIR: folder };
    // The flags of this process would make a test of it.
    const command = ['--disable-warning=ExperimentalWarning', script, ...args];
    const { stdout } = await promisify(execFile)(process.execPath, command, { env });
    assert.deepEqual(await readdir(folder), [], 'nothing is written');
    return JSON.parse(stdout) as CommandRun[];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Fails with every command of which something is not as it should be. */
function assertEach(runs: readonly CommandRun[], complaintOf: (run: CommandRun) => string | false): void {
  assert.deepEqual(
    runs.map(({ name }) => name),
    Object.keys(COMMANDS),
  );
  const complaints = runs.flatMap((run) => {
    const complaint = run.leftOpen.length > 0 ? `has started ${run.leftOpen}` : complaintOf(run);
    return complaint === false ? [] : [`ev ${run.name} ${complaint}\n${run.stdout}${run.stderr}`];
  });
  assert.deepEqual(complaints, []);
}

for (const option of ['--help', '-h'])
  test(`every command of ./ev tells with ${option} what it takes, and starts nothing`, async () => {
    assertEach(await everyCommand(option), ({ name, stdout, stderr, exitCode }) => {
      if (exitCode !== 0 || stderr !== '') return `ended with ${exitCode}`;
      return !new RegExp(`\\bev ${name}\\b`).test(stdout) && 'does not name itself';
    });
  });

test('every command of ./ev refuses an option that it does not have, by name, with exit code 2, and starts nothing', async () => {
  assertEach(await everyCommand('--no-such-option'), ({ stdout, stderr, exitCode }) => {
    if (exitCode !== 2) return `ended with ${exitCode}`;
    if (stdout !== '') return 'says it on stdout';
    return !stderr.split('\n', 1)[0]?.includes('--no-such-option') && 'does not name it in its first line';
  });
});

/** Scripts that a person types; setup.sh is read by others only. Those of bin: tests/assignment-names.test.ts. */
const SCRIPTS = globSync(['*.sh', 'EV_*/*.sh', 'scripts/*.sh'], { cwd: PROJECT_FOLDER }).filter(
  (file) => file !== 'scripts/setup.sh',
);

describe('a script', { concurrency: 2 }, () => {
  for (const file of SCRIPTS)
    test(`${file} --help tells what it takes, names itself, and starts nothing`, async () => {
      const folder = await mkdtemp(join(tmpdir(), 'ev-commands-'));
      try {
        // A delayed start waits for nobody who only asks.
        const env = { ...process.env, EV_VAR_DIR: folder, ENGINE_MONITOR_STARTUP_DELAY: '600' };
        const { stdout, stderr } = await promisify(execFile)(join(PROJECT_FOLDER, file), ['--help'], { env });
        assert.match(stdout, new RegExp(`(^|[^\\w/])(\\./)?${file.replaceAll('.', '\\.')}\\b`));
        assert.deepEqual([stderr, await readdir(folder)], ['', []]);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    });
});
