import type { PanelOrder, PanelPoint } from '../messages/live-stream.ts';
import { type ApiClient, createApiClient, orUndefined } from './api-client.ts';
import { type LivePage, openLivePage } from './live-page.ts';
import { type LocalNetwork, startLocalNetwork } from './local-network.ts';
import { type NetworkDatabase, networkDatabase, pointVersion } from './network-database.ts';
import { type DriverPerson, driverPerson } from './network-driver.ts';
import { type PointHands, pointHands } from './network-point.ts';
import { pointState, untilPointIs } from './panel-points.ts';

/** A whole network of OS processes with hands for everything that a person does at its pages, all by its HTTP APIs. */
export type Network = {
  local: LocalNetwork;
  database: NetworkDatabase;
  panel: ApiClient;
  /** The panel's public page, open all the time. */
  picture: LivePage;
  /** Central's picture as the panel has it, now. */
  panelPage(view?: 'public' | 'operator'): LivePage;
  point(cpId: string): PointHands;
  /** Registers and logs in a new person at a driver app (the first one if not said). */
  newDriver(driverId: string, app?: string): Promise<DriverPerson>;
  /** The same person at another app or browser. */
  logIn(driverId: string, app?: string): Promise<DriverPerson>;
  /** Logs the panel in as the first administrator. */
  logInAsAdmin(): Promise<void>;
  /** One order to these points, or to all; resolves with its rows as first answered. */
  order(kind: PanelOrder['kind'], cpIds?: string[]): Promise<PanelOrder[]>;
  pointState(cpId: string): PanelPoint['state'] | undefined;
  /** The points' states as Central itself says now, by id; undefined while it does not answer. Asked a few times a second at most. */
  freshStates(): Promise<ReadonlyMap<string, PanelPoint['state']> | undefined>;
  /** Waits until the panel shows this state, live, and of the point as it is in the books now or later: no picture from before. */
  untilPoint(cpId: string, state: PanelPoint['state'], withinMs?: number): Promise<void>;
  /** kill -9, then waits until its successor is ready; resolves with how long that took, ms. */
  killAndAwait(name: string): Promise<number>;
  stop(): Promise<void>;
};

const PASSWORD = 'correct horse battery';
/** Generous: the whole test suite shares two cores. */
export const STEP_WITHIN_MS = 30_000;
const ASK_EVERY_MS = 200;

/** Starts it; `env` sets variables of its processes (PLUG_TIMEOUT_MS, ENGINE_SPEED ...). Stop it in `after`. */
export async function startNetwork(
  asked: { points?: number; drivers?: number; env?: NodeJS.ProcessEnv } = {},
): Promise<Network> {
  const local = await startLocalNetwork(asked);
  const file = await local.read();
  const panel = createApiClient({ baseUrl: file.panelUrl });
  const appUrl = (app = 'DRV001'): string => found(file.drivers.find((one) => one.clientId === app)?.url, app);
  const point = (cpId: string): PointHands =>
    pointHands(
      found(
        file.points.find((one) => one.cpId === cpId),
        cpId,
      ),
    );
  const openPages: LivePage[] = [];
  const kept = (page: LivePage): LivePage => {
    openPages.push(page);
    return page;
  };
  const logIn = async (driverId: string, app?: string): Promise<DriverPerson> => {
    const person = await driverPerson({ appUrl: appUrl(app), driverId, password: PASSWORD });
    kept(person.live);
    return person;
  };
  const picture = kept(openLivePage({ baseUrl: file.panelUrl, path: '/live?view=public' }));
  const network: Network = {
    freshStates: statesFromCentral(panel),
    ...{ local, panel, picture, point, logIn, database: networkDatabase(local.folder) },
    panelPage: (view = 'public') =>
      openLivePage({ baseUrl: file.panelUrl, path: `/live?view=${view}`, cookie: panel.cookie() }),
    async newDriver(driverId, app) {
      const register = { driverId, name: `Test ${driverId}`, password: PASSWORD };
      await createApiClient({ baseUrl: appUrl(app) }).post('/api/register', register);
      return logIn(driverId, app);
    },
    async logInAsAdmin() {
      const [, operatorId, password] = /user (\S+)\s+password (\S+)/.exec(await local.firstAdmin()) ?? [];
      await panel.post('/api/login', { operatorId, password });
    },
    async order(kind, cpIds) {
      const wanted = cpIds === undefined ? { isForAll: true } : { cpIds };
      const orderId = crypto.randomUUID();
      return (await panel.post<{ items: PanelOrder[] }>('/api/orders', { orderId, kind, ...wanted })).items;
    },
    pointState: (cpId) => pointState(picture, cpId),
    async untilPoint(cpId, state, withinMs = STEP_WITHIN_MS) {
      const notBefore = await pointVersion(network.database, cpId);
      await untilPointIs(picture, { cpId, state, withinMs, notBefore });
    },
    async killAndAwait(name) {
      const beganMs = performance.now();
      const pid = await local.pidOf(name);
      process.kill(pid, 'SIGKILL');
      await local.untilRunning(name, pid);
      return performance.now() - beganMs;
    },
    stop() {
      for (const page of openPages) page.close();
      return local.stop();
    },
  };
  return network;
}

function statesFromCentral(panel: ApiClient): Network['freshStates'] {
  let asked: ReturnType<Network['freshStates']> | undefined;
  const ask = async () => {
    const list = await orUndefined(panel.get<{ chargingPoints: PanelPoint[] }>('/api/charging_points'));
    return list && new Map(list.chargingPoints.map((one) => [one.cpId, one.state]));
  };
  return () => {
    if (asked === undefined) {
      asked = ask();
      setTimeout(() => {
        asked = undefined;
      }, ASK_EVERY_MS);
    }
    return asked;
  };
}

function found<Value>(value: Value | undefined, name: string): Value {
  if (value === undefined) throw new Error(`this network has no ${name}`);
  return value;
}
