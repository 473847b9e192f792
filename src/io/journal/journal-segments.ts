import { createReadStream, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type JournalRecord, readJournalLine } from './journal-line.ts';

/** A line that is not as it was written; everything before and after it was read. */
export type JournalProblem = { segment: string; lineNumber: number; reason: 'corrupt-line' | 'torn-line' };

const SEGMENT = /^journal-\d{4}-\d{2}-\d{2}\.ndjson$/;

/** `journal-2026-11-24.ndjson`: one a day (UTC). */
export function segmentNameOf(atMs: number): string {
  return `journal-${new Date(atMs).toISOString().slice(0, 10)}.ndjson`;
}

/** Segment names of a folder, oldest first. */
export function listSegments(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => SEGMENT.test(name))
    .sort();
}

/** What reading one segment found; `goodBytes` ends after its last whole good line or a corrupt middle one. */
export type SegmentReading = { goodBytes: number; problems: JournalProblem[] };

/**
 * Hands over each good record with its line. A last line that is bad or has no newline is torn: the process died
 * while writing it, nobody was told that it was kept. A bad line with others after it is corrupt, and reported.
 */
export async function readSegment(
  folder: string,
  segment: string,
  onRecord: (record: JournalRecord, line: Buffer) => void,
): Promise<SegmentReading> {
  const problems: JournalProblem[] = [];
  let rest: Buffer = Buffer.alloc(0);
  let goodBytes = 0;
  let suspectBytes = 0;
  let lineNumber = 0;

  function takeLine(line: Buffer): void {
    lineNumber += 1;
    const record = readJournalLine(line);
    if (!record) {
      problems.push({ segment, lineNumber, reason: 'corrupt-line' });
      suspectBytes += line.length + 1;
      return;
    }
    goodBytes += suspectBytes + line.length + 1;
    suspectBytes = 0;
    onRecord(record, line);
  }

  for await (const chunk of createReadStream(join(folder, segment), { highWaterMark: 256 * 1024 })) {
    const bytes: Buffer = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    let from = 0;
    for (let end = bytes.indexOf(0x0a); end >= 0; end = bytes.indexOf(0x0a, from)) {
      takeLine(bytes.subarray(from, end));
      from = end + 1;
    }
    rest = bytes.subarray(from);
  }
  if (rest.length > 0) problems.push({ segment, lineNumber: lineNumber + 1, reason: 'torn-line' });
  const last = problems.at(-1);
  if (last && last.lineNumber === lineNumber && suspectBytes > 0) last.reason = 'torn-line';
  return { goodBytes, problems };
}
