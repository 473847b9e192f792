import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { platform } from 'node:process';
import { test } from 'node:test';
import { isAlive } from '../os-process.ts';
import { endLeftBehind, TEST_RUN_MARK } from './left-behind.ts';

const STAYS = 'setInterval(() => undefined, 60_000); console.log("runs")';
/** Starts one that nobody marks, tells its pid, and does not listen to anybody who wants it to end. */
const STUBBORN = `process.on('SIGTERM', () => undefined);
  const child = require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(STAYS)}], { env: {}, detached: true });
  child.stdout.once('data', () => console.log(child.pid));
  setInterval(() => undefined, 60_000);`;

async function started(script: string, env: NodeJS.ProcessEnv): Promise<{ child: ChildProcess; said: string }> {
  const child = spawn(process.execPath, ['-e', script], { env, detached: true, stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(child.stdout, 'data');
  return { child, said: String(line).trim() };
}

test('what a run of tests that was broken off has started is ended, with what that has started, and nothing else', async (t) => {
  // Only Linux tells which variables a process has.
  if (platform !== 'linux') return assert.equal(await endLeftBehind('this run'), 0);
  const other = await started(STAYS, { [TEST_RUN_MARK]: 'another run' });
  t.after(() => other.child.kill('SIGKILL'));
  const { child, said } = await started(STUBBORN, { [TEST_RUN_MARK]: 'this run' });
  const grandchild = Number(said);
  assert.equal(isAlive(grandchild), true);
  assert.equal(await endLeftBehind('this run', 500), 2);
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  assert.deepEqual([child.signalCode, isAlive(grandchild)], ['SIGKILL', false]);
  assert.equal(isAlive(other.child.pid ?? 0), true);
  assert.equal(await endLeftBehind('this run'), 0);
});
