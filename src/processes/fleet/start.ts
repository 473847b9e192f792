import { openAudit } from '../../io/audit/audit.ts';
import { system } from '../../io/audit/audit-events.ts';
import type { Clock } from '../../io/clock.ts';
import { startLocalApi } from '../../io/http/local-api.ts';
import type { RunningProcess, Stoppable } from '../../io/lifecycle.ts';
import { createLiveFeed } from '../../io/live/live-feed.ts';
import type { Log } from '../../io/log.ts';
import { waitForFile } from '../../io/secret-file.ts';
import type { FleetConfig } from './config.ts';
import { startFleet } from './fleet.ts';

const TELL_EVERY_MS = 10_000;

/** The fleet with its real parts, and a small API that says how far it is. */
export async function startFleetProcess(
  config: FleetConfig,
  { clock, log, running }: { clock: Clock; log: Log; running: RunningProcess },
): Promise<Stoppable | undefined> {
  const audit = await openAudit({ component: 'fleet', folder: config.auditDir, log, clock });
  running.addPart('audit', audit);
  audit.record(system.started({ entity: 'fleet' }));
  const caPem = await waitForFile(config.caFile, { clock, signal: running.stopping });
  if (caPem === undefined) return undefined;
  const fleet = await startFleet(config, { clock, log, audit, caPem });
  running.addPart('fleet', fleet);
  const telling = clock.setRepeating(() => log.info(fleet.status(), 'fleet'), TELL_EVERY_MS);
  running.addPart('status log', { stop: () => telling.cancel() });
  const feed = createLiveFeed({
    feed: 'fleet',
    clock,
    upstream: () => ({ isCentralReachable: fleet.status().connected > 0 }),
  });
  running.addPart('live feed', feed);
  return startLocalApi({
    name: 'fleet',
    title: 'EV charging: fleet',
    description: 'How far the virtual charging points are.',
    ...{ log, port: config.apiPort, feed },
    readiness: () => ({ connected: fleet.status().connected === config.cps }),
    addRoutes: (app) => void app.get('/api/state', () => fleet.status()),
  });
}
