import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ManagedView, ProcessPlan } from './managed-process.ts';
import { isAlive, isTrueWithin, type Program, stopPid } from './os-process.ts';
import { saveRecords, startStampOf, takeStopped } from './process-record.ts';
import { obey } from './run-network.ts';
import { createSupervisor, type Supervisor, stopOrphans, UnknownProcess } from './supervisor.ts';

const SLEEPS = 'setInterval(() => {}, 1000)';
const IGNORES_SIGTERM = `process.on('SIGTERM', () => {}); console.log('deaf'); ${SLEEPS}`;

/** For what must come; a busy computer starts a process in seconds. */
const WITHIN_MS = 30_000;

let folder: string;
let supervisors: Supervisor[];
let said: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ev-supervisor-'));
  supervisors = [];
  said = [];
});
afterEach(async () => {
  for (const supervisor of supervisors) await supervisor.stopAll();
  await rm(folder, { recursive: true, force: true });
});

function program(script: string, env: Record<string, string> = {}): Program {
  const common = { cwd: '/', stopSignal: 'SIGTERM' as const, isReady: async () => true };
  return { ...common, command: process.execPath, args: ['-e', script], env };
}

function plan(name: string, script: string, more: Partial<ProcessPlan> = {}): ProcessPlan {
  return { name, tier: 1, address: '', stopWithinMs: 2_000, prepare: async () => program(script), ...more };
}

function supervise(plans: ProcessPlan[], onChange = (): void => {}): Supervisor {
  const supervisor = createSupervisor({
    plans,
    logsFolder: folder,
    recordFile: join(folder, 'processes.json'),
    sayFor: (name) => (line) => said.push(`${name}: ${line}`),
    onChange,
  });
  supervisors.push(supervisor);
  return supervisor;
}

function viewOf(supervisor: Supervisor, name: string): ManagedView {
  return supervisor.find(name).view();
}

async function untilRunning(supervisor: Supervisor, name: string, not?: number): Promise<number> {
  const isRunning = await isTrueWithin(WITHIN_MS, () => {
    const view = viewOf(supervisor, name);
    return view.state === 'RUNNING' && view.pid !== not;
  });
  assert.ok(isRunning, `${name} is ${viewOf(supervisor, name).state}: ${said.join('; ')}`);
  return viewOf(supervisor, name).pid ?? 0;
}

test('a process that is killed is started again, and the log says so', async () => {
  const supervisor = supervise([plan('one', SLEEPS)]);
  supervisor.start('one');
  const first = await untilRunning(supervisor, 'one');
  process.kill(first, 'SIGKILL');
  const second = await untilRunning(supervisor, 'one', first);
  assert.notEqual(second, first);
  assert.equal(viewOf(supervisor, 'one').restarts, 1);
  assert.match(said.join('\n'), /one: ended by itself \(SIGKILL\); starting again in 0.5 s/);
});

test('a process that a person stopped stays down until a person starts it', async () => {
  const supervisor = supervise([plan('one', SLEEPS)]);
  supervisor.start('one');
  const first = await untilRunning(supervisor, 'one');
  await supervisor.stop('one');
  assert.equal(isAlive(first), false);
  assert.equal(await isTrueWithin(900, () => viewOf(supervisor, 'one').state !== 'STOPPED'), false);
  supervisor.start('one');
  await untilRunning(supervisor, 'one');
  assert.equal(viewOf(supervisor, 'one').restarts, 0);
});

test('two stops at once are one: the slower one takes nothing of the start that follows the other', async () => {
  // It ends when this test says so, between two looks of the first stop and before one of the second.
  const deaf = async () => ({ ...program(SLEEPS), stopSignal: 'SIGCONT' as const });
  const supervisor = supervise([plan('one', '', { prepare: deaf })]);
  supervisor.start('one');
  const first = await untilRunning(supervisor, 'one');
  const stops = [supervisor.stop('one')];
  await sleep(25);
  stops.push(supervisor.stop('one'));
  process.kill(first, 'SIGKILL');
  await stops[0];
  supervisor.start('one');
  await stops[1];
  assert.notEqual(viewOf(supervisor, 'one').state, 'STOPPED', 'nobody would ever stop it');
  const second = await untilRunning(supervisor, 'one', first);
  process.kill(second, 'SIGKILL');
});

test('of a start and a stop that come while a process is still ending the last counts', async () => {
  const supervisor = supervise([plan('one', SLEEPS)]);
  supervisor.start('one');
  const first = await untilRunning(supervisor, 'one');
  const ended = supervisor.stop('one');
  supervisor.start('one');
  await ended;
  const second = await untilRunning(supervisor, 'one', first);
  assert.equal(supervisor.isStopped('one'), false);
  const stops = [supervisor.stop('one')];
  supervisor.start('one');
  stops.push(supervisor.stop('one'));
  await Promise.all(stops);
  assert.equal(isAlive(second), false);
  assert.equal(viewOf(supervisor, 'one').state, 'STOPPED');
  assert.equal(supervisor.isStopped('one'), true);
});

test('a stop that comes while a process waits for its next try is obeyed at once', async () => {
  let onTry = (): void => undefined;
  const prepare = async () => {
    onTry();
    return program('process.exit(3)');
  };
  const supervisor = supervise([plan('broken', '', { prepare })]);
  supervisor.start('broken');
  assert.ok(await isTrueWithin(WITHIN_MS, () => viewOf(supervisor, 'broken').state === 'WAITING'));
  const nextTry = new Promise((resolve) => {
    onTry = () => resolve('the next try came first');
  });
  assert.equal(await Promise.race([supervisor.stop('broken'), nextTry]), undefined);
  assert.equal(viewOf(supervisor, 'broken').state, 'STOPPED');
  assert.match(said.join('\n'), /broken: ended by itself \(exit 3\)/);
});

test('a preparation that fails is a failed try, one that waits is given up at a stop', async () => {
  const never = (signal: AbortSignal): Promise<Program> =>
    new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));
  const failing = async (): Promise<Program> => Promise.reject(new Error('no token yet'));
  const supervisor = supervise([plan('waits', '', { prepare: never }), plan('fails', '', { prepare: failing })]);
  supervisor.start('waits');
  supervisor.start('fails');
  assert.ok(await isTrueWithin(WITHIN_MS, () => viewOf(supervisor, 'fails').state === 'WAITING'));
  assert.match(said.join('\n'), /fails: cannot be started: no token yet/);
  await supervisor.stop('waits');
  assert.equal(viewOf(supervisor, 'waits').state, 'STOPPED');
});

test('a program that does not exist is a failed try, not a crash of the supervisor', async () => {
  const missing = async (): Promise<Program> => ({ ...program(''), command: '/nowhere/at-all' });
  const supervisor = supervise([plan('missing', '', { prepare: missing })]);
  supervisor.start('missing');
  assert.ok(await isTrueWithin(WITHIN_MS, () => viewOf(supervisor, 'missing').state === 'WAITING'));
  assert.match(said.join('\n'), /missing: could not be started \(.*ENOENT/);
});

test('a process that ignores SIGTERM is killed at its deadline', async () => {
  const supervisor = supervise([plan('deaf', IGNORES_SIGTERM, { stopWithinMs: 300 })]);
  supervisor.start('deaf');
  const pid = await untilRunning(supervisor, 'deaf');
  const log = join(folder, 'deaf.log');
  assert.ok(await isTrueWithin(WITHIN_MS, async () => (await readFile(log, 'utf8')).includes('deaf')));
  await supervisor.stop('deaf');
  assert.equal(isAlive(pid), false);
});

test('everything stops from the highest tier down', async () => {
  const stateOf = (name: string): string => viewOf(supervisor, name).state;
  let client = 0;
  const seen = new Set<string>();
  const look = (): void => {
    if (stateOf('database') === 'STOPPING')
      seen.add(`client ${stateOf('client')}, ${isAlive(client) ? 'alive' : 'dead'}`);
  };
  const plans = [plan('database', SLEEPS, { tier: 0 }), plan('client', SLEEPS, { tier: 3 })];
  const supervisor = supervise(plans, look);
  for (const name of ['database', 'client']) supervisor.start(name);
  await untilRunning(supervisor, 'database');
  client = await untilRunning(supervisor, 'client');
  await supervisor.stopAll();
  assert.deepEqual([...seen], ['client STOPPED, dead']);
  assert.equal(stateOf('database'), 'STOPPED');
});

test('an unknown name is refused with the names that there are', () => {
  const supervisor = supervise([plan('one', SLEEPS)]);
  assert.throws(() => supervisor.start('two'), UnknownProcess);
  assert.throws(() => supervisor.start('two'), /there are: one/);
});

test('after kill -9 of the supervisor its processes are adopted, and their death is still noticed', async () => {
  const before = supervise([plan('one', SLEEPS)]);
  before.start('one');
  const pid = await untilRunning(before, 'one');
  assert.ok(
    await isTrueWithin(WITHIN_MS, async () =>
      (await readFile(join(folder, 'processes.json'), 'utf8')).includes(`${pid}`),
    ),
  );
  const next = supervise([plan('one', SLEEPS)]);
  await next.takeOver();
  assert.equal(viewOf(next, 'one').pid, pid);
  await before.stop('one');
  await untilRunning(next, 'one', pid);
});

test('a supervisor that leaves has written down what it has only just started, and starts nothing more', async () => {
  const waits = async (signal: AbortSignal): Promise<Program> => {
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    return program(SLEEPS);
  };
  const before = supervise([
    plan('one', SLEEPS),
    plan('two', SLEEPS, { prepare: waits }),
    plan('stopped', SLEEPS),
    plan('later', SLEEPS),
  ]);
  for (const name of ['one', 'two', 'stopped']) before.start(name);
  await before.stop('stopped');
  await isTrueWithin(WITHIN_MS, () => viewOf(before, 'one').pid !== undefined);
  await before.leaveAll();
  const { pid } = viewOf(before, 'one');
  const next = supervise(['one', 'two', 'stopped', 'later'].map((name) => plan(name, SLEEPS)));
  await next.takeOver();
  assert.deepEqual(
    next
      .views()
      .filter(({ name }) => next.isStopped(name))
      .map(({ name }) => name),
    ['stopped'],
    'as a person has left it',
  );
  assert.deepEqual(await takeStopped(join(folder, 'processes.json')), [], 'told once');
  assert.equal(viewOf(next, 'one').pid, pid);
  assert.equal(viewOf(before, 'two').pid, undefined);
  assert.ok(isAlive(pid ?? 0));
});

test('what a person asks while processes are taken over is about those: none is started a second time, a stop is a stop', async () => {
  const names = ['one', 'two'];
  const before = supervise(names.map((name) => plan(name, SLEEPS)));
  for (const name of names) before.start(name);
  const pids = await Promise.all(names.map((name) => untilRunning(before, name)));
  await before.leaveAll();
  const next = supervise(names.map((name) => plan(name, SLEEPS)));
  const taking = next.takeOver();
  const stopping = { stop: () => undefined, leave: () => undefined };
  await Promise.all([
    obey({ ask: 'START', name: 'one' }, next, stopping),
    obey({ ask: 'STOP', name: 'two' }, next, stopping),
  ]);
  await taking;
  assert.equal(await untilRunning(next, 'one'), pids[0]);
  assert.equal(viewOf(next, 'two').state, 'STOPPED');
  assert.ok(!isAlive(pids[1] ?? 0));
});

test('what is left of another plan is stopped, not adopted', async () => {
  const orphan = spawn(process.execPath, ['-e', SLEEPS], { stdio: 'ignore', detached: true });
  const pid = orphan.pid ?? 0;
  const stamp = (await startStampOf(pid)) ?? '';
  const record = {
    name: 'one',
    tier: 1,
    pid,
    stamp,
    fingerprint: 'of an older version',
    stopSignal: 'SIGTERM' as const,
  };
  await saveRecords(join(folder, 'processes.json'), [record]);
  const supervisor = supervise([plan('one', SLEEPS)]);
  await supervisor.takeOver();
  assert.equal(isAlive(pid), false);
  assert.equal(viewOf(supervisor, 'one').state, 'STOPPED');
});

test('a recorded id that now belongs to another process is left alone', async () => {
  const stranger = spawn(process.execPath, ['-e', SLEEPS], { stdio: 'ignore', detached: true });
  const pid = stranger.pid ?? 0;
  const record = { name: 'one', tier: 1, pid, stamp: 'long ago', fingerprint: '', stopSignal: 'SIGTERM' as const };
  await saveRecords(join(folder, 'processes.json'), [record]);
  assert.deepEqual(await stopOrphans(join(folder, 'processes.json'), () => () => {}), []);
  assert.equal(isAlive(pid), true);
  await stopPid(pid, { signal: 'SIGKILL', withinMs: 1_000 });
});

test('a broken record does not keep the network from starting', async () => {
  await rm(join(folder, 'processes.json'), { force: true });
  await saveRecords(join(folder, 'processes.json'), []);
  const { writeFile } = await import('node:fs/promises');
  await writeFile(join(folder, 'processes.json'), '[{"name":"on');
  const supervisor = supervise([plan('one', SLEEPS)]);
  await supervisor.takeOver();
  supervisor.start('one');
  await untilRunning(supervisor, 'one');
});
