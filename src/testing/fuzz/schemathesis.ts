import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { FuzzTarget } from './targets.ts';

const run = promisify(execFile);
const VERSION = '4.32.5';
const REQUEST_WITHIN_S = 30;

/** What one pass over a document came to. */
export type FuzzOutcome = { isGood: boolean; cases: number };

/** The fuzzer in an environment of its own below `var`, made at the first use by the computer's own Python and pip. */
export async function schemathesis(projectFolder: string): Promise<string> {
  const folder = join(projectFolder, 'var', `schemathesis-${VERSION}`);
  const program = join(folder, 'bin', 'st');
  if (existsSync(program)) return program;
  process.stdout.write(`installing schemathesis ${VERSION} in ${folder}\n`);
  await mkdir(join(projectFolder, 'var'), { recursive: true });
  try {
    await run('python3', ['-m', 'venv', folder]);
    await run(join(folder, 'bin', 'pip'), ['install', '--quiet', `schemathesis==${VERSION}`]);
  } catch (cause) {
    await rm(folder, { recursive: true, force: true });
    throw new Error('the fuzzer needs python3 with venv and pip (on Debian: apt-get install python3-venv)', { cause });
  }
  return program;
}

/** Asks a process everything that its document allows, and what it forbids; each answer must be a documented one, and no 5xx. */
export async function fuzz(
  program: string,
  target: FuzzTarget,
  how: { seed: number; cases: number; paths: 'MOST' | 'LAST'; caFile: string },
): Promise<FuzzOutcome> {
  const cookie = await target.login?.cookie();
  const configFile = join(dirname(program), '..', `${target.name}.toml`);
  await writeFile(
    configFile,
    target.login ? `[auth.openapi.${target.login.scheme}]\napi_key = "\${EV_FUZZ_COOKIE}"\n` : '',
  );
  const filter = how.paths === 'LAST' ? '--include-path' : '--exclude-path';
  const args = [
    ...[
      '--config-file',
      configFile,
      'run',
      `${target.baseUrl}/docs/json`,
      '--no-color',
      '--checks',
      'all',
      '--continue-on-failure',
    ],
    // A well-formed request may still be refused (422, 400 of a certificate request that is none): no schema can say all.
    ...['--exclude-checks', 'positive_data_acceptance'],
    ...['--seed', String(how.seed), '--max-examples', String(how.cases), '--generation-database', 'none'],
    ...['--request-timeout', String(REQUEST_WITHIN_S), '--tls-verify', how.caFile],
    ...(target.perSecond === undefined ? [] : ['--rate-limit', `${target.perSecond}/s`]),
    ...target.last.flatMap((path) => [filter, path]),
  ];
  // It keeps a cache where it runs.
  const env = { ...process.env, EV_FUZZ_COOKIE: cookie ?? '' };
  const child = spawn(program, args, { cwd: dirname(program), env, stdio: ['ignore', 'pipe', 'inherit'] });
  let told = '';
  child.stdout.on('data', (chunk: Buffer) => {
    told += chunk.toString();
    process.stdout.write(chunk);
  });
  const code = await new Promise<number | null>((settle, reject) => child.once('error', reject).once('close', settle));
  const cases = /(\d[\d,]*) generated/.exec(told)?.[1]?.replaceAll(',', '') ?? '0';
  return { isGood: code === 0, cases: Number(cases) };
}
