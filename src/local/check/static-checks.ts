import { execFile } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { addCheck, type Tally } from './tally.ts';

type StaticCheck = { name: string; command: string; args: string[] };

const PRINTED_CHARACTERS = 20_000;

/** Types of services and of pages, lint, and the shell scripts if shellcheck is installed; each counts as one. */
export async function runStaticChecks(
  tally: Tally,
  projectFolder: string,
  print: (line: string) => void,
): Promise<Tally> {
  const checks = await Promise.all(
    staticChecks(projectFolder).map(async (check) => ({ check, printed: await complaintOf(check, projectFolder) })),
  );
  let result = tally;
  for (const { check, printed } of checks) {
    const isGood = printed === undefined;
    print(isGood ? `✔ ${check.name}` : `✖ ${check.name}\n${printed}`);
    result = addCheck(result, { name: check.name, isGood });
  }
  return result;
}

function staticChecks(projectFolder: string): StaticCheck[] {
  const bin = (name: string): string => join(projectFolder, 'node_modules', '.bin', name);
  const checks: StaticCheck[] = [
    { name: 'types', command: bin('tsc'), args: ['--noEmit', '-p', 'tsconfig.json'] },
    { name: 'lint', command: bin('biome'), args: ['check', '--diagnostic-level=warn', '--error-on-warnings'] },
  ];
  if (existsSync(join(projectFolder, 'src/pages/tsconfig.json'))) {
    checks.push({ name: 'types of pages', command: bin('tsc'), args: ['--noEmit', '-p', 'src/pages/tsconfig.json'] });
  }
  if (existsSync('/usr/bin/shellcheck')) {
    checks.push({ name: 'shell scripts', command: 'shellcheck', args: ['-x', ...shellScripts(projectFolder)] });
  }
  return checks;
}

function shellScripts(projectFolder: string): string[] {
  const found = globSync(['*.sh', 'EV_*/*.sh', 'ev', 'bin/*', '.ci/*', 'scripts/*.sh', 'src/testing/**/*.sh'], {
    cwd: projectFolder,
  });
  return found
    .filter((file) => /^#!.*\b(ba)?sh\b/.test(readFileSync(join(projectFolder, file), 'utf8').slice(0, 64)))
    .sort();
}

/** What the check complains about, undefined if it does not. */
function complaintOf(check: StaticCheck, projectFolder: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(check.command, check.args, { cwd: projectFolder, maxBuffer: 64 * 1_048_576 }, (error, stdout, stderr) => {
      resolve(
        error === null
          ? undefined
          : `${stdout}${stderr}${error.code === 'ENOENT' ? error.message : ''}`.slice(0, PRINTED_CHARACTERS),
      );
    });
  });
}
