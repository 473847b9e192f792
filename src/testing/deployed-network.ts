import { join } from 'node:path';
import { createApiClient } from './api-client.ts';
import type { Computer } from './computers.ts';
import { type LivePage, openLivePage } from './live-page.ts';
import { type DriverPerson, driverPerson } from './network-driver.ts';
import { type PointHands, pointHands } from './network-point.ts';
import { untilAsked } from './until.ts';

const PASSWORD = 'correct horse battery';
const DRIVER_ID = 'ANA01';
const READY_WITHIN_MS = 120_000;

/** Pages and people of a network that the guide's commands have brought up: https, at the usual ports. */
export type DeployedNetwork = {
  /** Central's authority, by which every page is verified. */
  caFile: string;
  /** The first driver app. */
  appUrl: string;
  /** Where the panel of a Central is, the first one's if not said. */
  panelUrl(computer?: Computer): string;
  /** That panel's public page; whoever opens it closes it. */
  openPanel(computer?: Computer): LivePage;
  /** The hands at CP001. */
  point(): PointHands;
  /** Registers Ana at the app. */
  registerAna(): Promise<void>;
  /** Ana logs in at the app. */
  logInAsAna(): Promise<DriverPerson>;
};

/** The network with its first Central, its points and its driver apps on these computers. */
export function deployedNetwork(on: { central: Computer; points: Computer; drivers: Computer }): DeployedNetwork {
  const { central, points, drivers } = on;
  const caFile = join(central.folder, 'var', 'secrets', 'ca.pem');
  const appUrl = `https://${drivers.address}:5100`;
  const panelUrl = (computer = central): string => `https://${computer.address}:5000`;
  // A start that has taken its time says what is not ready yet, and goes.
  const untilAppIsReady = () => {
    const isReady = () =>
      createApiClient({ baseUrl: appUrl, caFile })
        .get('/readyz')
        .then(Boolean, () => false);
    return untilAsked('the app hears Central', isReady, READY_WITHIN_MS);
  };
  return {
    ...{ caFile, appUrl, panelUrl },
    openPanel: (computer) => openLivePage({ baseUrl: panelUrl(computer), path: '/live?view=public', caFile }),
    point: () => pointHands({ cpId: 'CP001', pageUrl: `https://${points.address}:5050`, caFile }),
    async registerAna() {
      await untilAppIsReady();
      const app = createApiClient({ baseUrl: appUrl, caFile });
      await app.post('/api/register', { driverId: DRIVER_ID, name: 'Ana', password: PASSWORD });
    },
    async logInAsAna() {
      await untilAppIsReady();
      return driverPerson({ appUrl, driverId: DRIVER_ID, password: PASSWORD, caFile });
    },
  };
}
