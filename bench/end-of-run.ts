import { readFile } from 'node:fs/promises';
import { createLog } from '../src/io/log.ts';
import { newRandomId } from '../src/io/new-id.ts';
import { openDatabase } from '../src/io/postgres/database.ts';
import { isTrueWithin } from '../src/local/os-process.ts';
import { createApiClient } from '../src/testing/api-client.ts';
import { type BenchNetwork, firstAdminPassword } from './bench-network.ts';
import { readFleetJournal } from './latency.ts';

/** Tickets against the engines' journal: `lostWh` is the sum of differences, 0 when nothing was lost. */
export type Settlement = { supplies: number; tickets: number; energyWh: number; lostWh: number; stopTookMs: number };

const ALL_ENDED_WITHIN_MS = 900_000;

/** An operator stops all points; when every engine has its acknowledgement, tickets and journal must say the same. */
export async function settleAll(network: BenchNetwork): Promise<Settlement> {
  const api = createApiClient({ baseUrl: network.apiUrl, caFile: network.files.ca, timeoutMs: ALL_ENDED_WITHIN_MS });
  await api.post('/api/login', { operatorId: 'admin', password: await firstAdminPassword(network.files) });
  const beganMs = performance.now();
  await api.post('/api/orders', { orderId: newRandomId(), kind: 'STOP', isForAll: true });
  const isOver = await isTrueWithin(ALL_ENDED_WITHIN_MS, async () => {
    const state = await network.fleetState();
    return state !== undefined && state.charging === 0 && state.unacknowledged === 0;
  });
  if (!isOver) throw new Error(`not all supplies ended: ${JSON.stringify(await network.fleetState())}`);
  const stopTookMs = performance.now() - beganMs;
  const { endedWh } = await readFleetJournal(`${network.fleetFolder}/journal`);
  const ticketWh = await ticketsOf(network);
  let lostWh = 0;
  let energyWh = 0;
  for (const [supplyId, wh] of endedWh) {
    energyWh += wh;
    lostWh += Math.abs(wh - (ticketWh.get(supplyId) ?? 0));
  }
  return { supplies: endedWh.size, tickets: ticketWh.size, energyWh, lostWh, stopTookMs };
}

async function ticketsOf({ files }: BenchNetwork): Promise<Map<string, number>> {
  const url = new URL((await readFile(files.adminDatabaseUrl, 'utf8')).trim());
  url.pathname = '/ev_charging';
  const log = createLog('bench', { level: 'error' });
  const database = openDatabase({ url: url.href, log, poolSize: 1, applicationName: 'bench' });
  try {
    const rows = await database.rows<{ supply_id: string; energy_wh: number }>(
      'SELECT supply_id, energy_wh FROM tickets',
      [],
    );
    return new Map(rows.map((row) => [row.supply_id, row.energy_wh]));
  } finally {
    await database.close();
  }
}
