import type { NetworkInterfaceInfo } from 'node:os';
import { inUrl } from '../../io/sockets/ip-address.ts';
import type { HostPlace } from '../network-plan.ts';
import { driverId, pointId } from '../ports.ts';
import type { Say } from '../step.ts';
import type { HostArguments } from './host-arguments.ts';
import { ownAddress } from './own-address.ts';
import { hasMovedAway, listenHost, type ScriptRole } from './place.ts';

/** What one script was told, and what it may know besides. */
export type Asked = {
  role: ScriptRole;
  varFolder: string;
  said: HostArguments;
  /** By which address others are to reach this computer: its argument, else EV_HOST. */
  wantedHost: string | undefined;
  /** What it was told the last time. */
  last: HostPlace | undefined;
  /** A supervisor runs already: what is named is started beside what runs. */
  isBeside: boolean;
  env: NodeJS.ProcessEnv;
  say: Say;
  findAddress?: typeof ownAddress;
  cards?: NodeJS.Dict<NetworkInterfaceInfo[]>;
};

/** One computer's place: what the arguments say, else what was said the last time, else what can be found out. */
export async function askedPlace(asked: Asked): Promise<HostPlace> {
  const { role, varFolder, said, wantedHost, last, env, cards } = asked;
  const known = said.centralHost ?? last?.centralHost;
  const isFirst = role === 'CENTRAL' && known === undefined;
  const publicHost = wantedHost ?? last?.publicHost ?? (isFirst ? await foundAddress(asked) : undefined);
  const centralHost = isFirst ? undefined : (known ?? (await foundAddress(asked)));
  const broker = role === 'DRIVERS' && said.port !== undefined ? `${inUrl(centralHost ?? '')}:${said.port}` : undefined;
  if (publicHost !== undefined && hasMovedAway(publicHost, last, cards))
    asked.say(
      `${publicHost} is no address of this computer any more: it listens at all of them; if others reach it at a new one, give that (the first argument of EV_Central/start.sh, IP_HOST of the others)`,
    );
  const isSamePlace = said.centralHost === undefined || said.centralHost === last?.centralHost;
  const remembered = isSamePlace ? last : undefined;
  return {
    role,
    varFolder,
    host: listenHost(publicHost ?? '127.0.0.1', cards),
    publicHost: publicHost ?? '127.0.0.1',
    centralHost,
    registryHost: said.isAlone ? undefined : (said.registryHost ?? last?.registryHost),
    // One more does not shut out those that are there.
    furtherHosts: said.isAlone ? [] : [...new Set([...(last?.furtherHosts ?? []), ...said.furtherHosts])],
    told: remembered?.told,
    brokers: env.KAFKA_BROKERS || broker || remembered?.brokers,
    ports: role !== 'DRIVERS' && said.port !== undefined ? { centralSockets: said.port } : (remembered?.ports ?? {}),
    pointIds: role === 'POINTS' ? idsOf(asked, last?.pointIds, pointId(0)) : [],
    driverIds: role === 'DRIVERS' ? idsOf(asked, last?.driverIds, driverId(0)) : [],
  };
}

function idsOf({ said, isBeside }: Asked, last: readonly string[] | undefined, first: string): string[] {
  const known = last ?? [];
  const isKept = (id: string): boolean => isBeside || said.ids.length === 0 || said.ids.includes(id);
  // Those of before keep their places, and so their ports.
  const all = [...known.filter(isKept), ...said.ids];
  return all.length === 0 ? [first] : [...new Set(all)];
}

async function foundAddress({ say, findAddress = ownAddress }: Asked): Promise<string> {
  const { address, how } = await findAddress();
  say(`This computer is ${address} (${how}; EV_HOST says another)`);
  return address;
}
