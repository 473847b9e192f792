import type { NetworkFile } from '../../local/network-file.ts';
import { type ApiClient, ApiRefused, createApiClient } from '../api-client.ts';
import { untilAsked } from '../until.ts';

/** A process with an OpenAPI document: where it is, who asks, and what must come last because nothing works after it. */
export type FuzzTarget = {
  name: string;
  baseUrl: string;
  /** Somebody who may do everything there: the document's name for the cookie, and its value, taken anew for each pass. */
  login?: { scheme: string; cookie: () => Promise<string> };
  /** Paths of a pass of their own, after all others: they end the login, the registration, the answers. */
  last: readonly string[];
  /** Below the process's own limit, where that is low: a run of nothing but 429 shows little. */
  perSecond?: number;
};

const LOGIN_WITHIN_MS = 120_000;

export const FUZZ_NAMES = [
  ...(['central', 'registry', 'driver', 'weather', 'weather-sim', 'engine', 'monitor'] as const),
] as const;
export type FuzzName = (typeof FUZZ_NAMES)[number];

/** The processes of a network that have a document. The panel and the points' pages forward to these and have none of their own. */
export function fuzzTargets(
  network: NetworkFile,
  admin: { operatorId: string; password: string },
): Record<FuzzName, FuzzTarget | undefined> {
  const [point] = network.points;
  const [driver] = network.drivers;
  const asAdmin = (baseUrl: string) => ({
    scheme: 'operator',
    cookie: async () => {
      const client = createApiClient({ baseUrl, caFile: network.caFile });
      await untilAsked(`a login at ${baseUrl}`, () => isLoggedIn(client, admin), LOGIN_WITHIN_MS);
      return cookieValue(client.cookie());
    },
  });
  return {
    central: target('central', network.centralApiUrl, { login: asAdmin(network.centralApiUrl), last: ['/api/logout'] }),
    registry: target('registry', network.registryUrl, { login: asAdmin(network.registryUrl), last: ['/api/logout'] }),
    driver:
      driver && target('driver', driver.url, { login: asDriver(driver.url), last: ['/api/logout'], perSecond: 9 }),
    weather: target('weather', network.weatherUrl, { perSecond: 18 }),
    // What it is told to do next is to be silent for ever.
    'weather-sim': network.weatherSimUrl
      ? target('weather-sim', network.weatherSimUrl, { last: ['/api/mode'] })
      : undefined,
    engine: point && target('engine', point.engineApiUrl, {}),
    monitor: point && target('monitor', point.monitorApiUrl, { last: ['/api/unregister'] }),
  };
}

function target(name: FuzzName, baseUrl: string, more: Partial<FuzzTarget>): FuzzTarget {
  return { last: [], ...more, name, baseUrl };
}

/** False: the pass before has used up the logins of a minute. */
async function isLoggedIn(client: ApiClient, admin: { operatorId: string; password: string }): Promise<boolean> {
  return client.post('/api/login', admin).then(
    () => true,
    (error: unknown) => {
      if (error instanceof ApiRefused && error.status === 429) return false;
      throw error;
    },
  );
}

const cookieValue = (cookie: string) => cookie.slice(cookie.indexOf('=') + 1);

function asDriver(baseUrl: string): FuzzTarget['login'] {
  const cookie = async () => {
    const client = createApiClient({ baseUrl });
    const driverId = `FUZZ${Date.now().toString(36).toUpperCase()}`;
    const password = crypto.randomUUID();
    await client.post('/api/register', { driverId, name: 'Fuzz', password });
    await client.post('/api/login', { driverId, password });
    return cookieValue(client.cookie());
  };
  return { scheme: 'driver', cookie };
}
