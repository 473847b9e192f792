import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { wantsHelp } from '../../io/command-line.ts';
import { findApiKey } from '../../io/open-weather-key.ts';
import { readIfThere } from '../../io/private-files.ts';
import { inUrl } from '../../io/sockets/ip-address.ts';
import type { JoinKind } from '../../messages/join-api.ts';
import { doorUrl } from '../addresses.ts';
import { print, runInFront, sayItRuns, startBehind } from '../bring-up.ts';
import { askSupervisor, supervisorPid } from '../control.ts';
import { readNetworkFile } from '../network-file.ts';
import {
  BadSetting,
  type HostPlace,
  holdsData,
  type NetworkFiles,
  type NetworkPlan,
  networkFiles,
  planNetwork,
} from '../network-plan.ts';
import { isAlive, isTrueWithin } from '../os-process.ts';
import { driverId, pointId } from '../ports.ts';
import { orSentence } from '../up.ts';
import { type HostArguments, hostArguments, hostHelp } from './host-arguments.ts';
import { writeJoinCodes } from './join-codes.ts';
import { followDatabase, hasJoined, type Joining, joinNetwork, networkAddresses } from './join-network.ts';
import { doorAddress, notReached } from './needed-addresses.ts';
import { openOnDesktop } from './open-on-desktop.ts';
import { ownAddress } from './own-address.ts';
import {
  hasMovedAway,
  isElsewhere,
  listenHost,
  rememberedPlace,
  rememberPlace,
  roleFolder,
  type ScriptRole,
} from './place.ts';
import { unreachableOf } from './reach.ts';
import { requireKnownNames, requireSensiblePlace } from './sensible-place.ts';

const PROJECT_FOLDER = resolve(import.meta.dirname, '..', '..', '..');
const LEAVES_WITHIN_MS = 20_000;
const COMMAND: Readonly<Record<ScriptRole, string>> = {
  CENTRAL: 'start-central',
  REGISTRY: 'start-registry',
  POINTS: 'start-points',
  DRIVERS: 'start-drivers',
};
const KIND: Readonly<Record<ScriptRole, JoinKind>> = {
  ...{ CENTRAL: 'central', REGISTRY: 'registry', POINTS: 'points', DRIVERS: 'drivers' },
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
  const asked = hostArguments(role, args);
  const varFolder = roleFolder(role, { projectFolder: PROJECT_FOLDER, env: process.env });
  const files = networkFiles({ varFolder, projectFolder: PROJECT_FOLDER } as NetworkPlan);
  const pid = await supervisorPid(files.control);
  const found = await findPlace(role, { ...asked, isBeside: pid !== undefined }, files);
  requireSensiblePlace(found, asked, { env: process.env, files });
  await requireKnownNames(asked);
  const isGuest = !holdsData(planAt(found));
  if (pid !== undefined && !(await mustMakeWay(files, { pid, asked, found })))
    return print(asked.isOpened ? await openOnDesktop(files) : []);
  await mkdir(files.secrets, { recursive: true, mode: 0o700 });
  const place = isGuest ? await joined(KIND[role], found, asked.publicHost) : found;
  rememberPlace(files.place, place);
  // Only now: a join that is refused must not leave the processes without a supervisor.
  if (pid !== undefined) await makeWay(files, pid);
  const plan = planAt(place);
  if (!asked.isBehind) print((await notReached(plan)).map((why) => `Not reached yet, tried on: ${why}`));
  if (asked.isForeground) return runInFront(plan, true);
  const hasStarted = await startBehind(plan, [COMMAND[role], '--behind']);
  if (!hasStarted) return;
  if (!isGuest) print(await writeJoinCodes(plan, asked));
  if (asked.isOpened) print(await openOnDesktop(files));
}

function planAt(place: HostPlace): NetworkPlan {
  const fromEnvironment = process.env.OPENWEATHER_API_KEY ?? '';
  const hasWeatherKey = findApiKey({ fromEnvironment, folder: PROJECT_FOLDER }).value !== '';
  const env = { ...process.env, EV_VAR_DIR: place.varFolder };
  return planNetwork({ projectFolder: PROJECT_FOLDER, points: 0, drivers: 0, hasWeatherKey, place, env });
}

/** What the arguments say, else what was said the last time, else what can be found out. */
async function findPlace(
  role: ScriptRole,
  asked: HostArguments & { isBeside: boolean },
  files: NetworkFiles,
): Promise<HostPlace> {
  const last = rememberedPlace(files.place);
  const told = asked.publicHost ?? (process.env.EV_HOST || undefined);
  const known = asked.centralHost ?? last?.centralHost;
  const isFirst = role === 'CENTRAL' && known === undefined;
  const publicHost = told ?? last?.publicHost ?? (isFirst ? await foundAddress() : undefined);
  const centralHost = isFirst ? undefined : (known ?? (await foundAddress()));
  const broker =
    role === 'DRIVERS' && asked.port !== undefined ? `${inUrl(centralHost ?? '')}:${asked.port}` : undefined;
  if (publicHost !== undefined && hasMovedAway(publicHost, last))
    print([
      `${publicHost} is no address of this computer any more: it listens at all of them; if others reach it at a new one, give that (the first argument of EV_Central/start.sh, IP_HOST of the others)`,
    ]);
  const isSamePlace = asked.centralHost === undefined || asked.centralHost === last?.centralHost;
  const remembered = isSamePlace ? last : undefined;
  return {
    role,
    varFolder: roleFolder(role, { projectFolder: PROJECT_FOLDER, env: process.env }),
    host: listenHost(publicHost ?? '127.0.0.1'),
    publicHost: publicHost ?? '127.0.0.1',
    centralHost,
    registryHost: asked.isAlone ? undefined : (asked.registryHost ?? last?.registryHost),
    // One more does not shut out those that are there.
    furtherHosts: asked.isAlone ? [] : [...new Set([...(last?.furtherHosts ?? []), ...asked.furtherHosts])],
    told: remembered?.told,
    brokers: process.env.KAFKA_BROKERS || broker || remembered?.brokers,
    ports: role !== 'DRIVERS' && asked.port !== undefined ? { centralSockets: asked.port } : (remembered?.ports ?? {}),
    pointIds: role === 'POINTS' ? idsOf(asked, last?.pointIds, pointId(0)) : [],
    driverIds: role === 'DRIVERS' ? idsOf(asked, last?.driverIds, driverId(0)) : [],
  };
}

function idsOf(
  asked: HostArguments & { isBeside: boolean },
  last: readonly string[] | undefined,
  first: string,
): string[] {
  const known = last ?? [];
  const isKept = (id: string): boolean => asked.isBeside || asked.ids.length === 0 || asked.ids.includes(id);
  // Those of before keep their places, and so their ports.
  const all = [...known.filter(isKept), ...asked.ids];
  return all.length === 0 ? [first] : [...new Set(all)];
}

async function foundAddress(): Promise<string> {
  const { address, how } = await ownAddress();
  print([`This computer is ${address} (${how}; EV_HOST says another)`]);
  return address;
}

/** The place with the address by which Central knows this computer; joins first if it must. */
async function joined(kind: JoinKind, place: HostPlace, told: string | undefined): Promise<HostPlace> {
  const plan = planAt(place);
  const files = networkFiles(plan);
  const given = process.env.EV_JOIN || undefined;
  // It is for this computer, not for the processes that it will run.
  delete process.env.EV_JOIN;
  const wantedHost = told ?? (process.env.EV_HOST || undefined);
  const joining: Joining = { kind, apiUrl: doorUrl(plan), files, wantedHost, say: (line) => print([line]) };
  followDatabase(files, { from: rememberedPlace(files.place)?.centralHost, to: place.centralHost });
  if (hasJoined(files, given)) return { ...place, told: (await networkAddresses(joining)) ?? place.told };
  const code = given ?? readIfThere(networkFilesOfCentral().joinCode(kind));
  if (code === undefined)
    throw new BadSetting(
      `EV_JOIN is missing: this computer has not joined the network yet. EV_Central/start.sh prints the code for ${kind}`,
    );
  const [why] = await unreachableOf([doorAddress(plan)]);
  if (why?.includes('does not resolve')) throw new BadSetting(why);
  if (why !== undefined) print([`Not reached yet, tried on: ${why}`]);
  const address = await joinNetwork(joining, code);
  const publicHost = wantedHost ?? address;
  return { ...place, publicHost, host: listenHost(publicHost), told: await networkAddresses(joining) };
}

/** Central's files, if it is started from this very folder: its codes are at hand then. */
function networkFilesOfCentral(): NetworkFiles {
  const varFolder = roleFolder('CENTRAL', { projectFolder: PROJECT_FOLDER, env: process.env });
  return networkFiles({ varFolder, projectFolder: PROJECT_FOLDER } as NetworkPlan);
}

/**
 * It runs already. Those of the ids that were stopped are started again (false); for what is new or elsewhere now the
 * supervisor is to leave, and the next one takes its processes over and starts the others beside them (true).
 */
async function mustMakeWay(
  files: NetworkFiles,
  how: { pid: number; asked: HostArguments; found: HostPlace },
): Promise<boolean> {
  const { pid, asked, found } = how;
  const network = await readNetworkFile(files.network);
  if (network?.role === 'EVERYTHING')
    throw new BadSetting(
      `./run_all.sh runs everything on this computer (supervisor pid ${pid}): type ./stop_all.sh first`,
    );
  const names = network?.processes.map((one) => one.name) ?? [];
  const isNew = asked.ids.some((id) => !names.some((name) => isProcessOf(id, name)));
  const isOther = asked.isAlone || asked.registryHost !== undefined || asked.furtherHosts.length > 0;
  for (const name of names.filter((one) => asked.ids.some((id) => isProcessOf(id, one))))
    await askSupervisor(files.control, { ask: 'START', name });
  if (isNew || isOther || isElsewhere(found, rememberedPlace(files.place))) return true;
  await sayItRuns(files, pid);
  return false;
}

async function makeWay(files: NetworkFiles, pid: number): Promise<void> {
  await askSupervisor(files.control, { ask: 'LEAVE' });
  const hasLeft = await isTrueWithin(LEAVES_WITHIN_MS, () => !isAlive(pid));
  if (!hasLeft) throw new Error(`the supervisor (pid ${pid}) does not end; see ./ev status`);
}

/** True for `cp001-monitor` of CP001 and `drv001` of DRV001. */
export function isProcessOf(id: string, name: string): boolean {
  return name === id.toLowerCase() || name.startsWith(`${id.toLowerCase()}-`);
}
