import { createReadStream, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { quantile } from './statistics.ts';
import type { ViewerRecord } from './viewer.ts';

/** What the fleet's journal says: each reading's time by supply and energy, and the energy of each ended supply. */
export type FleetJournal = { measuredAtMs: Map<string, number>; endedWh: Map<string, number> };

/** From measurement to the viewer; `unseen` readings of the window never reached it as such. */
export type PanelLatency = { readings: number; p50Ms: number; p99Ms: number; worstMs: number; unseen: number };

type Entry = { kind: string; supplyId?: string; energyWh?: number; atMs?: number; record?: EndedRecord };
type EndedRecord = { supplyId: string; energyWh: number };

const keyOf = (supplyId: string, energyWh: number): string => `${supplyId}:${energyWh}`;

/** Reads it after the fleet has stopped, or while it runs: a half line at the end is left out. */
export async function readFleetJournal(folder: string): Promise<FleetJournal> {
  const found: FleetJournal = { measuredAtMs: new Map(), endedWh: new Map() };
  for (const name of readdirSync(folder).filter((one) => one.endsWith('.ndjson'))) {
    for await (const line of createInterface({ input: createReadStream(join(folder, name)) })) {
      if (line.endsWith('}}')) take(found, (JSON.parse(line) as { r: { entry: Entry } }).r.entry);
    }
  }
  return found;
}

function take(found: FleetJournal, entry: Entry): void {
  if (entry.kind === 'ended' && entry.record) found.endedWh.set(entry.record.supplyId, entry.record.energyWh);
  if (entry.kind !== 'reading' || entry.supplyId === undefined) return;
  const key = keyOf(entry.supplyId, entry.energyWh ?? 0);
  // Two readings of the same energy cannot be told apart: such a pair is not measured.
  found.measuredAtMs.set(key, found.measuredAtMs.has(key) ? Number.NaN : (entry.atMs ?? 0));
}

/** Matches every reading measured in the window with the viewer's receipt of that very energy of that supply. */
export function panelLatency(
  journal: FleetJournal,
  viewerFile: string,
  window: { fromMs: number; toMs: number },
): PanelLatency {
  const { supplyIds, receipts } = JSON.parse(readFileSync(viewerFile, 'utf8')) as ViewerRecord;
  const receivedAtMs = new Map<string, number>();
  for (let at = 0; at < receipts.length; at += 3) {
    const supplyId = supplyIds[receipts[at + 1]!];
    const key = keyOf(supplyId ?? '', receipts[at + 2]!);
    if (supplyId !== undefined && !receivedAtMs.has(key)) receivedAtMs.set(key, receipts[at]!);
  }
  const latenciesMs: number[] = [];
  let unseen = 0;
  for (const [key, measuredAtMs] of journal.measuredAtMs) {
    if (!(measuredAtMs >= window.fromMs && measuredAtMs < window.toMs)) continue;
    const receivedMs = receivedAtMs.get(key);
    if (receivedMs === undefined) unseen += 1;
    else latenciesMs.push(receivedMs - measuredAtMs);
  }
  return {
    readings: latenciesMs.length,
    p50Ms: quantile(latenciesMs, 0.5),
    p99Ms: quantile(latenciesMs, 0.99),
    worstMs: quantile(latenciesMs, 1),
    unseen,
  };
}
