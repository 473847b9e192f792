import { resolve } from 'node:path';
import { isPlainCall } from '../../io/command-line.ts';
import { QUICK_GROUPS } from './groups.ts';
import { markThisRun } from './left-behind.ts';
import { runGroup } from './run-group.ts';
import { runStaticChecks } from './static-checks.ts';
import { type Tally, verdict } from './tally.ts';

const PROJECT_FOLDER = resolve(import.meta.dirname, '..', '..', '..');

const USAGE = `ev check

Types, lint, generated documents, architecture and unit tests. The last line is the verdict; exit code 1: something failed.`;

/** `ev check`. */
export async function main(args: string[]): Promise<void> {
  if (!isPlainCall(args, USAGE)) return;
  const beganMs = performance.now();
  const print = (line: string): void => void process.stdout.write(`${line}\n`);
  const marked = markThisRun(print);
  let tally: Tally = { passed: 0, failed: 0, notes: [] };
  tally = await runStaticChecks(tally, PROJECT_FOLDER, print);
  for (const group of QUICK_GROUPS) {
    tally = await runGroup(group, tally, { projectFolder: PROJECT_FOLDER, env: process.env, marked, print });
  }
  for (const note of tally.notes) print(`✖ ${note}`);
  print(`\nin ${((performance.now() - beganMs) / 1_000).toFixed(1)} s`);
  print(verdict(tally));
  process.exitCode = tally.failed > 0 || marked.brokenOff.aborted ? 1 : 0;
}
