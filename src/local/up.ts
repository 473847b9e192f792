import { resolve } from 'node:path';
import { findApiKey } from '../io/open-weather-key.ts';
import { print, runInFront, sayItRuns, startBehind } from './bring-up.ts';
import { AlreadyRuns, supervisorPid } from './control.ts';
import { openOnDesktop } from './hosts/open-on-desktop.ts';
import { rememberedPlace } from './hosts/place.ts';
import { requireNoGuest } from './hosts/sensible-place.ts';
import { BadSetting, networkFiles, planNetwork } from './network-plan.ts';
import { PortsTaken } from './taken-ports.ts';
import { type UpOptions, upOptions } from './up-options.ts';

const PROJECT_FOLDER = resolve(import.meta.dirname, '..', '..');

/** `ev up`: everything here as separate processes, until Ctrl-C or `ev down`; with --detach it returns when all is ready. */
export async function main(args: string[]): Promise<void> {
  const options = upOptions(args);
  if (options) await orSentence(() => up(options));
}

/** Runs a command of the launcher; what can be expected to go wrong is told in a sentence, with the exit code. */
export async function orSentence(command: () => Promise<void>): Promise<void> {
  try {
    await command();
  } catch (error) {
    const isExpected = error instanceof BadSetting || error instanceof PortsTaken || error instanceof AlreadyRuns;
    const { message } = error as Error;
    process.stderr.write(`${isExpected ? message : `The network could not be started: ${message}`}\n`);
    process.exitCode = error instanceof BadSetting ? 2 : 1;
  }
}

async function up(options: UpOptions): Promise<void> {
  const fromEnvironment = process.env.OPENWEATHER_API_KEY ?? '';
  const hasWeatherKey = findApiKey({ fromEnvironment, folder: PROJECT_FOLDER }).value !== '';
  const plan = planNetwork({ ...options, projectFolder: PROJECT_FOLDER, hasWeatherKey, env: process.env });
  const files = networkFiles(plan);
  requireNoGuest(rememberedPlace(files.place));
  const running = await supervisorPid(files.control);
  const counts = ['--cps', String(options.points), '--drivers', String(options.drivers)];
  if (running !== undefined) await sayItRuns(files, running);
  else if (!options.isDetached) return runInFront(plan, options.isBehind, options.isOpened);
  else if (!(await startBehind(plan, ['up', ...counts, '--behind']))) return;
  if (options.isOpened) print(await openOnDesktop(files));
}
