import { readFileSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { BadArgument, readCommandLine } from '../../io/command-line.ts';
import { freePorts } from '../../io/sockets/tcp-probe.ts';
import { startTestServices, type TestServices } from '../test-services.ts';
import { filesOf, TEST_GROUPS, type TestGroup } from './groups.ts';
import { type MarkedRun, markThisRun } from './left-behind.ts';
import { namedButNotPassed, type PassedTests, REQUIREMENTS_PAGE, requirementRows } from './requirements.ts';
import { runGroup } from './run-group.ts';
import { runStaticChecks } from './static-checks.ts';
import { addCheck, type Tally, verdict } from './tally.ts';

const PROJECT_FOLDER = resolve(import.meta.dirname, '..', '..', '..');
/** What a shell answers for a command that was ended by Ctrl-C. */
const BROKEN_OFF = 130;
const HOST = '127.0.0.1';
const GROUP_NAMES = TEST_GROUPS.map((group) => group.name);
const USAGE = `./test_all.sh [GROUP ...]      (also: ev test)

Every test, or those of these groups: ${GROUP_NAMES.join(' ')}.
One Kafka and one PostgreSQL serve all of them. The last line is the verdict; exit code 1: something failed.`;

/** `ev test`, ./test_all.sh. */
export async function main(args: string[]): Promise<void> {
  const named = readCommandLine(args, {
    usage: USAGE,
    positionals: 'ANY',
    read: ({ positionals }) => groupsOf(positionals),
  });
  if (named === undefined) return;
  const isWhole = named.length === 0;
  const groups = isWhole ? TEST_GROUPS : named;
  const beganMs = performance.now();
  let tally: Tally = { passed: 0, failed: 0, notes: [] };
  const marked = markThisRun(print);
  const passed = new Map<string, readonly string[]>();
  if (isWhole) tally = await runStaticChecks(tally, PROJECT_FOLDER, print);
  tally = await runGroups(groups, { tally, marked, passed });
  if (marked.brokenOff.aborted) process.exit(BROKEN_OFF);
  if (isWhole) tally = checkRequirements(tally, passed);
  print('');
  for (const note of tally.notes) print(`✖ ${note}`);
  print(`in ${Math.round((performance.now() - beganMs) / 1_000)} s`);
  print(verdict(tally));
  process.exit(tally.failed > 0 ? 1 : 0);
}

function groupsOf(names: readonly string[]): TestGroup[] {
  const unknown = names.find((name) => !GROUP_NAMES.includes(name));
  if (unknown !== undefined) throw new BadArgument(`there is no group '${unknown}'`);
  return TEST_GROUPS.filter((group) => names.includes(group.name));
}

async function runGroups(
  groups: readonly TestGroup[],
  run: { tally: Tally; marked: MarkedRun; passed: Map<string, readonly string[]> },
): Promise<Tally> {
  const { marked, passed } = run;
  let { tally } = run;
  let shared: SharedServices | undefined;
  try {
    for (const group of groups) {
      if (marked.brokenOff.aborted) break;
      if (group.needsServices && filesOf(group, PROJECT_FOLDER).length > 0) shared ??= await shareServices();
      tally = await runGroup(group, tally, {
        projectFolder: PROJECT_FOLDER,
        env: { ...process.env, ...shared?.env },
        marked,
        print,
        onPassed: (found) => {
          for (const [file, titles] of found) passed.set(file, titles);
        },
      });
    }
  } catch (error) {
    const note = `the test services: ${error instanceof Error ? error.message : String(error)}`;
    tally = { ...tally, failed: tally.failed + 1, notes: [...tally.notes, note] };
  } finally {
    await shared?.stop();
  }
  return tally;
}

/** After a whole run: every test that docs/requirements.md names has passed in it. */
function checkRequirements(tally: Tally, passed: PassedTests): Tally {
  const page = readFileSync(join(PROJECT_FOLDER, REQUIREMENTS_PAGE), 'utf8');
  const missing = namedButNotPassed(requirementRows(page), passed);
  for (const complaint of missing) print(`  ✖ ${complaint}`);
  return addCheck(tally, { name: `tests named by ${REQUIREMENTS_PAGE}`, isGood: missing.length === 0 });
}

type SharedServices = { env: Record<string, string>; stop: () => Promise<void> };

async function shareServices(): Promise<SharedServices> {
  print('\nstarting Kafka and PostgreSQL for the tests');
  const folder = await mkdtemp(join(tmpdir(), 'ev-test-'));
  await chmod(folder, 0o711);
  const [kafkaPort = 0, controllerPort = 0, postgresPort = 0] = await freePorts(HOST, 3);
  const ports = { host: HOST, kafkaPort, controllerPort, postgresPort };
  const services: TestServices = await startTestServices({
    ...ports,
    projectFolder: PROJECT_FOLDER,
    folder,
    say: print,
  });
  const stop = async (): Promise<void> => {
    await services.stop();
    await rm(folder, { recursive: true, force: true });
  };
  return { env: { EV_TEST_KAFKA: services.brokers, EV_TEST_DATABASE_URL: services.adminDatabaseUrl }, stop };
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
