import { createHttpClient } from '../../io/http/client.ts';

const WITHIN_MS = 4_000;

/** True if the component of this container is ready. A container without EV_HEALTH_URL has nothing to ask. */
export async function isHealthy({ EV_HEALTH_URL: url, EV_CA_FILE: caFile }: NodeJS.ProcessEnv): Promise<boolean> {
  if (!url) return true;
  const client = createHttpClient({ baseUrl: url, caFile, timeoutMs: WITHIN_MS });
  const answer = await client.send('GET', '/readyz').catch(() => undefined);
  return answer?.status === 200;
}
