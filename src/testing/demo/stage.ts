import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { askSupervisor, type ControlRequest } from '../../local/control.ts';
import type { NetworkFile } from '../../local/network-file.ts';
import type { BatchView } from '../../messages/batches.ts';
import type { PanelPoint } from '../../messages/live-stream.ts';
import { type ApiClient, createApiClient } from '../api-client.ts';
import { type DriverPerson, driverPerson } from '../network-driver.ts';
import { type PointHands, pointHands } from '../network-point.ts';

/** Everybody who plays a part, by public APIs only: an administrator at the panel, two drivers, a hand at each point. */
export type Stage = {
  network: NetworkFile;
  panel: ApiClient;
  /** Whose batch it is, and a person who asks for points that are taken or out of order. */
  driver: DriverPerson;
  other: DriverPerson;
  point(cpId: string): PointHands;
  /** The point as the panel shows it. */
  shown(cpId: string): Promise<PanelPoint>;
  batch(batchId: string): Promise<BatchView>;
  /** kill -9, and it stays down until `revive`. */
  kill(name: string): Promise<void>;
  revive(name: string): Promise<void>;
  leave(): Promise<void>;
};

const run = promisify(execFile);

/** Makes an administrator (by `ev admin`), registers two drivers, opens the point's pages. */
export async function setStage(at: {
  network: NetworkFile;
  projectFolder: string;
  controlFile: string;
}): Promise<Stage> {
  const { network } = at;
  const suffix = Array.from(crypto.getRandomValues(new Uint8Array(4)), (byte) => (byte % 36).toString(36)).join('');
  const operatorId = `demo.${suffix}`;
  const ev = async (...args: string[]): Promise<string> =>
    (await run(process.execPath, [...process.execArgv, join(at.projectFolder, 'src', 'ev.ts'), ...args])).stdout;
  const password = /password: (\S+)/.exec(await ev('admin', 'create-admin', operatorId))?.[1] ?? '';
  const panel = createApiClient({ baseUrl: network.panelUrl });
  await panel.post('/api/login', { operatorId, password });
  const appUrl = network.drivers[0]?.url;
  if (appUrl === undefined) throw new Error('this network has no driver app');
  const driver = await newDriver(appUrl, `DEMOA${suffix}`.toUpperCase());
  const other = await newDriver(appUrl, `DEMOB${suffix}`.toUpperCase());
  const hands = new Map(network.points.map((one) => [one.cpId, pointHands(one)]));
  const ask = async (order: ControlRequest['ask'], name: string): Promise<void> => {
    const answer = await askSupervisor(at.controlFile, { ask: order, name });
    if (answer === undefined || answer.error !== undefined) throw new Error(answer?.error ?? 'no supervisor runs');
  };
  return {
    ...{ network, panel, driver, other },
    point(cpId) {
      const found = hands.get(cpId);
      if (!found) throw new Error(`this network has no ${cpId}`);
      return found;
    },
    shown: (cpId) => panel.get<PanelPoint>(`/api/charging_points/${cpId}`),
    async batch(batchId) {
      const { batches } = await driver.app.get<{ batches: BatchView[] }>('/api/batches');
      const found = batches.find((one) => one.batchId === batchId);
      if (!found) throw new Error('the batch is gone');
      return found;
    },
    async kill(name) {
      const status = (await askSupervisor(at.controlFile, { ask: 'STATUS' }))?.status as {
        name: string;
        pid?: number;
      }[];
      const pid = status.find((one) => one.name === name)?.pid;
      if (pid !== undefined) process.kill(pid, 'SIGKILL');
      await ask('STOP', name);
    },
    revive: (name) => ask('START', name),
    async leave() {
      driver.live.close();
      other.live.close();
      await ev('admin', 'operators', 'disable', operatorId);
    },
  };
}

async function newDriver(appUrl: string, driverId: string): Promise<DriverPerson> {
  const password = crypto.randomUUID();
  const register = { driverId, name: 'Demonstration', password };
  await createApiClient({ baseUrl: appUrl }).post('/api/register', register);
  return driverPerson({ appUrl, driverId, password });
}
