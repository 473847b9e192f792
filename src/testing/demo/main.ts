import { execFile, spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { readCommandLine, wholeNumber } from '../../io/command-line.ts';
import { supervisorPid } from '../../local/control.ts';
import { type NetworkFile, readNetworkFile } from '../../local/network-file.ts';
import { networkFiles, planNetwork } from '../../local/network-plan.ts';
import { isTrueWithin } from '../../local/os-process.ts';
import { DemoReport } from './report.ts';
import { setStage } from './stage.ts';
import { playStory } from './story.ts';

const PROJECT_FOLDER = resolve(import.meta.dirname, '..', '..', '..');
const USAGE = `ev demo [--cps N] [--quick]

An unattended demonstration (R1-G04): a batch of at least ten charges over all points, with a fault, a dead Monitor, a
weather alert and a revoked key on the way. Tells what is expected and what was seen; exits with 0 only if all was seen.
Uses the network that runs (./run_all.sh), else starts one with N points (3) and stops it afterwards.
It takes about three minutes; with --quick, five charges and the same incidents, about one and a half.`;
const READY_WITHIN_MS = 120_000;
const MOST_POINTS = 49;

/** `ev demo`. */
export async function main(args: string[]): Promise<void> {
  const options = optionsOf(args);
  if (options === undefined) return;
  const files = networkFiles(planNetwork({ projectFolder: PROJECT_FOLDER, points: 0, drivers: 0, env: process.env }));
  const isOwn = (await supervisorPid(files.control)) === undefined;
  if (isOwn) await startOwn(options.points);
  try {
    const network = await readyNetwork(files.network);
    process.exitCode = (await play(network, files.control, options.isQuick)) ? 0 : 1;
  } catch (error) {
    process.stderr.write(`The demonstration could not go on: ${(error as Error).message}\n`);
    process.exitCode = 1;
  } finally {
    if (isOwn)
      await promisify(execFile)(process.execPath, [...process.execArgv, join(PROJECT_FOLDER, 'src', 'ev.ts'), 'down']);
  }
  // Sockets of pages that come back by themselves are no reason to stay.
  process.exit();
}

/** Waits until every process runs: what came up late must not fail the first expectations. */
async function readyNetwork(path: string): Promise<NetworkFile> {
  let notReady: string[] = [];
  const isReady = async (): Promise<boolean> => {
    const found = await readNetworkFile(path);
    notReady = (found?.processes ?? []).filter(({ state }) => state !== 'RUNNING').map(({ name }) => name);
    return found?.hasStarted === true && notReady.length === 0;
  };
  const network = (await isTrueWithin(READY_WITHIN_MS, isReady)) ? await readNetworkFile(path) : undefined;
  if (network === undefined) throw new Error(`the network is not ready (${notReady.join(' ')}); see ./ev status`);
  return network;
}

async function play(network: NetworkFile, controlFile: string, isQuick: boolean): Promise<boolean> {
  const report = new DemoReport((line) => void process.stdout.write(`${line}\n`));
  const stage = await setStage({ network, controlFile, projectFolder: PROJECT_FOLDER });
  try {
    await playStory(stage, report, isQuick);
  } finally {
    await stage
      .leave()
      .catch((error: unknown) => report.note(`the administrator of the demonstration stays: ${error}`));
  }
  return report.close();
}

function optionsOf(args: string[]): { points: number; isQuick: boolean } | undefined {
  return readCommandLine(args, {
    usage: USAGE,
    options: { cps: { type: 'string', default: '3' }, quick: { type: 'boolean', default: false } },
    read: ({ values }) => ({
      points: wholeNumber(values.cps, { name: '--cps', min: 1, max: MOST_POINTS }),
      isQuick: values.quick,
    }),
  });
}

async function startOwn(points: number): Promise<void> {
  // A fresh copy has no built pages yet; ./run_all.sh does the same.
  for (const args of [['pages'], ['up', '--detach', '--cps', String(points)]]) {
    const all = [...process.execArgv, join(PROJECT_FOLDER, 'src', 'ev.ts'), ...args];
    const child = spawn(process.execPath, all, { stdio: ['ignore', 'inherit', 'inherit'], cwd: PROJECT_FOLDER });
    const code = await new Promise<number | null>((settle, reject) =>
      child.once('error', reject).once('close', settle),
    );
    if (code !== 0) throw new Error('the network could not be started');
  }
}
