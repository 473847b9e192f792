import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { readIfThere, writeWhole } from '../../io/private-files.ts';
import { isLoopback } from '../../io/sockets/ip-address.ts';
import { type HostPlace, type HostRole, varFolderOf } from '../network-plan.ts';
import { isOwnAddress } from './own-address.ts';

const FOLDER: Readonly<Record<Exclude<HostRole, 'EVERYTHING'>, string>> = {
  CENTRAL: '',
  REGISTRY: 'EV_Registry',
  POINTS: 'EV_CP',
  DRIVERS: 'EV_Driver',
};

/** A role that has a script of its own. */
export type ScriptRole = keyof typeof FOLDER;

/** Central uses the project's own `var`, so that every `./ev` command means it; points and drivers may be beside it. */
export function roleFolder(role: ScriptRole, from: { projectFolder: string; env: NodeJS.ProcessEnv }): string {
  return join(varFolderOf(from.projectFolder, from.env), FOLDER[role]);
}

/** Where to listen to be reached there: at that address if it is ours, else at all (a name, or a router in between). */
export function listenHost(publicHost: string, cards = networkInterfaces()): string {
  return isLoopback(publicHost) || isOwnAddress(publicHost, cards) ? publicHost : '0.0.0.0';
}

/** What the script was told last, undefined the first time. */
export function rememberedPlace(file: string): HostPlace | undefined {
  const text = readIfThere(file);
  return text === undefined ? undefined : (JSON.parse(text) as HostPlace);
}

/** Keeps it for a start without arguments. */
export function rememberPlace(file: string, place: HostPlace): void {
  writeWhole(file, `${JSON.stringify(place, undefined, 2)}\n`);
}

/** It was this computer's own the last time, and no card of it has it now. */
export function hasMovedAway(publicHost: string, last: HostPlace | undefined, cards = networkInterfaces()): boolean {
  return last !== undefined && last.host === publicHost && listenHost(publicHost, cards) !== publicHost;
}

/** Another address, Central, broker or port than that of the last time. */
export function isElsewhere(place: HostPlace, last: HostPlace | undefined): boolean {
  const whereOf = ({ host, publicHost, centralHost, brokers, ports }: HostPlace) =>
    JSON.stringify([host, publicHost, centralHost, brokers, ports]);
  return last !== undefined && whereOf(place) !== whereOf(last);
}
