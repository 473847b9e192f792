import type { Announcement } from '../../messages/service-directory.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { newRandomId } from '../new-id.ts';
import { createHttpClient } from './client.ts';

const BEAT_EVERY_MS = 5_000;

/** Says in Registry's directory that a service lives, until it stops (S-REG-12). Without Registry it goes on and says it later. */
export function announceService(
  parts: { registryUrl: string; caFile: string; token: string; clock: Clock; log: Log },
  announcement: Announcement,
): { stop(): Promise<void> } {
  const { registryUrl, caFile, token, clock, log } = parts;
  const path = `/api/services/${newRandomId()}`;
  const tell = async (method: 'PUT' | 'DELETE', body?: Announcement): Promise<void> => {
    try {
      const client = createHttpClient({ baseUrl: registryUrl, caFile, token, timeoutMs: 3_000 });
      const { status } = await client.send(method, path, { body });
      if (status >= 300) log.warn({ status }, 'Registry does not take this service into its directory');
    } catch (error) {
      log.debug({ err: error }, 'Registry cannot be reached: the directory does not know this service now');
    }
  };
  void tell('PUT', announcement);
  const timer = clock.setRepeating(() => void tell('PUT', announcement), BEAT_EVERY_MS);
  return {
    async stop() {
      timer.cancel();
      await tell('DELETE');
    },
  };
}
