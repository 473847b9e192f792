import { readdirSync, readFileSync } from 'node:fs';
import { newRandomId } from '../../io/new-id.ts';
import { isAlive, isTrueWithin, signalPid } from '../os-process.ts';

/** The variable by which the processes of one run of the tests are known. */
export const TEST_RUN_MARK = 'EV_TEST_RUN';

const ENDS_WITHIN_MS = 20_000;

/** One run of tests: the mark that its processes carry, and whether a person has broken it off. */
export type MarkedRun = { mark: string; brokenOff: AbortSignal };

/** Marks this run. When a person breaks it off, what carries the mark is ended; the caller then starts nothing more. */
export function markThisRun(print: (line: string) => void): MarkedRun {
  const mark = newRandomId();
  const breaking = new AbortController();
  const breakOff = (): void => {
    if (breaking.signal.aborted) return;
    breaking.abort();
    print('broken off: ending what the tests have started ...');
    void endLeftBehind(mark);
  };
  process.on('SIGINT', breakOff);
  process.on('SIGTERM', breakOff);
  return { mark, brokenOff: breaking.signal };
}

type Seen = { pid: number; parent: number; isMarked: boolean };

/**
 * Ends what tests have started and nobody stopped, because they were broken off: all processes with this mark in their
 * environment, and what these have started (databases and brokers get few variables). Resolves with how many there were;
 * only Linux tells, elsewhere none are found.
 */
export async function endLeftBehind(mark: string, withinMs = ENDS_WITHIN_MS): Promise<number> {
  const pids = leftBehind(mark);
  for (const pid of pids) signalPid(pid, 'SIGTERM');
  if (await isTrueWithin(withinMs, () => !pids.some(isAlive))) return pids.length;
  for (const pid of new Set([...pids.filter(isAlive), ...leftBehind(mark)])) signalPid(pid, 'SIGKILL');
  return pids.length;
}

function leftBehind(mark: string): number[] {
  if (process.platform !== 'linux') return [];
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((name) => see(Number(name), mark) ?? []);
  const found = new Set(all.filter(({ isMarked }) => isMarked).map(({ pid }) => pid));
  for (let before = -1; before < found.size; ) {
    before = found.size;
    for (const { pid, parent } of all) if (found.has(parent)) found.add(pid);
  }
  return [...found];
}

function see(pid: number, mark: string): Seen | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    const environment = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
    return { pid, parent, isMarked: environment.includes(`${TEST_RUN_MARK}=${mark}`) };
  } catch {
    // It has gone, or is somebody else's.
    return undefined;
  }
}
