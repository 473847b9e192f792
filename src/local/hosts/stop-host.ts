import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { askSupervisor } from '../control.ts';
import { stopEverything } from '../control-commands.ts';
import type { ManagedView } from '../managed-process.ts';
import { BadSetting, type NetworkPlan, networkFiles } from '../network-plan.ts';
import { orSentence } from '../up.ts';
import { roleFolder, type ScriptRole } from './place.ts';
import { isProcessOf } from './start-host.ts';

const PROJECT_FOLDER = resolve(import.meta.dirname, '..', '..', '..');

/** `ev stop-central`, EV_Central/stop.sh (S-OPS-07). */
export function stopCentral(args: string[]): Promise<void> {
  return orSentence(() => stopHost('CENTRAL', args));
}

/** `ev stop-registry`, EV_Registry/stop.sh. */
export function stopRegistry(args: string[]): Promise<void> {
  return orSentence(() => stopHost('REGISTRY', args));
}

/** `ev stop-points [CP_ID ...]`, EV_CP/stop.sh (S-OPS-08): all if none is named. */
export function stopPoints(args: string[]): Promise<void> {
  return orSentence(() => stopHost('POINTS', args));
}

/** `ev stop-drivers [DRV_ID ...]`, EV_Driver/stop.sh (S-OPS-09): all if none is named. */
export function stopDrivers(args: string[]): Promise<void> {
  return orSentence(() => stopHost('DRIVERS', args));
}

async function stopHost(role: ScriptRole, args: string[]): Promise<void> {
  const { values, positionals: ids } = argumentsOf(args);
  const varFolder = roleFolder(role, { projectFolder: PROJECT_FOLDER, env: process.env });
  const files = networkFiles({ varFolder, projectFolder: PROJECT_FOLDER } as NetworkPlan);
  const isClearing = values['clear-logs'] === true;
  if (ids.length === 0) return stopEverything([files], { isClearing });
  if (role === 'CENTRAL' || role === 'REGISTRY') throw new BadSetting(`'${ids[0]}' is one argument too many`);
  if (isClearing) throw new BadSetting('--clear-logs clears all logs of this computer: name no id with it');
  const answer = await askSupervisor(files.control, { ask: 'STATUS' });
  const names = ((answer?.status ?? []) as ManagedView[]).map((view) => view.name);
  for (const id of ids) {
    const own = names.filter((name) => isProcessOf(id, name));
    if (own.length === 0) throw new BadSetting(`${id} does not run on this computer`);
    for (const name of own) await askSupervisor(files.control, { ask: 'STOP', name });
    process.stdout.write(`${id} has stopped.\n`);
  }
}

function argumentsOf(args: string[]) {
  try {
    return parseArgs({ args, allowPositionals: true, options: { 'clear-logs': { type: 'boolean' } } });
  } catch (error) {
    throw new BadSetting((error as Error).message);
  }
}
