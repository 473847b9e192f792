import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EngineJournalEntry } from '../domain/engine-supply.ts';
import { readJournalLine } from '../io/journal/journal-line.ts';
import type { SupplyRow } from './network-database.ts';

/** What an engine's disk says of one supply. */
export type JournaledSupply = {
  cpId: string;
  /** Newest reading that was on disk. */
  readWh: number;
  /** Of the end; undefined: it has not ended at the point. */
  endedWh: number | undefined;
  endReason: string | undefined;
  ends: number;
  isAcknowledged: boolean;
};

/** Every supply in the journals of a network's points: the truth about energy (protocol 4). */
export async function readJournals(folder: string): Promise<Map<string, JournaledSupply>> {
  const supplies = new Map<string, JournaledSupply>();
  for (const file of globSync('points/*/journal-*.ndjson', { cwd: folder }).sort()) {
    const bytes = await readFile(join(folder, file));
    for (const line of linesOf(bytes)) {
      const record = readJournalLine(line);
      const supplyId = record?.supplyId;
      if (record === undefined || supplyId === undefined) continue;
      const known = supplies.get(supplyId) ?? newSupply(record.cpId);
      supplies.set(supplyId, withEntry(known, (record as unknown as { entry: EngineJournalEntry }).entry));
    }
  }
  return supplies;
}

function newSupply(cpId: string): JournaledSupply {
  return { cpId, readWh: 0, endedWh: undefined, endReason: undefined, ends: 0, isAcknowledged: false };
}

function withEntry(supply: JournaledSupply, entry: EngineJournalEntry): JournaledSupply {
  if (entry.kind === 'reading') return { ...supply, readWh: Math.max(supply.readWh, entry.energyWh) };
  if (entry.kind === 'acknowledged') return { ...supply, isAcknowledged: true };
  if (entry.kind !== 'ended') return supply;
  const { energyWh, endReason } = entry.record;
  return { ...supply, endedWh: energyWh, endReason, ends: supply.ends + 1 };
}

function* linesOf(bytes: Buffer): Generator<Buffer> {
  let from = 0;
  for (let end = bytes.indexOf(10, from); end !== -1; end = bytes.indexOf(10, from)) {
    yield bytes.subarray(from, end);
    from = end + 1;
  }
}

/** Wh that the points delivered and no ticket charges, or the other way round; estimated ones apart. */
export function energyDifferences(supplies: readonly SupplyRow[], journals: Map<string, JournaledSupply>): string[] {
  const differences: string[] = [];
  for (const supply of supplies) {
    const journaled = journals.get(supply.supply_id);
    if (journaled === undefined || supply.state !== 'ENDED') continue;
    const name = `supply ${supply.supply_id} (${supply.cp_id}, ${supply.end_reason})`;
    if (supply.is_estimated && supply.corrections === 0) continue;
    if (journaled.endedWh === undefined) differences.push(`${name} ended in the books, not at the point`);
    else if (journaled.endedWh !== supply.ticket_wh)
      differences.push(`${name}: the point delivered ${journaled.endedWh} Wh, the ticket says ${supply.ticket_wh}`);
    if (journaled.endedWh !== undefined && journaled.endedWh < journaled.readWh)
      differences.push(`${name}: ended at ${journaled.endedWh} Wh, but ${journaled.readWh} had been read`);
  }
  for (const [supplyId, journaled] of journals)
    if (!supplies.some((supply) => supply.supply_id === supplyId))
      differences.push(`supply ${supplyId} is in the journal of ${journaled.cpId} and not in the books`);
  return differences;
}
