import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { promisify } from 'node:util';
import { isAlive, type Program } from './os-process.ts';
import { writeAtomically } from './write-atomically.ts';

const run = promisify(execFile);

/** One process as written down while it runs; `stamp` tells it from a later process with the same id. */
export type ProcessRecord = {
  name: string;
  tier: number;
  pid: number;
  stamp: string;
  fingerprint: string;
  stopSignal: NodeJS.Signals;
};

/** What to do with a process that an earlier supervisor left. */
export type OrphanDecision = 'ADOPT' | 'STOP';

/** When a process began, in the system's own words: with the id it names one process for ever. Undefined: it is gone. */
export async function startStampOf(pid: number): Promise<string | undefined> {
  if (existsSync('/proc/self/stat')) return linuxStamp(pid);
  return run('ps', ['-o', 'lstart=', '-p', String(pid)]).then(
    (answer) => answer.stdout.trim() || undefined,
    () => undefined,
  );
}

function linuxStamp(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

/** What a program is, apart from when it runs: equal fingerprints mean that one can stand for the other. */
export async function fingerprintOf(program: Program): Promise<string> {
  const { command, args, cwd, env, reads = '' } = program;
  const text = JSON.stringify([command, args, cwd, Object.entries(env).sort(), reads]);
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Buffer.from(digest).toString('hex').slice(0, 16);
}

/** The same program as now planned is adopted; another, or one that is no longer planned, is stopped. */
export function decideOrphan(record: ProcessRecord, planned: ReadonlyMap<string, string>): OrphanDecision {
  return planned.get(record.name) === record.fingerprint ? 'ADOPT' : 'STOP';
}

/** The recorded processes that still live. */
export async function livingRecords(file: string): Promise<ProcessRecord[]> {
  const text = await readFile(file, 'utf8').catch(() => '[]');
  const records = parseRecords(text);
  const stamps = await Promise.all(records.map((record) => startStampOf(record.pid)));
  return records.filter((record, index) => stamps[index] === record.stamp && isAlive(record.pid));
}

// A record that was cut short by a full disk must not keep the network from starting.
function parseRecords(text: string): ProcessRecord[] {
  try {
    const parsed: unknown = JSON.parse(text);
    return Array.isArray(parsed) ? parsed.filter(isRecord) : [];
  } catch {
    return [];
  }
}

function isRecord(value: unknown): value is ProcessRecord {
  const record = value as Partial<ProcessRecord> | null;
  return typeof record?.name === 'string' && typeof record.pid === 'number' && typeof record.stamp === 'string';
}

/** Writes the records as one file that is whole at any moment. */
export function saveRecords(file: string, records: readonly ProcessRecord[]): Promise<void> {
  return writeAtomically(file, `${JSON.stringify(records, undefined, 1)}\n`, 0o600);
}

/** What a person had stopped when a supervisor left, beside the records: for the next one, which leaves them so. */
export function saveStopped(recordFile: string, names: readonly string[]): Promise<void> {
  return writeAtomically(stoppedFile(recordFile), JSON.stringify(names), 0o600);
}

/** Read once. */
export async function takeStopped(recordFile: string): Promise<string[]> {
  const text = await readFile(stoppedFile(recordFile), 'utf8').catch(() => '[]');
  await rm(stoppedFile(recordFile), { force: true });
  return JSON.parse(text) as string[];
}

function stoppedFile(recordFile: string): string {
  return `${recordFile}.stopped`;
}
