import { createHttpClient } from '../../io/http/client.ts';
import type { NetworkFile } from '../../local/network-file.ts';
import { ApiRefused } from '../api-client.ts';
import type { DemoReport } from './report.ts';
import type { Stage } from './stage.ts';

/** What happens while a charge runs: what it does to it, why the charge then ends, and how the point comes back. */
export type Incident = {
  title: string;
  /** Begins while the point charges; true if the charge then ends by itself. */
  strike(stage: Stage, cpId: string, report: DemoReport): Promise<{ endReason: string; endsByItself: boolean }>;
  /** After the ticket: what is still to be seen, and the way back. */
  recover(stage: Stage, cpId: string, report: DemoReport): Promise<void>;
};

const COLD_CC = -500;
const MILD_CC = 1_500;

/** The other driver asks for the point and must be told this. */
async function expectRefusal(stage: Stage, cpId: string, code: string, report: DemoReport): Promise<void> {
  const requestId = await stage.other.request(cpId);
  await report.expect(`another driver is refused at ${cpId}: ${code}`, async () => {
    const answer = await stage.other.answer(requestId);
    return 'code' in answer && answer.code === code ? `refused: ${code}` : undefined;
  });
}

async function expectShown(stage: Stage, cpId: string, state: string, report: DemoReport): Promise<void> {
  await report.expect(`the panel shows ${cpId} as ${state}`, async () =>
    (await stage.shown(cpId)).state === state ? `${cpId} ${state}` : undefined,
  );
}

const expectBack = (stage: Stage, cpId: string, report: DemoReport) => expectShown(stage, cpId, 'AVAILABLE', report);

/** The engine answers KO (R1-24): the charge ends, the point is FAULTED until it is mended. */
const fault: Incident = {
  title: 'a fault of the engine',
  async strike(stage, cpId, report) {
    await stage.point(cpId).setFault(true);
    await expectShown(stage, cpId, 'FAULTED', report);
    return { endReason: 'FAULT', endsByItself: true };
  },
  async recover(stage, cpId, report) {
    await expectRefusal(stage, cpId, 'CP_FAULTED', report);
    await stage.point(cpId).setFault(false);
    await expectBack(stage, cpId, report);
  },
};

/** kill -9 of the Monitor (D-08): the charge runs to its normal end, nothing new begins. */
const deadMonitor: Incident = {
  title: 'a dead Monitor',
  async strike(stage, cpId, report) {
    await stage.kill(`${cpId.toLowerCase()}-monitor`);
    await expectShown(stage, cpId, 'DISCONNECTED', report);
    const before = (await stage.point(cpId).engine()).supply?.energyWh ?? 0;
    await report.expect('the charge goes on without it', async () => {
      const now = (await stage.point(cpId).engine()).supply?.energyWh ?? 0;
      return now > before ? `${before} Wh, then ${now} Wh` : undefined;
    });
    await expectRefusal(stage, cpId, 'CP_DISCONNECTED', report);
    return { endReason: 'UNPLUGGED', endsByItself: false };
  },
  async recover(stage, cpId, report) {
    await stage.revive(`${cpId.toLowerCase()}-monitor`);
    await expectBack(stage, cpId, report);
  },
};

/** The key is revoked (D-12): the charge ends with its ticket; a new key brings the point back, nothing is restarted. */
const revokedKey: Incident = {
  title: 'a revoked key',
  async strike(stage, cpId, report) {
    await stage.panel.post(`/api/charging_points/${cpId}/revoke-key`);
    report.note('an administrator revokes the key at the panel');
    return { endReason: 'KEY_REVOKED', endsByItself: true };
  },
  async recover(stage, cpId, report) {
    await report.expect(`${cpId} is out of service for its key`, async () => {
      const { state, reasons } = await stage.shown(cpId);
      return state === 'OUT_OF_SERVICE' && reasons.includes('KEY_REVOKED')
        ? `${state}: ${reasons.join(' ')}`
        : undefined;
    });
    await expectRefusal(stage, cpId, 'CP_OUT_OF_SERVICE', report);
    await stage.point(cpId).authenticate('NEW_KEY');
    report.note('"authenticate again" at the Monitor');
    await expectBack(stage, cpId, report);
  },
};

/** A cold front (S-WEA-08, D-04): the charge is not cut, then the point stays out of service until it is mild. */
function coldFront(simUrl: string): Incident {
  const set = async (stage: Stage, cpId: string, temperatureCc: number): Promise<void> => {
    const { city, country } = await stage.shown(cpId);
    const path = `/api/places/${country}/${encodeURIComponent(city)}`;
    const answer = await createHttpClient({ baseUrl: simUrl }).send('PUT', path, { body: { temperatureCc } });
    if (answer.status >= 300) throw new ApiRefused(`PUT ${path}`, answer);
  };
  return {
    title: 'a weather alert',
    async strike(stage, cpId, report) {
      await set(stage, cpId, COLD_CC);
      report.note(`the weather stand-in says ${COLD_CC / 100} degrees`);
      await report.expect('the alert waits for the end of the charge', async () => {
        const { state, pendingReasons } = await stage.shown(cpId);
        return state === 'CHARGING' && pendingReasons.includes('WEATHER') ? 'CHARGING, WEATHER is pending' : undefined;
      });
      return { endReason: 'UNPLUGGED', endsByItself: false };
    },
    async recover(stage, cpId, report) {
      await report.expect(`then ${cpId} is out of service for the weather`, async () => {
        const { state, reasons } = await stage.shown(cpId);
        return state === 'OUT_OF_SERVICE' && reasons.includes('WEATHER') ? `${state}: WEATHER` : undefined;
      });
      await expectRefusal(stage, cpId, 'CP_OUT_OF_SERVICE', report);
      await set(stage, cpId, MILD_CC);
      for (const one of stage.network.points) await expectBack(stage, one.cpId, report);
    },
  };
}

/** The incidents of a demonstration; the weather's only where a stand-in makes the weather. */
export function incidentsOf(network: NetworkFile & { weatherSimUrl?: string }): Incident[] {
  const { weatherSimUrl } = network;
  return [fault, deadMonitor, ...(weatherSimUrl ? [coldFront(weatherSimUrl)] : []), revokedKey];
}
