import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { askSupervisor, type ControlRequest, supervisorPid } from './control.ts';
import type { ManagedView } from './managed-process.ts';
import { type NetworkFiles, type NetworkPlan, networkFiles, planNetwork } from './network-plan.ts';
import { isAlive, isTrueWithin } from './os-process.ts';
import { livingRecords, type ProcessRecord } from './process-record.ts';
import { stopOrphans } from './supervisor.ts';

const PROJECT_FOLDER = resolve(import.meta.dirname, '..', '..');
const DOWN_WITHIN_MS = 90_000;

/** `ev status`: a line for each process. Exits with 1 when nothing runs. */
export async function status(): Promise<void> {
  const { control, records } = files();
  const answer = await askSupervisor(control, { ask: 'STATUS' });
  if (answer === undefined) return fail(notRunning(await livingRecords(records)));
  const views = answer.status as ManagedView[];
  process.stdout.write(`${statusLines(views, Date.now()).join('\n')}\n`);
}

function notRunning(left: readonly ProcessRecord[]): string {
  if (left.length === 0) return 'It does not run. Type: ./run_all.sh';
  const names = left.map((record) => record.name).join(' ');
  return `No supervisor runs, but these of an earlier run do: ${names}. ./run_all.sh takes them over, ./stop_all.sh stops them`;
}

/** The table that `ev status` prints. */
export function statusLines(views: readonly ManagedView[], nowMs: number): string[] {
  const rows = views.map((view) => [
    view.name,
    String(view.pid ?? '-'),
    view.state.toLowerCase(),
    view.startedAtMs === undefined ? '-' : duration(nowMs - view.startedAtMs),
    String(view.restarts),
    view.address,
  ]);
  const table = [['NAME', 'PID', 'STATE', 'UP', 'RESTARTS', 'ADDRESS'], ...rows];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  return table.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

function duration(ms: number): string {
  const seconds = Math.floor(ms / 1_000);
  if (seconds < 60) return `${seconds}s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)}m${seconds % 60}s`;
  return `${Math.floor(seconds / 3_600)}h${Math.floor((seconds % 3_600) / 60)}m`;
}

/** `ev start NAME ...` */
export function start(names: string[]): Promise<void> {
  return forEach(names, 'START');
}

/** `ev stop NAME ...`: it stays stopped until `ev start NAME`. */
export function stop(names: string[]): Promise<void> {
  return forEach(names, 'STOP');
}

async function forEach(names: string[], ask: ControlRequest['ask']): Promise<void> {
  const verb = ask.toLowerCase();
  if (names.length === 0) return fail(`Type: ./ev ${verb} NAME (the names are in ./ev status)`);
  for (const name of names) {
    const answer = await askSupervisor(files().control, { ask, name });
    if (answer === undefined) return fail('It does not run. Type: ./run_all.sh');
    if (answer.error !== undefined) return fail(answer.error);
    process.stdout.write(`${name}: ${ask === 'START' ? 'started' : 'stopped'}\n`);
  }
}

/** `ev down [--clear-logs]`: stops everything on this computer, drivers first, also what a killed supervisor left behind. */
export async function down(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { 'clear-logs': { type: 'boolean' } } });
  const beside = ['EV_Driver', 'EV_CP', 'EV_Registry'].map((name) => ({
    ...plan(),
    varFolder: join(plan().varFolder, name),
  }));
  const started = beside.map(networkFiles).filter((one) => existsSync(one.run));
  await stopEverything([...started, files()], { isClearing: values['clear-logs'] === true });
}

/** Stops the networks of these files one after the other, each in reverse order of its start, and says what came of it. */
export async function stopEverything(all: readonly NetworkFiles[], how: { isClearing: boolean }): Promise<void> {
  let didRun = false;
  for (const one of all) {
    const ended = await stopNetwork(one);
    if (ended === undefined) return;
    didRun ||= ended;
    if (how.isClearing) await rm(one.logs, { recursive: true, force: true });
  }
  const cleared = how.isClearing ? ` Logs in ${all.map((one) => one.logs).join(', ')} are removed.` : '';
  process.stdout.write(`${didRun ? 'Everything has stopped.' : 'Nothing was running.'}${cleared}\n`);
}

/** Whether anything ran; undefined: it still stops, and the exit code says so. */
async function stopNetwork({ control, records }: NetworkFiles): Promise<boolean | undefined> {
  const pid = await supervisorPid(control);
  await askSupervisor(control, { ask: 'DOWN' });
  if (pid !== undefined && !(await isTrueWithin(DOWN_WITHIN_MS, () => !isAlive(pid)))) {
    fail(`the supervisor (pid ${pid}) still stops its processes; see ./ev status`);
    return undefined;
  }
  const orphans = await stopOrphans(records, (name) => (line) => process.stdout.write(`${name}: ${line}\n`));
  await rm(control, { force: true });
  return pid !== undefined || orphans.length > 0;
}

function plan(): NetworkPlan {
  return planNetwork({ projectFolder: PROJECT_FOLDER, points: 0, drivers: 0, env: process.env });
}

function files(): NetworkFiles {
  return networkFiles(plan());
}

function fail(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
  process.exitCode = 1;
}
