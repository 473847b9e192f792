import { execFile, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { isPortFree } from '../io/sockets/tcp-probe.ts';
import { type NetworkFile, readNetworkFile } from '../local/network-file.ts';
import { planNetwork, wantedPorts } from '../local/network-plan.ts';
import { isAlive, isTrueWithin } from '../local/os-process.ts';
import { isOpenedByBrowsers } from '../local/ports.ts';

const run = promisify(execFile);
const PROJECT_FOLDER = resolve(import.meta.dirname, '..', '..');
const HOST = '127.0.0.1';
const READY_WITHIN_MS = 240_000;
const STOP_WITHIN_MS = 90_000;
const SMALLEST_OFFSET = 200;
const OFFSETS = 130;
const OFFSET_STEP = 100;

/** A whole network of separate OS processes as `./run_all.sh` starts it, in a folder and on ports of its own. */
export type LocalNetwork = {
  folder: string;
  /** Variables with which `./ev` commands mean this network. */
  env: NodeJS.ProcessEnv;
  /** The network file as it is now. */
  read: () => Promise<NetworkFile>;
  /** The process id of `central`, `cp001-engine` ... as it is now. Throws if it does not run. */
  pidOf: (name: string) => Promise<number>;
  /** kill -9. */
  kill: (name: string) => Promise<void>;
  /** Waits until a process of this name runs (again) with another id than `not`. */
  untilRunning: (name: string, not?: number) => Promise<number>;
  /** Runs `./ev ...` for this network; resolves with what it printed, rejects if it exits badly. */
  ev: (...args: string[]) => Promise<string>;
  /** What `ev admin init` left for the first administrator. */
  firstAdmin: () => Promise<string>;
  /** Starts the supervisor again, as `./run_all.sh` after a kill -9 of it. */
  startAgain: () => Promise<void>;
  stop: () => Promise<void>;
};

/** Starts it and waits until all processes are ready. `env` sets variables of the processes, such as ENGINE_SPEED. */
export async function startLocalNetwork(
  asked: { points?: number; drivers?: number; env?: NodeJS.ProcessEnv } = {},
): Promise<LocalNetwork> {
  const { points = 1, drivers = 1 } = asked;
  const folder = await mkdtemp(join(tmpdir(), 'ev-network-'));
  await chmod(folder, 0o711);
  await mkdir(join(folder, 'logs'));
  const offset = await freeOffset({ points, drivers });
  await run(process.execPath, [join(PROJECT_FOLDER, 'src', 'ev.ts'), 'pages']);
  const own = { EV_VAR_DIR: folder, EV_PORT_OFFSET: String(offset), EV_WEATHER_SIM: 'true' };
  const env = { ...process.env, ...own, ...asked.env };
  const counts = ['--cps', String(points), '--drivers', String(drivers)];
  const start = (): Promise<void> => startSupervisor({ folder, env, counts });
  const network = describe(folder, env, start);
  await start().catch(async (error: unknown) => {
    await network.stop();
    throw error;
  });
  return network;
}

function describe(folder: string, env: NodeJS.ProcessEnv, start: () => Promise<void>): LocalNetwork {
  const read = async (): Promise<NetworkFile> => {
    const found = await readNetworkFile(join(folder, 'network.json'));
    if (found === undefined) throw new Error(`there is no network.json in ${folder}`);
    return found;
  };
  const find = async (name: string) => (await read()).processes.find((one) => one.name === name);
  const pidOf = async (name: string): Promise<number> => {
    const pid = (await find(name))?.pid;
    if (pid === undefined) throw new Error(`${name} does not run`);
    return pid;
  };
  const ev = async (...args: string[]): Promise<string> => {
    const answer = await run(process.execPath, [join(PROJECT_FOLDER, 'src', 'ev.ts'), ...args], { env });
    return answer.stdout;
  };
  return {
    ...{ folder, env, read, pidOf, ev },
    kill: async (name) => void process.kill(await pidOf(name), 'SIGKILL'),
    async untilRunning(name, not) {
      const isIt = async (): Promise<boolean> => {
        const found = await find(name);
        return found?.state === 'RUNNING' && found.pid !== not;
      };
      if (!(await isTrueWithin(READY_WITHIN_MS, isIt))) throw new Error(`${name} does not come back`);
      return pidOf(name);
    },
    firstAdmin: async () => (await readFile(join(folder, 'secrets', 'first-admin.txt'), 'utf8')).trim(),
    startAgain: start,
    async stop() {
      await ev('down');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function startSupervisor(at: { folder: string; env: NodeJS.ProcessEnv; counts: string[] }): Promise<void> {
  const log = openSync(join(at.folder, 'logs', 'supervisor.log'), 'a');
  const args = [
    '--disable-warning=ExperimentalWarning',
    join(PROJECT_FOLDER, 'src', 'ev.ts'),
    'up',
    ...at.counts,
    '--behind',
  ];
  const child = spawn(process.execPath, args, { env: at.env, detached: true, stdio: ['ignore', log, log] });
  child.unref();
  closeSync(log);
  const pid = child.pid ?? 0;
  const notRunning = async (): Promise<string[]> => {
    const found = await readNetworkFile(join(at.folder, 'network.json'));
    if (found?.supervisorPid !== pid || !found.hasStarted) return ['supervisor'];
    return found.processes.filter((one) => one.state !== 'RUNNING').map((one) => one.name);
  };
  await isTrueWithin(READY_WITHIN_MS, async () => !isAlive(pid) || (await notRunning()).length === 0);
  const missing = await notRunning();
  if (missing.length === 0) return;
  const said = await readFile(join(at.folder, 'logs', 'supervisor.log'), 'utf8');
  throw new Error(`the network did not become ready (${missing.join(' ')}):\n${said.slice(-4_000)}`);
}

// Below the ports that the system hands out by itself, and different for networks that start at the same time.
async function freeOffset(counts: { points: number; drivers: number }): Promise<number> {
  const [first = 0] = crypto.getRandomValues(new Uint16Array(1));
  for (let round = 0; round < OFFSETS; round += 1) {
    const offset = SMALLEST_OFFSET + ((first + round) % OFFSETS) * OFFSET_STEP;
    const plan = planNetwork({ projectFolder: PROJECT_FOLDER, ...counts, env: { EV_PORT_OFFSET: String(offset) } });
    const wanted = [...wantedPorts(plan).map((one) => one.port), plan.ports.postgres];
    if (!wanted.every(isOpenedByBrowsers)) continue;
    const free = await Promise.all(wanted.map((port) => isPortFree(HOST, port)));
    if (free.every(Boolean)) return offset;
  }
  throw new Error('no range of free ports for a network');
}

/** Waits until a process id is gone; for tests that end one. */
export function isGone(pid: number): Promise<boolean> {
  return isTrueWithin(STOP_WITHIN_MS, () => !isAlive(pid));
}
