import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { wantsHelp } from '../../io/command-line.ts';
import { findApiKey } from '../../io/open-weather-key.ts';
import { print, runInFront, sayItRuns, startBehind } from '../bring-up.ts';
import { supervisorPid } from '../control.ts';
import { type HostPlace, holdsData, type NetworkPlan, networkFiles, planNetwork } from '../network-plan.ts';
import { orSentence } from '../up.ts';
import { askedPlace } from './asked-place.ts';
import { hostArguments, hostHelp } from './host-arguments.ts';
import { writeJoinCodes } from './join-codes.ts';
import { joinedPlace } from './joined-place.ts';
import { makeWay, mustMakeWay } from './make-way.ts';
import { notReached } from './needed-addresses.ts';
import { openOnDesktop } from './open-on-desktop.ts';
import { rememberedPlace, rememberPlace, roleFolder, type ScriptRole } from './place.ts';
import { requireKnownNames, requireSensiblePlace } from './sensible-place.ts';

const PROJECT_FOLDER = resolve(import.meta.dirname, '..', '..', '..');
const COMMAND: Readonly<Record<ScriptRole, string>> = {
  CENTRAL: 'start-central',
  REGISTRY: 'start-registry',
  POINTS: 'start-points',
  DRIVERS: 'start-drivers',
};

/** `ev start-central`, EV_Central/start.sh (S-OPS-03). */
export function startCentral(args: string[]): Promise<void> {
  return orSentence(() => startHost('CENTRAL', args));
}

/** `ev start-registry`, EV_Registry/start.sh (R2-70). */
export function startRegistry(args: string[]): Promise<void> {
  return orSentence(() => startHost('REGISTRY', args));
}

/** `ev start-points`, EV_CP/start.sh (S-OPS-04). */
export function startPoints(args: string[]): Promise<void> {
  return orSentence(() => startHost('POINTS', args));
}

/** `ev start-drivers`, EV_Driver/start.sh (S-OPS-05). */
export function startDrivers(args: string[]): Promise<void> {
  return orSentence(() => startHost('DRIVERS', args));
}

async function startHost(role: ScriptRole, args: string[]): Promise<void> {
  if (wantsHelp(args)) return print([hostHelp(role)]);
  const said = hostArguments(role, args);
  const { env } = process;
  const varFolder = roleFolder(role, { projectFolder: PROJECT_FOLDER, env });
  const files = networkFiles({ varFolder, projectFolder: PROJECT_FOLDER });
  const pid = await supervisorPid(files.control);
  const last = rememberedPlace(files.place);
  const wantedHost = said.publicHost ?? (env.EV_HOST || undefined);
  const known = { role, wantedHost, last, env, say: (line: string) => print([line]) };
  const asked = await askedPlace({ ...known, varFolder, said, isBeside: pid !== undefined });
  requireSensiblePlace(asked, said, { env, files });
  await requireKnownNames(said);
  const planAsked = planAt(asked);
  const isGuest = !holdsData(planAsked);
  if (pid !== undefined && !(await mustMakeWay(files, { pid, said, place: asked, last }))) {
    await sayItRuns(files, pid);
    return print(said.isOpened ? await openOnDesktop(files) : []);
  }
  await mkdir(files.secrets, { recursive: true, mode: 0o700 });
  const place = isGuest ? await joinedPlace({ ...known, place: asked, plan: planAsked }) : asked;
  rememberPlace(files.place, place);
  // Only now: a join that is refused must not leave the processes without a supervisor.
  if (pid !== undefined) await makeWay(files, pid);
  const plan = planAt(place);
  if (!said.isBehind) print((await notReached(plan)).map((why) => `Not reached yet, tried on: ${why}`));
  if (said.isForeground) return runInFront(plan, true);
  const hasStarted = await startBehind(plan, [COMMAND[role], '--behind']);
  if (!hasStarted) return;
  if (!isGuest) print(await writeJoinCodes(plan, said));
  if (said.isOpened) print(await openOnDesktop(files));
}

function planAt(place: HostPlace): NetworkPlan {
  const fromEnvironment = process.env.OPENWEATHER_API_KEY ?? '';
  const hasWeatherKey = findApiKey({ fromEnvironment, folder: PROJECT_FOLDER }).value !== '';
  const env = { ...process.env, EV_VAR_DIR: place.varFolder };
  return planNetwork({ projectFolder: PROJECT_FOLDER, points: 0, drivers: 0, hasWeatherKey, place, env });
}
