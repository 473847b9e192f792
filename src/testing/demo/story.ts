import type { BatchView } from '../../messages/batches.ts';
import type { TicketView } from '../../messages/entities.ts';
import { type Incident, incidentsOf } from './incidents.ts';
import type { DemoReport } from './report.ts';
import type { Stage } from './stage.ts';

const FEWEST_CHARGES = 10;

/** At least ten charges, at every point at least one, in turn; a quick one has one more than there are incidents. */
export function demoLines(cpIds: readonly string[], incidents: readonly Incident[], isQuick: boolean): string[] {
  const count = isQuick ? incidents.length + 1 : Math.max(FEWEST_CHARGES, cpIds.length);
  return Array.from({ length: count }, (_, index) => cpIds[index % cpIds.length] ?? '');
}

/** Which line meets which incident: every second one from the second on, or every one. */
export function incidentAt(line: number, incidents: readonly Incident[], isQuick: boolean): Incident | undefined {
  if (isQuick) return incidents[line - 2];
  return line >= 2 && line % 2 === 0 ? incidents[line / 2 - 1] : undefined;
}

/** A batch over all points with incidents on the way (R1-G04); every step is told, nobody touches anything. */
export async function playStory(stage: Stage, report: DemoReport, isQuick: boolean): Promise<void> {
  const cpIds = stage.network.points.map((one) => one.cpId);
  report.title(`${cpIds.length} charging points, driver ${stage.driver.driverId}`);
  for (const cpId of cpIds)
    await report.expect(`${cpId} is AVAILABLE`, async () =>
      (await stage.shown(cpId)).state === 'AVAILABLE' ? `${cpId} AVAILABLE` : undefined,
    );
  const incidents = incidentsOf(stage.network);
  const lines = demoLines(cpIds, incidents, isQuick);
  const { batchId } = await stage.driver.app.post<BatchView>('/api/batches', { text: `${lines.join('\n')}\n` });
  report.note(`batch of ${lines.length} charges: ${lines.join(' ')}`);
  for (const [index, cpId] of lines.entries()) {
    const line = index + 1;
    await playLine(stage, report, { batchId, line, cpId, incident: incidentAt(line, incidents, isQuick) });
  }
  await expectGoodEnd(stage, report, { batchId, count: lines.length });
}

type LineAsked = { batchId: string; line: number; cpId: string; incident: Incident | undefined };

async function playLine(stage: Stage, report: DemoReport, asked: LineAsked): Promise<void> {
  const { batchId, line, cpId, incident } = asked;
  const point = stage.point(cpId);
  report.title(`charge ${line} at ${cpId}${incident ? `: ${incident.title}` : ''}`);
  const isPlugged = await report.expect(`${cpId} is authorised, is plugged in and charges`, async () => {
    const { phase, supply } = await point.engine();
    if (phase === 'AUTHORISED') await point.plug();
    const isOurs = phase === 'CHARGING' && supply?.driverId === stage.driver.driverId;
    return isOurs && supply.energyWh > 0 ? `${supply.energyWh} Wh, ${supply.powerW} W` : undefined;
  });
  if (isPlugged && line === 1)
    await report.expect('it costs something by now', async () => {
      const { amountCents = 0, energyWh } = (await point.engine()).supply ?? {};
      return amountCents > 0 ? `${energyWh} Wh, ${amountCents} cents` : undefined;
    });
  if (incident) await stage.driver.app.post(`/api/batches/${batchId}/pause`);
  const outcome = incident && isPlugged ? await incident.strike(stage, cpId, report) : undefined;
  if (isPlugged && outcome?.endsByItself !== true) await point.unplug();
  await expectTicket(stage, report, { batchId, line, endReason: outcome?.endReason ?? 'UNPLUGGED' });
  if (!incident) return;
  if (outcome) await incident.recover(stage, cpId, report);
  await stage.driver.app.post(`/api/batches/${batchId}/resume`);
}

async function expectTicket(
  stage: Stage,
  report: DemoReport,
  wanted: { batchId: string; line: number; endReason: string },
): Promise<void> {
  await report.expect(`a ticket with the reason ${wanted.endReason}`, async () => {
    const line = (await stage.batch(wanted.batchId)).lines.find((one) => one.line === wanted.line);
    if (line?.state !== 'DONE' || line.ticketNumber === undefined || line.endReason !== wanted.endReason)
      return undefined;
    return `ticket ${line.ticketNumber}: ${line.energyWh} Wh, ${line.amountCents} cents, ${line.endReason}`;
  });
}

/** The books: as many tickets as charges, each once, the balance is what they cost, nothing is open. */
async function expectGoodEnd(
  stage: Stage,
  report: DemoReport,
  batch: { batchId: string; count: number },
): Promise<void> {
  report.title('the books');
  await report.expect(`the batch is FINISHED with ${batch.count} charges done`, async () => {
    const { state, lines } = await stage.batch(batch.batchId);
    const done = lines.filter((one) => one.state === 'DONE').length;
    return state === 'FINISHED' && done === batch.count ? `${state}, ${done} done` : undefined;
  });
  await report.expect(`${batch.count} tickets, none twice, and the balance is their sum`, async () => {
    const { balanceCents, tickets } = await stage.driver.state();
    const supplies = new Set(tickets.map((one: TicketView) => one.supplyId));
    const sumCents = tickets.reduce((sum, one) => sum + one.amountCents, 0);
    const isRight = tickets.length === batch.count && supplies.size === batch.count && balanceCents === -sumCents;
    return isRight ? `${tickets.length} tickets, ${sumCents} cents, balance ${balanceCents}` : undefined;
  });
  await report.expect('no charge of theirs is open', async () => {
    const { openSupply, interruptedSupplies } = await stage.driver.state();
    return openSupply === undefined && interruptedSupplies.length === 0 ? 'none' : undefined;
  });
}
