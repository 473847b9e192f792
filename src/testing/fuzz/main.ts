import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { BadArgument, readCommandLine, wholeNumber } from '../../io/command-line.ts';
import { type NetworkFile, readNetworkFile } from '../../local/network-file.ts';
import { startLocalNetwork } from '../local-network.ts';
import { fuzz, schemathesis } from './schemathesis.ts';
import { FUZZ_NAMES, type FuzzName, type FuzzTarget, fuzzTargets } from './targets.ts';

const PROJECT_FOLDER = resolve(import.meta.dirname, '..', '..', '..');
const MOST_CASES = 100_000;
const USAGE = `ev fuzz [${FUZZ_NAMES.join('|')} ...] [--seed N] [--cases N] [--running]

Generates requests from the OpenAPI document of each process (all of them if none is named) with schemathesis, as somebody who
may do everything there, and tells every 5xx, every answer that the document does not have, and every hang. Exit code 0: none.
  --seed N     the same requests again (printed at the start)
  --cases N    most generated cases of each operation and phase (20)
  --running    fuzz the network that runs (EV_VAR_DIR): it changes everything there. Without it a network of its own is started.`;

type Options = { names: FuzzName[]; seed: number; cases: number; isRunning: boolean };

/** `ev fuzz` (S-API-14). */
export async function main(args: string[]): Promise<void> {
  const options = optionsOf(args);
  if (options === undefined) return;
  const program = await schemathesis(PROJECT_FOLDER);
  process.stdout.write(`seed ${options.seed}\n`);
  const own = options.isRunning ? undefined : await startLocalNetwork({ points: 1, drivers: 1 });
  // Whoever ends this must not leave a network behind.
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void Promise.resolve(own?.stop()).then(() => process.exit(1)));
  try {
    const env = own?.env ?? process.env;
    const network = await (own ? own.read() : runningNetwork());
    process.exitCode = (await fuzzAll(program, options, { network, env })) ? 0 : 1;
  } finally {
    await own?.stop();
  }
}

async function runningNetwork(): Promise<NetworkFile> {
  const varFolder = process.env.EV_VAR_DIR ?? join(PROJECT_FOLDER, 'var');
  const network = await readNetworkFile(join(varFolder, 'network.json'));
  if (!network?.isReady) throw new Error('no network runs; without --running one is started');
  return network;
}

async function fuzzAll(
  program: string,
  options: Options,
  on: { network: NetworkFile; env: NodeJS.ProcessEnv },
): Promise<boolean> {
  const admin = await newAdmin(on.env);
  const targets = fuzzTargets(on.network, admin);
  const lines: string[] = [];
  let isAllGood = true;
  for (const name of options.names) {
    const target = targets[name];
    if (target === undefined) continue;
    const { isGood, cases } = await fuzzBoth(program, target, { ...options, caFile: on.network.caFile });
    lines.push(`${name.padEnd(12)} ${String(cases).padStart(6)} cases  ${isGood ? 'good' : 'NOT GOOD'}`);
    isAllGood &&= isGood;
  }
  process.stdout.write(`\nseed ${options.seed}\n${lines.join('\n')}\n`);
  return isAllGood;
}

/** Most paths, then those after which nothing works. */
async function fuzzBoth(
  program: string,
  target: FuzzTarget,
  how: { seed: number; cases: number; caFile: string },
): Promise<{ isGood: boolean; cases: number }> {
  const most = await fuzz(program, target, { ...how, paths: 'MOST' });
  if (target.last.length === 0) return most;
  const last = await fuzz(program, target, { ...how, paths: 'LAST' });
  return { isGood: most.isGood && last.isGood, cases: most.cases + last.cases };
}

async function newAdmin(env: NodeJS.ProcessEnv): Promise<{ operatorId: string; password: string }> {
  const operatorId = `fuzz.${Date.now().toString(36)}`;
  const args = [...process.execArgv, join(PROJECT_FOLDER, 'src', 'ev.ts'), 'admin', 'create-admin', operatorId];
  const { stdout } = await promisify(execFile)(process.execPath, args, { env });
  return { operatorId, password: /password: (\S+)/.exec(stdout)?.[1] ?? '' };
}

function optionsOf(args: string[]): Options | undefined {
  return readCommandLine(args, {
    usage: USAGE,
    options: {
      seed: { type: 'string' },
      cases: { type: 'string', default: '20' },
      running: { type: 'boolean', default: false },
    },
    positionals: 'ANY',
    read: ({ values, positionals }) => ({
      names: positionals.length === 0 ? [...FUZZ_NAMES] : positionals.map(nameOf),
      seed:
        values.seed === undefined
          ? Math.floor(Math.random() * 2 ** 31)
          : wholeNumber(values.seed, { name: '--seed', min: 0, max: 2 ** 32 }),
      cases: wholeNumber(values.cases, { name: '--cases', min: 1, max: MOST_CASES }),
      isRunning: values.running,
    }),
  });
}

function nameOf(text: string): FuzzName {
  const name = FUZZ_NAMES.find((one) => one === text);
  if (name === undefined) throw new BadArgument(`there is no '${text}' to fuzz`);
  return name;
}
