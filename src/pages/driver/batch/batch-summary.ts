import { type Batch, type BatchLine, isBatchOver } from '../../../domain/batch.ts';
import type { BatchView } from '../../../messages/batches.ts';
import { csvText } from '../../../messages/csv-text.ts';
import type { PointCard } from '../../../messages/entities.ts';

export type BatchCounts = { total: number; over: number; good: number; bad: number; skipped: number };

/** A charge that was plugged in and has its ticket is good; skipped lines are neither good nor bad. */
export function isGoodLine({ state, endReason }: BatchLine): boolean {
  return state === 'DONE' && endReason !== 'PLUG_TIMEOUT' && endReason !== 'CANCELLED';
}

export function isBadLine(line: BatchLine): boolean {
  const { state } = line;
  return (
    state === 'INVALID' || state === 'DENIED' || state === 'INTERRUPTED' || (state === 'DONE' && !isGoodLine(line))
  );
}

export function batchCounts(lines: readonly BatchLine[]): BatchCounts {
  const good = lines.filter(isGoodLine).length;
  const bad = lines.filter(isBadLine).length;
  const skipped = lines.filter(({ state }) => state === 'SKIPPED').length;
  return { total: lines.length, over: good + bad + skipped, good, bad, skipped };
}

/** The batch that runs, else the newest one. */
export function batchToShow(batches: readonly BatchView[]): BatchView | undefined {
  return batches.find((batch) => !isBatchOver(batch as Batch)) ?? batches[0];
}

/** What is known before the start of a line's point. */
export function checkOf(point: PointCard | undefined): 'FREE' | 'NOT_FREE' | 'UNKNOWN' {
  if (!point) return 'UNKNOWN';
  return point.state === 'AVAILABLE' ? 'FREE' : 'NOT_FREE';
}

/** The result of each line for a spreadsheet: codes, integers, UTC. */
export function batchCsv(batch: BatchView): string {
  const rows = batch.lines.map((line) => [
    ...[line.line, line.cpId, line.state, line.refusal?.code ?? line.endReason],
    ...[line.ticketNumber, line.energyWh, line.amountCents],
  ]);
  return csvText([['line', 'point', 'state', 'reason', 'ticket', 'energy_wh', 'amount_cents'], ...rows]);
}
