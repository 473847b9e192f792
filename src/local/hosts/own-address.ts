import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os';
import { createInterface } from 'node:readline/promises';
import { promisify } from 'node:util';
import { BadSetting } from '../network-plan.ts';

const run = promisify(execFile);
const ANSWERS_WITHIN_MS = 5_000;
const WINDOWS_QUESTION =
  "(Get-NetRoute -DestinationPrefix '0.0.0.0/0' | Sort-Object -Property { $_.RouteMetric + $_.InterfaceMetric } | Select-Object -First 1).InterfaceAlias";

type Cards = NodeJS.Dict<NetworkInterfaceInfo[]>;

/**
 * The address of the interface that the default route leaves by (S-CFG-08, F-07): with a VPN, docker0 and a WiFi beside
 * it, that is the one by which others come in. Without any a person is asked, if there is one; throws BadSetting if not.
 */
export async function ownAddress(): Promise<{ address: string; how: string }> {
  const card = await defaultRouteCard().catch(() => undefined);
  const address = card === undefined ? undefined : addressOfCard(networkInterfaces(), card);
  if (address !== undefined) return { address, how: `interface ${card}, by the default route` };
  if (process.stdin.isTTY && process.stdout.isTTY) return { address: await askedAddress(), how: 'as typed' };
  throw new BadSetting(
    'EV_HOST is not set and this computer has no default route to find its address by: set EV_HOST to the address by which the others reach it',
  );
}

async function defaultRouteCard(): Promise<string | undefined> {
  if (process.platform === 'linux') return linuxDefaultCard(await readFile('/proc/net/route', 'utf8'));
  const options = { timeout: ANSWERS_WITHIN_MS };
  if (process.platform === 'darwin')
    return macDefaultCard((await run('route', ['-n', 'get', 'default'], options)).stdout);
  const asked = await run('powershell', ['-NoProfile', '-Command', WINDOWS_QUESTION], options);
  return asked.stdout.trim() || undefined;
}

// Iface Destination Gateway Flags RefCnt Use Metric Mask ...: the default route has destination and mask 0, the lowest metric wins.
/** The interface of the default route in `/proc/net/route`, undefined if there is none. */
export function linuxDefaultCard(table: string): string | undefined {
  const routes = table
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/));
  const defaults = routes.filter((fields) => fields[1] === '00000000' && fields[7] === '00000000');
  return defaults.sort((left, right) => Number(left[6]) - Number(right[6]))[0]?.[0];
}

/** The interface in what `route -n get default` prints. */
export function macDefaultCard(printed: string): string | undefined {
  return /^\s*interface: (\S+)$/m.exec(printed)?.[1];
}

/** The interface's first IPv4 address, else its first IPv6 one that is good beyond the link. */
export function addressOfCard(cards: Cards, name: string): string | undefined {
  const all = cards[name] ?? [];
  const chosen = all.find((one) => one.family === 'IPv4') ?? all.find((one) => !one.address.startsWith('fe80:'));
  return chosen?.address;
}

/** True if this computer listens at that address; else it is behind a router, or it is a name. */
export function isOwnAddress(address: string, cards: Cards = networkInterfaces()): boolean {
  return Object.values(cards).some((all) => all?.some((one) => one.address === address));
}

async function askedAddress(): Promise<string> {
  const asking = createInterface({ input: process.stdin, output: process.stdout });
  const typed = (await asking.question('By which address do other computers reach this one? ')).trim();
  asking.close();
  if (typed === '') throw new BadSetting('EV_HOST: no address was given');
  return typed;
}
