import { copyFileSync, existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { writeWhole } from '../../io/private-files.ts';
import { JOIN_KINDS, type JoinKind } from '../../messages/join-api.ts';
import { centralApiUrls, centralSockets, doorUrl, registryUrl } from '../addresses.ts';
import { ensureEnrolmentToken } from '../enrol-points.ts';
import { hasJoined, type Joining, joinNetwork, networkAddresses, renewHostLeaf } from '../hosts/join-network.ts';
import {
  BadSetting,
  type HostRole,
  type NetworkFiles,
  type NetworkPlan,
  networkFiles,
  planNetwork,
} from '../network-plan.ts';
import { ensureSecret } from '../secrets.ts';
import type { Say } from '../step.ts';

/** Where the volume of a compose file that joins is in our image: laid out as `var` is elsewhere. */
const DATA = '/var/lib/ev';
/** Where the volume of a further Central's panel is for the service that joins: not the one of the master key. */
const PANEL = '/run/ev/panel';
/** Variables for other containers of this volume, which Node reads at their start. */
const TOLD = 'network.env';
/** By which name its panel reaches a further Central, on the network of their compose file. */
const OWN_CENTRAL = 'central-backend';
const ENROLLED_WITHIN_MS = 300_000;
const ROLE: Readonly<Record<JoinKind, HostRole>> = {
  ...{ points: 'POINTS', drivers: 'DRIVERS', registry: 'REGISTRY', central: 'CENTRAL' },
};

/**
 * `ev container join KIND`: what the start.sh of that kind does before its processes start. The code is needed once; later
 * starts find what it brought in the volume. Points and a further Central hear where the others are, a point gets its tokens.
 */
export async function joinAs(kind: string | undefined, env: NodeJS.ProcessEnv): Promise<void> {
  if (!isJoinKind(kind)) throw new BadSetting(`ev container join ${JOIN_KINDS.join(' | ')}`);
  const say: Say = (line) => process.stdout.write(`${line}\n`);
  const plan = planOf(kind, env);
  const files = networkFiles(plan);
  const code = env.EV_JOIN || undefined;
  const wantedHost = env.EV_PUBLIC_HOST || undefined;
  const joining: Joining = { kind, apiUrl: doorUrl(plan), files, wantedHost, say };
  if (hasJoined(files, code)) await renewHostLeaf(joining, Date.now());
  else {
    if (code === undefined)
      throw new BadSetting(`EV_JOIN is missing: this computer has not joined yet. On the server's computer type:
  docker compose -f EV_Central/compose.yaml run --rm admin join-code ${kind}-1 --for ${kind}`);
    await joinNetwork(joining, code);
  }
  await keepAddresses(plan, joining);
  if (kind === 'central') givePanel(files);
  const [point] = plan.points;
  if (!point) return;
  await ensureSecret(files.pairingToken(point.cpId));
  const signal = AbortSignal.timeout(ENROLLED_WITHIN_MS);
  await ensureEnrolmentToken({ plan, point, apiUrl: doorUrl(plan), say, signal });
}

function isJoinKind(kind: string | undefined): kind is JoinKind {
  return (JOIN_KINDS as readonly (string | undefined)[]).includes(kind);
}

// While no Central answers, what was heard the last time holds.
async function keepAddresses(plan: NetworkPlan, joining: Joining): Promise<void> {
  if (joining.kind !== 'points' && joining.kind !== 'central') return;
  const file = join(DATA, TOLD);
  const told = await networkAddresses(joining);
  if (told !== undefined || !existsSync(file)) writeWhole(file, addressLines({ ...plan, told }));
}

/** The variables by which Monitor, EV_W, a further Central and its panel find the others. */
export function addressLines(plan: NetworkPlan): string {
  const registry = registryUrl(plan);
  const variables = {
    REGISTRY_URL: registry,
    CENTRAL_API_URL: centralApiUrls(plan).join(','),
    ...(plan.role === 'CENTRAL' ? { JOIN_REGISTRY_URL: registry } : { CENTRAL_SOCKETS: centralSockets(plan) }),
  };
  return Object.entries(variables)
    .map(([name, value]) => `${name}="${value}"\n`)
    .join('');
}

function givePanel(files: NetworkFiles): void {
  for (const file of [files.ca, files.centralApiToken, files.pageLeaf, join(DATA, TOLD)])
    copyFileSync(file, join(PANEL, basename(file)));
}

function planOf(kind: JoinKind, env: NodeJS.ProcessEnv): NetworkPlan {
  const centralHost = env.EV_CENTRAL_HOST;
  if (!centralHost) throw new BadSetting("EV_CENTRAL_HOST is missing: the address of the server's computer");
  return planNetwork({
    projectFolder: resolve(join(import.meta.dirname, '..', '..', '..')),
    ...{ points: 0, drivers: 0, env: {} },
    place: {
      ...{ role: ROLE[kind], varFolder: DATA, centralHost, brokers: undefined },
      host: kind === 'central' ? OWN_CENTRAL : '0.0.0.0',
      publicHost: env.EV_PUBLIC_HOST || '127.0.0.1',
      ports: {},
      pointIds: kind === 'points' ? [env.CP_ID || 'CP001'] : [],
      driverIds: [],
    },
  });
}
