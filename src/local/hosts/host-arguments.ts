import { argumentsOf } from '../../io/command-line.ts';
import { isIpAddress } from '../../io/sockets/ip-address.ts';
import { BadSetting } from '../network-plan.ts';

/** What a script of one computer was told (S-OPS-03 to S-OPS-05); what is undefined is found out or remembered. */
export type HostArguments = {
  centralHost?: string;
  publicHost?: string;
  /** Central's socket port or, for drivers, the broker's port. */
  port?: number;
  ids: string[];
  /** Stay in front (for a service manager) instead of coming back when all is ready. */
  isForeground: boolean;
  /** It is the background half of a start, which has said already what this one would. */
  isBehind: boolean;
  /** Build the pages anew (`--no-cache`). */
  isBuiltAnew: boolean;
  /** Open the pages in a browser and the logs in a terminal, where there is a desktop. */
  isOpened: boolean;
  /** Of Central's computer alone: where Registry and further Centrals are to run, and beside which Central this one runs. */
  registryHost?: string;
  furtherHosts: string[];
  /** Registry and the only Central are on this computer again. */
  isAlone: boolean;
};

/** The help of the start commands. */
export const HOST_USAGE = {
  CENTRAL: `EV_Central/start.sh [PUBLIC_ADDRESS] [CENTRAL_SOCKET_PORT] [--registry ADDRESS] [--second ADDRESS ...]
EV_JOIN=<code> EV_Central/start.sh [PUBLIC_ADDRESS] --beside CENTRAL_HOST      (also: ev start-central)

Starts Kafka, PostgreSQL, Central, its panel and Registry on this computer, and prints the join codes for the others.
PUBLIC_ADDRESS is how the others reach it; without it: that of the interface of the default route (EV_HOST says another).

  --registry ADDRESS     Registry runs on that computer instead (EV_Registry/start.sh)
  --second ADDRESS       a further Central, beside those of before, runs on that computer, on this one's database and broker
  --alone                neither any more: Registry runs here, and the database is for this computer only
  --beside CENTRAL_HOST  this is that further Central, with a panel; the join code is needed once`,
  REGISTRY: `EV_JOIN=<code> EV_Registry/start.sh CENTRAL_HOST [IP_HOST]      (also: ev start-registry)

Starts Registry on this computer, on the database of CENTRAL_HOST, which was started with --registry and prints the code.
The join code is needed once. Without arguments: as the last time.`,
  POINTS: `EV_JOIN=<code> EV_CP/start.sh CENTRAL_HOST [CENTRAL_PORT] [CP_ID ...] [IP_HOST]      (also: ev start-points)

Starts charging points (Monitor, engine, page) and EV_W on this computer; CP001 if none is named.
The join code is needed once. Without arguments: as the last time; the first time Central is on this computer.`,
  DRIVERS: `EV_JOIN=<code> EV_Driver/start.sh IP_BROKER [PUERTO_BROKER] [IP_HOST] [DRVNNN ...]      (also: ev start-drivers)

Starts driver apps on this computer; DRV001 if none is named.
The join code is needed once. Without arguments: as the last time; the first time the broker is on this computer.`,
} as const;

const COMMON = `
  --open         open the pages in a browser and the logs in a terminal, if there is a desktop
  --no-cache     build the pages anew
  --foreground   stay in front, for a service manager
Ports, folders and keys have variables: docs/config.md, docs/deployment.md.`;

const POINT_ID = /^[A-Z][A-Z0-9]{1,19}$/;

/** Reads the arguments of one role's script. Throws BadSetting with the usage. */
export function hostArguments(role: keyof typeof HOST_USAGE, args: string[]): HostArguments {
  const { values, positionals } = parsed(role, args);
  const { registry, second = [], beside } = values;
  for (const host of [registry, beside, ...second]) if (host !== undefined) requireHost(host);
  const isAlone = values.alone === true;
  const names = [registry, second[0], beside, isAlone || undefined].filter((one) => one !== undefined);
  if (role !== 'CENTRAL' && names.length > 0)
    throw new BadSetting(`--registry, --second, --alone and --beside are Central's\n\n${HOST_USAGE[role]}`);
  if (names.length > 1 && (beside !== undefined || isAlone))
    throw new BadSetting(
      `--registry and --second belong to the Central that holds the database, --alone ends both\n\n${HOST_USAGE[role]}`,
    );
  const common = {
    registryHost: registry,
    furtherHosts: second,
    isAlone,
    isForeground: values.foreground === true || values.behind === true,
    isBehind: values.behind === true,
    isBuiltAnew: values['no-cache'] === true,
    isOpened: values.open === true,
  };
  const ids = positionals.filter((one) => POINT_ID.test(one));
  const [first, ...others] = positionals.filter((one) => !POINT_ID.test(one));
  const port = others[0] !== undefined && /^\d+$/.test(others[0]) ? portFrom(others.shift() as string) : undefined;
  const [address, tooMany] = others;
  const takesIds = role === 'POINTS' || role === 'DRIVERS';
  const isTooMuch =
    tooMany !== undefined || (role === 'CENTRAL' && address !== undefined) || (!takesIds && ids.length > 0);
  if (isTooMuch)
    throw new BadSetting(`'${tooMany ?? address ?? ids[0]}' is one argument too many\n\n${HOST_USAGE[role]}`);
  for (const host of [first, address]) if (host !== undefined) requireHost(host);
  const where =
    role === 'CENTRAL' ? { publicHost: first, centralHost: beside } : { centralHost: first, publicHost: address };
  return { ...common, ...where, port, ids };
}

/** The whole text of `--help`. */
export function hostHelp(role: keyof typeof HOST_USAGE): string {
  return `${HOST_USAGE[role]}\n${COMMON}`;
}

function parsed(role: keyof typeof HOST_USAGE, args: string[]) {
  const flag = { type: 'boolean' } as const;
  const host = { type: 'string' } as const;
  const flags = {
    foreground: flag,
    behind: flag,
    'no-cache': flag,
    open: flag,
    alone: flag,
  } as const;
  const options = { ...flags, registry: host, second: { ...host, multiple: true }, beside: host } as const;
  try {
    return argumentsOf(args, { options, positionals: 'ANY' });
  } catch (error) {
    throw new BadSetting(`${(error as Error).message}\n\n${HOST_USAGE[role]}`);
  }
}

function portFrom(typed: string): number {
  const port = Number(typed);
  if (port < 1 || port > 65_535) throw new BadSetting(`${typed} is not a port (1 to 65535)`);
  return port;
}

function requireHost(host: string): void {
  const isName = /^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/.test(host);
  // 10.0.0.300 would be waited for as a name for ever.
  const isMistyped = /^[\d.]+$/.test(host);
  if (isIpAddress(host) || (isName && !isMistyped)) return;
  throw new BadSetting(`'${host}' is neither an address nor a name of a computer`);
}
