import { lookup } from 'node:dns/promises';
import type { NetworkInterfaceInfo } from 'node:os';
import { networkInterfaces } from 'node:os';
import { readIfThere } from '../../io/private-files.ts';
import { isLoopback } from '../../io/sockets/ip-address.ts';
import { BadSetting, type HostPlace, type NetworkFiles } from '../network-plan.ts';
import type { HostArguments } from './host-arguments.ts';
import { isOwnAddress } from './own-address.ts';

type Asked = Pick<HostArguments, 'registryHost' | 'furtherHosts' | 'isAlone'>;
type Here = { env: NodeJS.ProcessEnv; files: NetworkFiles; cards?: NodeJS.Dict<NetworkInterfaceInfo[]> };

/** Throws BadSetting for what Central's script was told that cannot be meant, before anything is changed. */
export function requireSensiblePlace(place: HostPlace, asked: Asked, here: Here): void {
  if (place.role !== 'CENTRAL') return;
  if (place.centralHost === undefined) requireSensibleFirst(place, here);
  else requireSensibleFurther(place.centralHost, asked, here);
}

function requireSensibleFirst({ publicHost, registryHost, furtherHosts = [] }: HostPlace, { env, cards }: Here): void {
  const guests = [
    ...(registryHost === undefined ? [] : [{ option: '--registry', host: registryHost }]),
    ...furtherHosts.map((host) => ({ option: '--second', host })),
  ];
  for (const { option, host } of guests)
    if (host === publicHost || isHere(host, cards))
      throw new BadSetting(`${option} ${host} is this computer itself: name the other one`);
  if (guests.length > 0 && env.DATABASE_URL)
    throw new BadSetting(
      '--registry and --second open the database of this computer, and DATABASE_URL says another: leave one out (--alone forgets both options)',
    );
}

function requireSensibleFurther(first: string, asked: Asked, { files, cards }: Here): void {
  if (asked.isAlone || asked.registryHost !== undefined || asked.furtherHosts.length > 0)
    throw new BadSetting(
      `--registry, --second and --alone are for the computer that holds the database: this one runs beside ${first}`,
    );
  if (isHere(first, cards)) throw new BadSetting(`--beside ${first} is this computer itself: name the first Central's`);
  // What it holds is sealed with its own master key, which a join would replace.
  if (readIfThere(files.adminDatabaseUrl) !== undefined)
    throw new BadSetting(
      `this computer has a network of its own, which --beside would end: move its folder (${files.secrets} and what is beside it) away, or set EV_VAR_DIR to another one`,
    );
}

/** Throws BadSetting for a guest whose name leads nowhere: the database could never tell that it is it. */
export async function requireKnownNames({ registryHost, furtherHosts }: Asked): Promise<void> {
  for (const host of registryHost === undefined ? furtherHosts : [registryHost, ...furtherHosts]) {
    const isKnown = await lookup(host).then(
      () => true,
      () => false,
    );
    if (!isKnown)
      throw new BadSetting(
        `${host === registryHost ? '--registry' : '--second'} ${host}: the name does not resolve on this computer; give the address`,
      );
  }
}

/** Throws BadSetting if the folder is that of a further Central: a whole network there would replace what its join brought. */
export function requireNoGuest(last: HostPlace | undefined): void {
  if (last?.role !== 'CENTRAL' || last.centralHost === undefined) return;
  throw new BadSetting(
    `this computer is a further Central, beside ${last.centralHost}: type ./EV_Central/start.sh, or set EV_VAR_DIR to another folder for a network of its own`,
  );
}

function isHere(host: string, cards = networkInterfaces()): boolean {
  return isLoopback(host) || isOwnAddress(host, cards);
}
