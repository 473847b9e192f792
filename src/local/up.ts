import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { findApiKey } from '../io/open-weather-key.ts';
import { supervisorPid } from './control.ts';
import { followLogs } from './log-files.ts';
import { isWorthShowing, type LineStyle, renderLine } from './log-line.ts';
import { readNetworkFile } from './network-file.ts';
import { BadSetting, type NetworkFiles, type NetworkPlan, networkFiles, planNetwork } from './network-plan.ts';
import { isAlive, isTrueWithin } from './os-process.ts';
import { runNetwork } from './run-network.ts';
import { summaryLines, takeFirstAdmin } from './summary.ts';
import { PortsTaken } from './taken-ports.ts';
import { UP_USAGE, type UpOptions, upOptions } from './up-options.ts';

const PROJECT_FOLDER = resolve(import.meta.dirname, '..', '..');
const DETACHED_READY_WITHIN_MS = 300_000;
const NAME_WIDTH = 13;

/** `ev up`: everything here as separate processes, until Ctrl-C or `ev down`; with --detach it returns when all is ready. */
export async function main(args: string[]): Promise<void> {
  try {
    await up(upOptions(args));
  } catch (error) {
    const isExpected = error instanceof BadSetting || error instanceof PortsTaken;
    const { message } = error as Error;
    process.stderr.write(`${isExpected ? message : `The network could not be started: ${message}`}\n`);
    process.exitCode = error instanceof BadSetting ? 2 : 1;
  }
}

async function up(options: UpOptions): Promise<void> {
  if (options.wantsHelp) return print([UP_USAGE]);
  const fromEnvironment = process.env.OPENWEATHER_API_KEY ?? '';
  const hasWeatherKey = findApiKey({ fromEnvironment, folder: PROJECT_FOLDER }).value !== '';
  const plan = planNetwork({ ...options, projectFolder: PROJECT_FOLDER, hasWeatherKey, env: process.env });
  const files = networkFiles(plan);
  const running = await supervisorPid(files.control);
  if (running !== undefined) return sayItRuns(files, running);
  if (options.isDetached) return startBehind(options, files);
  await runInFront(plan, options.isBehind);
}

async function sayItRuns(files: NetworkFiles, pid: number): Promise<void> {
  const network = await readNetworkFile(files.network);
  print([`It is already running (supervisor pid ${pid}).`, ...(network === undefined ? [] : summaryLines(network))]);
}

async function runInFront(plan: NetworkPlan, isBehind: boolean): Promise<void> {
  const style: LineStyle = { hasColours: process.stdout.isTTY && !process.env.NO_COLOR, nameWidth: NAME_WIDTH };
  const show = (name: string, line: string): void => print([renderLine(name, line, style)]);
  const sayFor = (name: string) => (msg: string) => show(name, JSON.stringify({ time: localTime(), msg }));
  await runNetwork(plan, {
    say: sayFor('ev'),
    sayFor,
    onLine: isBehind ? undefined : (name, line) => (isWorthShowing(name, line) ? show(name, line) : undefined),
    onReady: async (notReady) => {
      if (notReady.length > 0) sayFor('ev')(`not ready yet (they are tried on): ${notReady.join(' ')}`);
      if (!isBehind) await printSummary(networkFiles(plan));
    },
  });
  process.exit();
}

function localTime(): string {
  return new Date().toISOString();
}

async function printSummary(files: NetworkFiles): Promise<void> {
  const network = await readNetworkFile(files.network);
  if (network === undefined) return;
  print(['', ...summaryLines(network), ...(await takeFirstAdmin(files.firstAdmin)), '']);
}

/** The background half keeps running; this half shows its progress, then the summary, and goes. */
async function startBehind(options: UpOptions, files: NetworkFiles): Promise<void> {
  mkdirSync(files.logs, { recursive: true });
  const logs = await followLogs({ folder: files.logs, names: ['supervisor'], onLine: (_name, line) => print([line]) });
  const child = spawnBehind(options, join(files.logs, 'supervisor.log'));
  const isReady = async (): Promise<boolean> => {
    const network = await readNetworkFile(files.network);
    return network?.supervisorPid === child && network.isReady;
  };
  const hasEnded = await isTrueWithin(DETACHED_READY_WITHIN_MS, async () => !isAlive(child) || (await isReady()));
  await isTrueWithin(200, () => false);
  logs.close();
  if (!hasEnded || !isAlive(child)) {
    print([`The network did not start; see ${join(files.logs, 'supervisor.log')}`]);
    process.exitCode = 1;
    return;
  }
  await printSummary(files);
}

function spawnBehind(options: UpOptions, logFile: string): number {
  const log = openSync(logFile, 'a', 0o640);
  const counts = ['--cps', String(options.points), '--drivers', String(options.drivers)];
  const args = [...process.execArgv, join(PROJECT_FOLDER, 'src', 'ev.ts'), 'up', ...counts, '--behind'];
  const child = spawn(process.execPath, args, { detached: true, stdio: ['ignore', log, log], cwd: PROJECT_FOLDER });
  child.unref();
  closeSync(log);
  return child.pid ?? 0;
}

function print(lines: readonly string[]): void {
  for (const line of lines) process.stdout.write(`${line}\n`);
}
