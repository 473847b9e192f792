import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { signalPid } from '../local/os-process.ts';

const run = promisify(execFile);
const PROJECT_FOLDER = resolve(import.meta.dirname, '..', '..');
/** What a computer gets: the project as it is, with its packages and pages, and nothing that a network has made. */
const NOT_COPIED = new Set(['var', '.git']);
const COPIES_WITHIN_MS = 180_000;
const SCRIPT_WITHIN_MS = 420_000;

/** Computers of a small network, each a network namespace with a copy of the project of its own. */
export type Computers<Name extends string> = {
  /** First three numbers of every address. */
  prefix: string;
  named: Readonly<Record<Name, Computer>>;
  close: () => Promise<void>;
};

export type Computer = {
  name: string;
  address: string;
  folder: string;
  /** Runs a command line in its copy of the project, as a person there would; resolves with what it printed and its exit code. */
  type: (line: string, env?: NodeJS.ProcessEnv) => Promise<{ printed: string; exitCode: number }>;
  /** A command in its network, such as `nft ...`. */
  inNetwork: (...command: string[]) => Promise<string>;
  /** The ports that it listens on, a line each as `ss` prints them; empty: none. */
  listening: (...filter: string[]) => Promise<string>;
  /** A firewall that drops what comes in, or what comes in at this port; `unwall` takes it away. */
  wall: (port?: number) => Promise<void>;
  unwall: () => Promise<void>;
  /** Pulls its network cable, and puts it back. */
  cut: () => Promise<void>;
  restore: () => Promise<void>;
  /** Ends every process of it at once, as a power cut does. */
  kill: () => Promise<void>;
};

/** Makes them, at `<prefix>.<number>`, with a bridge between them that this computer is on too. */
export async function makeComputers<Name extends string>(
  wanted: Readonly<Record<Name, number>>,
): Promise<Computers<Name>> {
  assert.equal(await whyNoComputers(), undefined);
  const [tag = 0, subnet = 0] = crypto.getRandomValues(new Uint16Array(2));
  const id = tag.toString(16).padStart(4, '0');
  const prefix = `10.213.${subnet % 256}`;
  const bridge = `evb${id}`;
  const folder = await mkdtemp(join(tmpdir(), 'ev-computers-'));
  await chmod(folder, 0o711);
  await ip('link', 'add', bridge, 'type', 'bridge');
  await ip('address', 'add', `${prefix}.254/24`, 'dev', bridge);
  await ip('link', 'set', bridge, 'up');
  const computers: Computer[] = [];
  const close = async (): Promise<void> => {
    for (const one of computers) await one.kill();
    for (const one of computers) await ip('netns', 'delete', `ev${id}-${one.name}`).catch(() => undefined);
    await ip('link', 'delete', bridge).catch(() => undefined);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    for (const [name, number] of Object.entries<number>(wanted))
      computers.push(await makeComputer({ id, name, bridge, prefix, number, folder: join(folder, name) }));
  } catch (error) {
    await close();
    throw error;
  }
  const named = Object.fromEntries(computers.map((one) => [one.name, one])) as Record<Name, Computer>;
  return { prefix, named, close };
}

/** Types the line there and expects that it succeeds; resolves with what it printed. */
export async function typed(computer: Computer, line: string, env: NodeJS.ProcessEnv = {}): Promise<string> {
  const { printed, exitCode } = await computer.type(line, env);
  assert.equal(exitCode, 0, `${line}\n${printed}`);
  return printed;
}

/** One sentence if this user may not make network namespaces here, undefined if so. */
async function whyNoComputers(): Promise<string | undefined> {
  if (process.getuid?.() !== 0) return 'network namespaces need root: run .ci/run as root';
  return run('ip', ['netns', 'list']).then(
    () => undefined,
    () => 'the command `ip` is missing: apt-get install iproute2',
  );
}

type Place = { id: string; name: string; bridge: string; prefix: string; number: number; folder: string };

async function makeComputer(place: Place): Promise<Computer> {
  const { id, name, bridge, prefix, number, folder } = place;
  const space = `ev${id}-${name}`;
  const port = `evp${id}${number}`;
  const address = `${prefix}.${number}`;
  await ip('netns', 'add', space);
  await ip('link', 'add', port, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', space);
  await ip('link', 'set', port, 'master', bridge, 'up');
  const inside = (...args: string[]) => ip('-n', space, ...args);
  await inside('link', 'set', 'lo', 'up');
  await inside('address', 'add', `${address}/24`, 'dev', 'eth0');
  await inside('link', 'set', 'eth0', 'up');
  await inside('route', 'add', 'default', 'via', `${prefix}.254`);
  await copyProject(folder);
  const inNetwork = (...command: string[]) => ip('netns', 'exec', space, ...command);
  const pids = async () => (await ip('netns', 'pids', space)).split('\n').filter(Boolean).map(Number);
  return {
    ...{ name, address, folder, inNetwork },
    async type(line, env = {}) {
      // Of the person's variables only what a login shell has: no setting of the test's own may leak in.
      const { PATH, HOME, JAVA_HOME, EV_TEST_LOG, EV_TEST_RUN } = process.env;
      const options = {
        cwd: folder,
        env: { PATH, HOME, JAVA_HOME, EV_TEST_LOG, EV_TEST_RUN, EV_WEATHER_SIM: 'true', ...env },
        timeout: SCRIPT_WITHIN_MS,
      };
      const asTyped = ['netns', 'exec', space, 'bash', '-c', `exec 2>&1; ${line}`];
      return run('ip', asTyped, options).then(
        ({ stdout }) => ({ printed: stdout, exitCode: 0 }),
        (error: { stdout?: string; code?: number }) => ({ printed: error.stdout ?? '', exitCode: error.code ?? -1 }),
      );
    },
    listening: async (...filter) => (await inNetwork('ss', '-Htln', ...filter)).trim(),
    async wall(atPort) {
      const policy = atPort === undefined ? 'drop' : 'accept';
      await inNetwork('nft', 'add table inet wall');
      await inNetwork('nft', `add chain inet wall entry { type filter hook input priority 0; policy ${policy}; }`);
      if (atPort !== undefined) await inNetwork('nft', `add rule inet wall entry tcp dport ${atPort} drop`);
    },
    unwall: async () => void (await inNetwork('nft', 'delete table inet wall')),
    cut: async () => void (await ip('link', 'set', port, 'down')),
    restore: async () => void (await ip('link', 'set', port, 'up')),
    async kill() {
      for (let left = await pids(); left.length > 0; left = await pids())
        for (const pid of left) signalPid(pid, 'SIGKILL');
    },
  };
}

/** By hard links: the same bytes, another folder. */
async function copyProject(folder: string): Promise<void> {
  const { stdout } = await run('ls', ['-A', PROJECT_FOLDER]);
  const names = stdout.split('\n').filter((name) => name !== '' && !NOT_COPIED.has(name));
  await run('mkdir', ['-p', join(folder, 'var')]);
  const options = { cwd: PROJECT_FOLDER, timeout: COPIES_WITHIN_MS };
  await run('cp', ['-al', ...names, folder], options);
  // As after `npm ci` there: newer than the lock file.
  const installed = join('node_modules', '.package-lock.json');
  await run('cp', ['--remove-destination', installed, join(folder, installed)], options);
  await run('bash', ['-c', `cp -al var/kafka-jars* '${folder}/var/'`], options);
}

async function ip(...args: string[]): Promise<string> {
  return (await run('ip', args)).stdout;
}
