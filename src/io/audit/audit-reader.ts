import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { AuditRecord } from './audit-record.ts';

const MAX_FILES = 20;

/** A component's records since `sinceMs` as its files have them, rotated ones included, oldest first; of too many, the newest. */
export async function readAuditRecords(wanted: {
  folder: string;
  component: string;
  sinceMs: number;
  maxRecords: number;
}): Promise<AuditRecord[]> {
  const { folder, component, sinceMs, maxRecords } = wanted;
  const path = join(folder, `audit_${component}.log`);
  const since = new Date(sinceMs).toISOString();
  let records: AuditRecord[] = [];
  for (let number = 0; number < MAX_FILES && records.length < maxRecords; number++) {
    const lines = await linesWrittenSince(number === 0 ? path : `${path}.${number}`, sinceMs);
    if (!lines) break;
    const found = lines.flatMap(recordOf).filter((record) => record.timestamp >= since);
    records = [...found, ...records];
  }
  return records.slice(-maxRecords);
}

async function linesWrittenSince(file: string, sinceMs: number): Promise<string[] | undefined> {
  try {
    if ((await stat(file)).mtimeMs < sinceMs) return undefined;
    return (await readFile(file, 'utf8')).split('\n');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** None for an empty line or one that a crash cut short. */
function recordOf(line: string): AuditRecord[] {
  try {
    return line === '' ? [] : [JSON.parse(line) as AuditRecord];
  } catch {
    return [];
  }
}
