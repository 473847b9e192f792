import { closeSync, fsyncSync, openSync, renameSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { JournalRecord } from './journal-line.ts';
import { listSegments, readSegment, segmentNameOf } from './journal-segments.ts';
import { syncFolder } from './journal-writer.ts';

/** Records that settle a supply: Central has its end, or there was never anything to tell. */
const SETTLING_TYPES: ReadonlySet<string> = new Set(['acknowledged', 'dropped']);

/** What to compact, and when it is. */
export type CompactionOptions = { folder: string; keepAcknowledgedMs: number; nowMs: number; ignoredType: string };

type Needs = { droppableSupplies: Set<string>; newestLevel: Map<string, number> };

/**
 * Rewrites segments older than the time kept. A record of a supply stays until the supply has been settled for
 * that long; of records without a supply (levels such as a local hold) the newest of each type and CP stays.
 * A segment with a corrupt line is left as it is: somebody may want to look at it.
 */
export async function compactSegments(options: CompactionOptions): Promise<void> {
  const { folder, nowMs, keepAcknowledgedMs } = options;
  const oldestKept = segmentNameOf(nowMs - keepAcknowledgedMs);
  const segments = listSegments(folder);
  const old = segments.slice(0, -1).filter((segment) => segment < oldestKept);
  if (old.length === 0) return;
  const needs = await findNeeds(segments, options);
  let position = 0;
  for (const segment of old) {
    const kept: Buffer[] = [];
    let dropped = 0;
    const { problems } = await readSegment(folder, segment, (record, line) => {
      const at = position++;
      if (isNeeded({ record, at, needs, ignoredType: options.ignoredType })) kept.push(Buffer.from(line), NEWLINE);
      else dropped += 1;
    });
    if (problems.length > 0 || dropped === 0) continue;
    if (kept.length === 0) unlinkSync(join(folder, segment));
    else replaceSegment(folder, segment, Buffer.concat(kept));
  }
}

const NEWLINE = Buffer.from('\n');

async function findNeeds(segments: string[], options: CompactionOptions): Promise<Needs> {
  const needs: Needs = { droppableSupplies: new Set(), newestLevel: new Map() };
  const before = options.nowMs - options.keepAcknowledgedMs;
  let position = 0;
  for (const segment of segments) {
    await readSegment(options.folder, segment, (record) => {
      const at = position++;
      if (record.supplyId === undefined) needs.newestLevel.set(levelOf(record), at);
      else if (SETTLING_TYPES.has(record.type) && record.atMs < before) needs.droppableSupplies.add(record.supplyId);
    });
  }
  return needs;
}

function isNeeded(options: { record: JournalRecord; at: number; needs: Needs; ignoredType: string }): boolean {
  const { record, at, needs } = options;
  if (record.type === options.ignoredType) return false;
  if (record.supplyId !== undefined) return !needs.droppableSupplies.has(record.supplyId);
  return needs.newestLevel.get(levelOf(record)) === at;
}

function levelOf(record: JournalRecord): string {
  return `${record.type} ${record.cpId}`;
}

/** Write, fsync, rename: at every moment one whole segment has the name. */
function replaceSegment(folder: string, segment: string, bytes: Buffer): void {
  const fresh = join(folder, `${segment}.new`);
  const file = openSync(fresh, 'w', 0o600);
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(fresh, join(folder, segment));
  syncFolder(folder);
}
