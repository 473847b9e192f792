import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { supervisorPid } from './control.ts';
import { whyNotReady } from './hosts/needed-addresses.ts';
import { openOnDesktop } from './hosts/open-on-desktop.ts';
import { followLogs } from './log-files.ts';
import { isWorthShowing, type LineStyle, renderLine } from './log-line.ts';
import { readNetworkFile } from './network-file.ts';
import { type NetworkFiles, type NetworkPlan, networkFiles } from './network-plan.ts';
import { notReadySentence } from './not-ready.ts';
import { isAlive, isTrueWithin } from './os-process.ts';
import { runNetwork } from './run-network.ts';
import { summaryLines, takeFirstAdmin } from './summary.ts';

const DETACHED_START_WITHIN_MS = 300_000;
const NAME_WIDTH = 13;

/** Says what runs already, instead of starting it twice. */
export async function sayItRuns(files: NetworkFiles, pid: number): Promise<void> {
  const network = await readNetworkFile(files.network);
  print([`It is already running (supervisor pid ${pid}).`, ...(network === undefined ? [] : summaryLines(network))]);
}

/** Runs the plan in this process until it is told to stop. `isBehind`: nobody watches. `isOpened`: on the desktop too. */
export async function runInFront(plan: NetworkPlan, isBehind: boolean, isOpened = false): Promise<void> {
  const style: LineStyle = { hasColours: process.stdout.isTTY && !process.env.NO_COLOR, nameWidth: NAME_WIDTH };
  const show = (name: string, line: string): void => print([renderLine(name, line, style)]);
  const sayFor = (name: string) => (msg: string) => show(name, JSON.stringify({ time: localTime(), msg }));
  await runNetwork(plan, {
    say: sayFor('ev'),
    sayFor,
    onLine: isBehind ? undefined : (name, line) => (isWorthShowing(name, line) ? show(name, line) : undefined),
    onLate: async (late) => sayFor('ev')(notReadySentence(late, await whyNotReady(plan))),
    onStarted: async () => {
      if (!isBehind) await printSummary(networkFiles(plan));
      if (isOpened) print(await openOnDesktop(networkFiles(plan)));
    },
  });
  process.exit();
}

function localTime(): string {
  return new Date().toISOString();
}

/** Prints where everything is, and once the first administrator. */
export async function printSummary(files: NetworkFiles): Promise<void> {
  const network = await readNetworkFile(files.network);
  if (network === undefined) return;
  print(['', ...summaryLines(network), ...(await takeFirstAdmin(files.firstAdmin)), '']);
}

/**
 * The background half, `ev COMMAND` of these arguments, keeps running; this half shows its progress, then the summary,
 * and goes. False: it did not start.
 */
export async function startBehind(plan: NetworkPlan, command: readonly string[]): Promise<boolean> {
  const files = networkFiles(plan);
  mkdirSync(files.logs, { recursive: true });
  const logs = await followLogs({ folder: files.logs, names: ['supervisor'], onLine: (_name, line) => print([line]) });
  const child = spawnBehind(plan.projectFolder, command, join(files.logs, 'supervisor.log'));
  const hasStarted = async (): Promise<boolean> => {
    const network = await readNetworkFile(files.network);
    return network?.supervisorPid === child && network.hasStarted;
  };
  const hasEnded = await isTrueWithin(DETACHED_START_WITHIN_MS, async () => !isAlive(child) || (await hasStarted()));
  await isTrueWithin(200, () => false);
  logs.close();
  if (!hasEnded || !isAlive(child)) {
    // Somebody typed it at the same time, and was faster.
    const other = await supervisorPid(files.control);
    if (other !== undefined && other !== child) {
      await sayItRuns(files, other);
      return false;
    }
    print([`The network did not start; see ${join(files.logs, 'supervisor.log')}`]);
    process.exitCode = 1;
    return false;
  }
  await printSummary(files);
  return true;
}

function spawnBehind(projectFolder: string, command: readonly string[], logFile: string): number {
  const log = openSync(logFile, 'a', 0o640);
  const args = [...process.execArgv, join(projectFolder, 'src', 'ev.ts'), ...command];
  const child = spawn(process.execPath, args, { detached: true, stdio: ['ignore', log, log], cwd: projectFolder });
  child.unref();
  closeSync(log);
  return child.pid ?? 0;
}

/** Lines for whoever typed the command. */
export function print(lines: readonly string[]): void {
  for (const line of lines) process.stdout.write(`${line}\n`);
}
