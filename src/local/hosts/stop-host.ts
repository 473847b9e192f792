import { resolve } from 'node:path';
import { BadArgument, readCommandLine } from '../../io/command-line.ts';
import { askSupervisor } from '../control.ts';
import { stopEverything } from '../control-commands.ts';
import type { ManagedView } from '../managed-process.ts';
import { BadSetting, networkFiles } from '../network-plan.ts';
import { isProcessOf } from '../process-table.ts';
import { orSentence } from '../up.ts';
import { roleFolder, type ScriptRole } from './place.ts';

const PROJECT_FOLDER = resolve(import.meta.dirname, '..', '..', '..');
const CLEAR_LOGS = '  --clear-logs   removes the logs of this computer, too';
const USAGE: Readonly<Record<ScriptRole, string>> = {
  CENTRAL: `EV_Central/stop.sh [--clear-logs]      (also: ev stop-central)

Stops what EV_Central/start.sh started on this computer.
${CLEAR_LOGS}`,
  REGISTRY: `EV_Registry/stop.sh [--clear-logs]      (also: ev stop-registry)

Stops what EV_Registry/start.sh started on this computer.
${CLEAR_LOGS}`,
  POINTS: `EV_CP/stop.sh [CP_ID ...] [--clear-logs]      (also: ev stop-points)

Stops these charging points of this computer; all of them, and EV_W, if none is named.
${CLEAR_LOGS}`,
  DRIVERS: `EV_Driver/stop.sh [DRV_ID ...] [--clear-logs]      (also: ev stop-drivers)

Stops these driver apps of this computer; all of them if none is named.
${CLEAR_LOGS}`,
};

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
  const asked = askedFor(role, args);
  if (asked === undefined) return;
  const { ids, isClearing } = asked;
  const varFolder = roleFolder(role, { projectFolder: PROJECT_FOLDER, env: process.env });
  const files = networkFiles({ varFolder, projectFolder: PROJECT_FOLDER });
  if (ids.length === 0) return stopEverything([files], { isClearing });
  const answer = await askSupervisor(files.control, { ask: 'STATUS' });
  const names = ((answer?.status ?? []) as ManagedView[]).map((view) => view.name);
  for (const id of ids) {
    const own = names.filter((name) => isProcessOf(id, name));
    if (own.length === 0) throw new BadSetting(`${id} does not run on this computer`);
    for (const name of own) await askSupervisor(files.control, { ask: 'STOP', name });
    process.stdout.write(`${id} has stopped.\n`);
  }
}

function askedFor(role: ScriptRole, args: string[]): { ids: string[]; isClearing: boolean } | undefined {
  return readCommandLine(args, {
    usage: USAGE[role],
    options: { 'clear-logs': { type: 'boolean' } },
    positionals: role === 'POINTS' || role === 'DRIVERS' ? 'ANY' : [],
    read: ({ values, positionals: ids }) => {
      const isClearing = values['clear-logs'] === true;
      if (isClearing && ids.length > 0)
        throw new BadArgument('--clear-logs clears all logs of this computer: name no id with it');
      return { ids, isClearing };
    },
  });
}
