import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { BadArgument, isPlainCall, readCommandLine } from '../io/command-line.ts';
import { askSupervisor, type ControlAnswer, type ControlRequest, supervisorPid } from './control.ts';
import type { ManagedView } from './managed-process.ts';
import { type NetworkFiles, networkFiles, planNetwork } from './network-plan.ts';
import { isAlive, isTrueWithin } from './os-process.ts';
import { livingRecords, type ProcessRecord } from './process-record.ts';
import { stopOrphans } from './supervisor.ts';

const PROJECT_FOLDER = resolve(import.meta.dirname, '..', '..');
const DOWN_WITHIN_MS = 90_000;

const STATUS_USAGE = `ev status

A line for each process of this computer: pid, state, time since its start, restarts, address. Exit code 1: nothing runs.`;
const START_USAGE = `ev start NAME ...

Starts processes of the running network that were stopped; ./ev status names them.`;
const STOP_USAGE = `ev stop NAME ...

Stops processes of the running network; they stay stopped until ./ev start NAME. ./ev status names them.`;
const DOWN_USAGE = `./stop_all.sh [--clear-logs]      (also: ev down)

Stops everything on this computer, drivers first, also what a killed supervisor left behind.
  --clear-logs   removes the logs, too`;

/** `ev status`: a line for each process of this computer. Exits with 1 when nothing runs. */
export async function status(args: string[]): Promise<void> {
  if (!isPlainCall(args, STATUS_USAGE)) return;
  const views: ManagedView[] = [];
  const left: ProcessRecord[] = [];
  for (const { control, records } of startedHere()) {
    const answer = await askSupervisor(control, { ask: 'STATUS' });
    if (answer === undefined) left.push(...(await livingRecords(records)));
    else views.push(...(answer.status as ManagedView[]));
  }
  if (views.length === 0) return fail(notRunning(left));
  process.stdout.write(`${statusLines(views, Date.now()).join('\n')}\n`);
}

function notRunning(left: readonly ProcessRecord[]): string {
  if (left.length === 0) return 'It does not run. Type: ./run_all.sh';
  const names = left.map((record) => record.name).join(' ');
  return `No supervisor runs, but these of an earlier run do: ${names}. The script that started them takes them over, ./stop_all.sh stops them`;
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
export function start(args: string[]): Promise<void> {
  return forEach(namesFrom(args, START_USAGE), 'START');
}

/** `ev stop NAME ...`: it stays stopped until `ev start NAME`. */
export function stop(args: string[]): Promise<void> {
  return forEach(namesFrom(args, STOP_USAGE), 'STOP');
}

function namesFrom(args: string[], usage: string): string[] {
  const read = ({ positionals }: { positionals: string[] }): string[] => {
    if (positionals.length === 0) throw new BadArgument('NAME is missing; ./ev status has the names');
    return positionals;
  };
  return readCommandLine(args, { usage, positionals: 'ANY', read }) ?? [];
}

async function forEach(names: readonly string[], ask: ControlRequest['ask']): Promise<void> {
  for (const name of names) {
    const answer = await askAnyOf(startedHere(), { ask, name });
    if (answer === undefined) return fail('It does not run. Type: ./run_all.sh');
    if (answer.error !== undefined) return fail(answer.error);
    process.stdout.write(`${name}: ${ask === 'START' ? 'started' : 'stopped'}\n`);
  }
}

/** The first answer that is no refusal, else the first one; undefined: no supervisor runs. */
async function askAnyOf(all: readonly NetworkFiles[], asked: ControlRequest): Promise<ControlAnswer | undefined> {
  let first: ControlAnswer | undefined;
  for (const { control } of all) {
    const answer = await askSupervisor(control, asked);
    if (answer !== undefined && answer.error === undefined) return answer;
    first ??= answer;
  }
  return first;
}

/** `ev down [--clear-logs]`: stops everything on this computer, drivers first, also what a killed supervisor left behind. */
export async function down(args: string[]): Promise<void> {
  const asked = readCommandLine(args, {
    usage: DOWN_USAGE,
    options: { 'clear-logs': { type: 'boolean' } },
    read: ({ values }) => ({ isClearing: values['clear-logs'] === true }),
  });
  if (asked) await stopEverything(startedHere().reverse(), asked);
}

/** The whole network or Central first, then what was started beside it by a script of its own, in the order of their start. */
export function startedHere(): NetworkFiles[] {
  const plan = planNetwork({ projectFolder: PROJECT_FOLDER, points: 0, drivers: 0, env: process.env });
  const beside = ['EV_Registry', 'EV_CP', 'EV_Driver'].map((name) => ({
    ...plan,
    varFolder: join(plan.varFolder, name),
  }));
  return [networkFiles(plan), ...beside.map(networkFiles).filter((one) => existsSync(one.run))];
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

function fail(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
  process.exitCode = 1;
}
