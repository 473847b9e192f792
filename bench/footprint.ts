import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { readCommandLine, wholeNumber } from '../src/io/command-line.ts';
import { type NetworkFile, readNetworkFile } from '../src/local/network-file.ts';
import { loadAverage, pssMbOf, watchProcesses } from './process-figures.ts';
import { median, table } from './statistics.ts';

const run = promisify(execFile);
const PROJECT_FOLDER = resolve(import.meta.dirname, '..');
const USAGE = `node bench/footprint.ts [--points N] [--starts N] [--seconds N] [--port-offset N]

Starts ./run_all.sh --detach in a folder of its own: first start, then warm ones; memory and idle CPU of each process.
  --points N       charging points (3)
  --starts N       warm starts (3)
  --seconds N      how long memory and CPU are watched (30)
  --port-offset N  added to every port (23000)`;
const SETTLE_MS = 20_000;

type Start = { commandMs: number; readyMs: number };

async function start(env: NodeJS.ProcessEnv, points: string): Promise<Start> {
  const beganMs = performance.now();
  await run(join(PROJECT_FOLDER, 'run_all.sh'), ['--detach', '--cps', points], { env });
  const commandMs = performance.now() - beganMs;
  return { commandMs, readyMs: (await networkOf(env)).readyAfterMs ?? Number.NaN };
}

async function networkOf(env: NodeJS.ProcessEnv): Promise<NetworkFile> {
  const network = await readNetworkFile(join(env.EV_VAR_DIR ?? '', 'network.json'));
  if (network === undefined) throw new Error('there is no network.json');
  return network;
}

/** Name and pid of every process; the supervisor is measured without its children, which are the others. */
async function pidsOf(env: NodeJS.ProcessEnv): Promise<Record<string, number>> {
  const network = await networkOf(env);
  return Object.fromEntries(network.processes.map(({ name, pid }) => [name, pid ?? 0]));
}

async function main(): Promise<void> {
  const asked = readCommandLine(process.argv.slice(2), {
    usage: USAGE,
    options: {
      points: { type: 'string', default: '3' },
      starts: { type: 'string', default: '3' },
      seconds: { type: 'string', default: '30' },
      'port-offset': { type: 'string', default: '23000' },
    },
    read: ({ values }) => ({
      points: wholeNumber(values.points, { name: '--points', min: 1, max: 49 }),
      starts: wholeNumber(values.starts, { name: '--starts', min: 0, max: 1_000 }),
      seconds: wholeNumber(values.seconds, { name: '--seconds', min: 1, max: 86_400 }),
      portOffset: wholeNumber(values['port-offset'], { name: '--port-offset', min: 0, max: 40_000 }),
    }),
  });
  if (asked === undefined) return;
  const points = String(asked.points);
  const folder = await mkdtemp(join(tmpdir(), 'ev-footprint-'));
  await chmod(folder, 0o711);
  const env = { ...process.env, EV_VAR_DIR: folder, EV_PORT_OFFSET: String(asked.portOffset) };
  const stop = (): Promise<unknown> => run(join(PROJECT_FOLDER, 'stop_all.sh'), [], { env });
  try {
    const first = await start(env, points);
    const warm: Start[] = [];
    for (let round = 0; round < asked.starts; round += 1) {
      await stop();
      warm.push(await start(env, points));
    }
    await sleep(SETTLE_MS);
    const pids = await pidsOf(env);
    const figures = await watchProcesses(pids, asked.seconds, { sample: 'mean' });
    const supervisorMb = pssMbOf((await networkOf(env)).supervisorPid, { withChildren: false });
    const rows = Object.entries(figures).map(([name, { cpuPercent, pssMb }]) => [
      ...[name, pssMb.toFixed(0), cpuPercent.toFixed(1)],
    ]);
    const totalMb = Object.values(figures).reduce((sum, { pssMb }) => sum + pssMb, supervisorMb);
    const totalCpu = Object.values(figures).reduce((sum, { cpuPercent }) => sum + cpuPercent, 0);
    rows.push(['supervisor', supervisorMb.toFixed(0), ''], ['in all', totalMb.toFixed(0), totalCpu.toFixed(1)]);
    const seconds = (starts: readonly number[]): string => starts.map((one) => (one / 1_000).toFixed(1)).join(', ');
    process.stdout.write(
      [
        `first start ${seconds([first.commandMs])} s; warm starts ${seconds(warm.map((one) => one.commandMs))} s, ` +
          `median ${seconds([median(warm.map((one) => one.commandMs))])} s ` +
          `(of which the supervisor's part ${seconds([median(warm.map((one) => one.readyMs))])} s); load ${loadAverage().toFixed(1)}`,
        table(['process', 'PSS, MB', 'idle CPU, % of a core'], rows),
        '',
      ].join('\n'),
    );
  } finally {
    await stop();
    await rm(folder, { recursive: true, force: true });
  }
}

await main();
