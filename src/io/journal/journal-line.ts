import { crc32 } from 'node:zlib';

/** What every record carries; a process may add any JSON. */
export type JournalRecord = { type: string; cpId: string; atMs: number; supplyId?: string };

/*  One line:  {"c":"1a2b3c4d","r":{...}}\n   c = CRC-32 (hex) of the bytes of r; the whole is plain NDJSON. */
const PREFIX = '{"c":"';
const MIDDLE = '","r":';
const BODY_AT = PREFIX.length + 8 + MIDDLE.length;

/** The line of a record, newline included. */
export function journalLine(record: JournalRecord): string {
  const body = JSON.stringify(record);
  return `${PREFIX}${checksumOf(Buffer.from(body))}${MIDDLE}${body}}\n`;
}

/** The record of a line (without its newline), or undefined if the line is not as it was written. */
export function readJournalLine(line: Buffer): JournalRecord | undefined {
  if (line.length < BODY_AT + 3 || line[line.length - 1] !== 0x7d) return undefined;
  const head = line.toString('latin1', 0, BODY_AT);
  const body = line.subarray(BODY_AT, line.length - 1);
  if (head !== `${PREFIX}${checksumOf(body)}${MIDDLE}`) return undefined;
  // Behind a good checksum stands what `journalLine` wrote.
  return JSON.parse(body.toString()) as JournalRecord;
}

function checksumOf(bytes: Uint8Array): string {
  return crc32(bytes).toString(16).padStart(8, '0');
}
