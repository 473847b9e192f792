import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
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
export type Computers = {
  /** First three numbers of every address. */
  prefix: string;
  computer: (name: string) => Computer;
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
  /** Pulls its network cable, and puts it back. */
  cut: () => Promise<void>;
  restore: () => Promise<void>;
  /** Ends every process of it at once, as a power cut does. */
  kill: () => Promise<void>;
};

/** One sentence if this user may not make network namespaces here, undefined if so. */
export async function whyNoComputers(): Promise<string | undefined> {
  if (process.getuid?.() !== 0) return 'network namespaces need root: run .ci/run as root';
  return run('ip', ['netns', 'list']).then(
    () => undefined,
    () => 'the command `ip` is missing: apt-get install iproute2',
  );
}

/** Makes them, at `<prefix>.<number>`, with a bridge between them that this computer is on too. */
export async function makeComputers(wanted: Readonly<Record<string, number>>): Promise<Computers> {
  const [tag = 0, subnet = 0] = crypto.getRandomValues(new Uint16Array(2));
  const id = tag.toString(16).padStart(4, '0');
  const prefix = `10.213.${subnet % 256}`;
  const bridge = `evb${id}`;
  const folder = await mkdtemp(join(tmpdir(), 'ev-computers-'));
  await chmod(folder, 0o711);
  await ip('link', 'add', bridge, 'type', 'bridge');
  await ip('address', 'add', `${prefix}.254/24`, 'dev', bridge);
  await ip('link', 'set', bridge, 'up');
  const computers = new Map<string, Computer>();
  const close = async (): Promise<void> => {
    for (const one of computers.values()) await one.kill();
    for (const one of computers.values()) await ip('netns', 'delete', `ev${id}-${one.name}`).catch(() => undefined);
    await ip('link', 'delete', bridge).catch(() => undefined);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    for (const [name, number] of Object.entries(wanted)) {
      const place = { id, name, bridge, prefix, number, folder: join(folder, name) };
      computers.set(name, await makeComputer(place));
    }
  } catch (error) {
    await close();
    throw error;
  }
  const computer = (name: string): Computer => {
    const found = computers.get(name);
    if (found === undefined) throw new Error(`there is no computer '${name}'`);
    return found;
  };
  return { prefix, computer, close };
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
  const pids = async () => (await ip('netns', 'pids', space)).split('\n').filter(Boolean).map(Number);
  return {
    ...{ name, address, folder },
    async type(line, env = {}) {
      // Of the person's variables only what a login shell has: no setting of the test's own may leak in.
      const { PATH, HOME, JAVA_HOME, EV_TEST_LOG } = process.env;
      const options = {
        cwd: folder,
        env: { PATH, HOME, JAVA_HOME, EV_TEST_LOG, EV_WEATHER_SIM: 'true', ...env },
        timeout: SCRIPT_WITHIN_MS,
      };
      const asTyped = ['netns', 'exec', space, 'bash', '-c', `exec 2>&1; ${line}`];
      return run('ip', asTyped, options).then(
        ({ stdout }) => ({ printed: stdout, exitCode: 0 }),
        (error: { stdout?: string; code?: number }) => ({ printed: error.stdout ?? '', exitCode: error.code ?? -1 }),
      );
    },
    inNetwork: (...command) => ip('netns', 'exec', space, ...command),
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

/**
 * The command lines under a heading of docs/deployment.md, in their order: the page's addresses `192.168.1.x` become those
 * of the test's network, so that what a reader types is what is tested.
 */
export async function commandsOf(heading: string, prefix: string): Promise<string[]> {
  const page = await readFile(join(PROJECT_FOLDER, 'docs', 'deployment.md'), 'utf8');
  const section = page.split(/^## /m).find((one) => one.startsWith(`${heading}\n`)) ?? '';
  const blocks = [...section.matchAll(/^```\n([\s\S]*?)^```$/gm)].map(([, lines = '']) => lines.trim().split('\n'));
  return blocks.flat().map((line) => line.replaceAll('192.168.1.', `${prefix}.`));
}
