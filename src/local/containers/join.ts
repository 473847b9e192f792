import { join, resolve } from 'node:path';
import { doorUrl } from '../addresses.ts';
import { ensureEnrolmentToken } from '../enrol-points.ts';
import { hasJoined, type Joining, joinNetwork, renewHostLeaf } from '../hosts/join-network.ts';
import { BadSetting, type NetworkPlan, networkFiles, planNetwork } from '../network-plan.ts';
import { ensureSecret } from '../secrets.ts';
import type { Say } from '../step.ts';

/** Where the volume of EV_CP/compose.yaml and EV_Driver/compose.yaml is in our image: laid out as `var` is elsewhere. */
const DATA = '/var/lib/ev';
const ENROLLED_WITHIN_MS = 300_000;

/**
 * `ev container join KIND`: what EV_CP/start.sh and EV_Driver/start.sh do before their processes start. The code is
 * needed once; later starts find what it brought in the volume. A point gets its tokens, too.
 */
export async function joinAs(kind: string | undefined, env: NodeJS.ProcessEnv): Promise<void> {
  if (kind !== 'points' && kind !== 'drivers') throw new BadSetting('ev container join points | drivers');
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
  const [point] = plan.points;
  if (!point) return;
  await ensureSecret(files.pairingToken(point.cpId));
  const signal = AbortSignal.timeout(ENROLLED_WITHIN_MS);
  await ensureEnrolmentToken({ plan, point, apiUrl: doorUrl(plan), say, signal });
}

function planOf(kind: 'points' | 'drivers', env: NodeJS.ProcessEnv): NetworkPlan {
  const centralHost = env.EV_CENTRAL_HOST;
  if (!centralHost) throw new BadSetting("EV_CENTRAL_HOST is missing: the address of the server's computer");
  const isPoints = kind === 'points';
  return planNetwork({
    projectFolder: resolve(join(import.meta.dirname, '..', '..', '..')),
    ...{ points: 0, drivers: 0, env: {} },
    place: {
      ...{ role: isPoints ? 'POINTS' : 'DRIVERS', varFolder: DATA, host: '0.0.0.0', centralHost, brokers: undefined },
      publicHost: env.EV_PUBLIC_HOST || '127.0.0.1',
      ports: {},
      pointIds: isPoints ? [env.CP_ID || 'CP001'] : [],
      driverIds: [],
    },
  });
}
