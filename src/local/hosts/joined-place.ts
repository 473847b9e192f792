import { readIfThere } from '../../io/private-files.ts';
import type { JoinKind } from '../../messages/join-api.ts';
import { doorUrl } from '../addresses.ts';
import { BadSetting, type HostPlace, type NetworkPlan, networkFiles } from '../network-plan.ts';
import type { Say } from '../step.ts';
import { followDatabase, hasJoined, type Joining, joinNetwork, networkAddresses } from './join-network.ts';
import { doorAddress } from './needed-addresses.ts';
import { listenHost, roleFolder, type ScriptRole } from './place.ts';
import { unreachableOf } from './reach.ts';

const KIND: Readonly<Record<ScriptRole, JoinKind>> = {
  ...{ CENTRAL: 'central', REGISTRY: 'registry', POINTS: 'points', DRIVERS: 'drivers' },
};

/** What a guest's start knows before it joins. */
export type Guest = {
  role: ScriptRole;
  place: HostPlace;
  /** The plan of that place. */
  plan: NetworkPlan;
  /** Its place of the last time. */
  last: HostPlace | undefined;
  /** By which address others are to reach this computer, if it was told. */
  wantedHost: string | undefined;
  /** The join code is taken out of it: it is for this computer, not for the processes that it will run. */
  env: NodeJS.ProcessEnv;
  say: Say;
};

/** The place with the address by which Central knows this computer; joins first if it must. */
export async function joinedPlace(guest: Guest): Promise<HostPlace> {
  const { role, place, plan, last, wantedHost, env, say } = guest;
  const kind = KIND[role];
  const files = networkFiles(plan);
  const given = env.EV_JOIN || undefined;
  delete env.EV_JOIN;
  const joining: Joining = { kind, apiUrl: doorUrl(plan), files, wantedHost, say };
  followDatabase(files, { from: last?.centralHost, to: place.centralHost });
  if (hasJoined(files, given)) return { ...place, told: (await networkAddresses(joining)) ?? place.told };
  const code = given ?? codeOfCentralHere(kind, { projectFolder: plan.projectFolder, env });
  if (code === undefined)
    throw new BadSetting(
      `EV_JOIN is missing: this computer has not joined the network yet. EV_Central/start.sh prints the code for ${kind}`,
    );
  const [why] = await unreachableOf([doorAddress(plan)]);
  if (why?.includes('does not resolve')) throw new BadSetting(why);
  if (why !== undefined) say(`Not reached yet, tried on: ${why}`);
  const address = await joinNetwork(joining, code);
  const publicHost = wantedHost ?? address;
  return { ...place, publicHost, host: listenHost(publicHost), told: await networkAddresses(joining) };
}

/** If Central is started from this very folder, its codes are at hand. */
function codeOfCentralHere(kind: JoinKind, from: { projectFolder: string; env: NodeJS.ProcessEnv }) {
  const { projectFolder } = from;
  return readIfThere(networkFiles({ varFolder: roleFolder('CENTRAL', from), projectFolder }).joinCode(kind));
}
