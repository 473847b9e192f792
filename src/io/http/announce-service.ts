import type { Announcement } from '../../messages/service-directory.ts';
import type { Clock } from '../clock.ts';
import { secret, text } from '../config.ts';
import type { Log } from '../log.ts';
import { newRandomId } from '../new-id.ts';
import { createHttpClient } from './client.ts';

const BEAT_EVERY_MS = 5_000;
const VERSION = '1';

/** Settings of a service that announces itself with a token of its own for that. */
export const directorySettings = {
  registryUrl: text({
    variable: 'REGISTRY_URL',
    default: '',
    pattern: /^(https:\/\/.+)?$/,
    wanted: 'an https address',
    sentence: 'Registry, in whose directory this service says that it lives (S-REG-12); empty: nowhere.',
  }),
  servicesToken: secret({
    variable: 'SERVICES_TOKEN',
    isOptional: true,
    sentence: 'Machine token with scope services:announce, for the directory.',
  }),
};

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
  let telling = tell('PUT', announcement);
  const timer = clock.setRepeating(() => {
    telling = tell('PUT', announcement);
  }, BEAT_EVERY_MS);
  return {
    async stop() {
      timer.cancel();
      // One that comes in after the good-bye would be taken for a life that fell.
      await telling;
      await tell('DELETE');
    },
  };
}

/** The same for the server that a process has just opened; does nothing where no Registry or no token was given. */
export function announceServer(
  config: { registryUrl: string; caFile: string; host: string; tlsCertFile: string },
  parts: { token: string; clock: Clock; log: Log },
  server: { kind: Announcement['kind']; port: number },
): { stop(): Promise<void> } {
  const { registryUrl, caFile, host, tlsCertFile } = config;
  if (registryUrl === '' || parts.token === '') return { stop: async () => undefined };
  const url = `${tlsCertFile === '' ? 'http' : 'https'}://${host}:${server.port}`;
  return announceService({ ...parts, registryUrl, caFile }, { kind: server.kind, url, version: VERSION });
}
