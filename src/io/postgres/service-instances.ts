import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Database } from './database.ts';

const BEAT_EVERY_MS = 5_000;

/** Signs a service into the directory (S-REG-12) and keeps saying that it lives; stopping signs it out. */
export function signInService(
  parts: { db: Database; clock: Clock; log: Log },
  service: { instanceId: string; kind: string; url: string; version: string },
): { stop(): Promise<void> } {
  const { db, clock, log } = parts;
  const startedAt = new Date(clock.nowMs());
  const beat = async (isAlive: boolean) => {
    try {
      await db.run(
        `INSERT INTO service_instances (instance_id, kind, url, version, started_at, heartbeat_at)
         VALUES ($1, $2, $3, $4, $5, CASE WHEN $6 THEN now() ELSE now() - interval '1 hour' END)
         ON CONFLICT (instance_id) DO UPDATE SET heartbeat_at = EXCLUDED.heartbeat_at`,
        [service.instanceId, service.kind, service.url, service.version, startedAt, isAlive],
      );
    } catch (error) {
      // The next beat says it again.
      log.debug({ err: error }, 'could not sign in to the directory of services');
    }
  };
  void beat(true);
  const timer = clock.setRepeating(() => void beat(true), BEAT_EVERY_MS);
  return {
    async stop() {
      timer.cancel();
      await beat(false);
    },
  };
}
