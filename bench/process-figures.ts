import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { mean, median } from './statistics.ts';

/** Linux counts processor time in these (USER_HZ). */
const TICKS_PER_SECOND = 100;
const SAMPLE_MS = 1_000;

/** What a process and its children used: median (or mean) of samples of one second, in % of a core; memory in MB (PSS). */
export type ProcessFigures = { cpuPercent: number; pssMb: number };

/** Watches processes by name for some seconds. Linux only (/proc). */
export async function watchProcesses<Name extends string>(
  pids: Readonly<Record<Name, number>>,
  seconds: number,
  how: { sample: 'median' | 'mean' } = { sample: 'median' },
): Promise<Record<Name, ProcessFigures>> {
  const names = Object.keys(pids) as Name[];
  const samples = new Map<Name, number[]>(names.map((name) => [name, []]));
  let before = names.map((name) => cpuTicks(pids[name]));
  let beforeMs = performance.now();
  for (let second = 0; second < seconds; second += 1) {
    await sleep(SAMPLE_MS);
    const nowMs = performance.now();
    const after = names.map((name) => cpuTicks(pids[name]));
    for (const [index, name] of names.entries()) {
      samples.get(name)?.push(usedPercent(before[index]!, after[index]!, nowMs - beforeMs));
    }
    before = after;
    beforeMs = nowMs;
  }
  const figures = names.map((name) => [
    name,
    { cpuPercent: (how.sample === 'mean' ? mean : median)(samples.get(name) ?? []), pssMb: pssMbOf(pids[name]) },
  ]);
  return Object.fromEntries(figures) as Record<Name, ProcessFigures>;
}

/** Proportional memory of a process, MB; its children count too unless said otherwise. */
export function pssMbOf(pid: number, { withChildren } = { withChildren: true }): number {
  let kilobytes = 0;
  for (const one of withChildren ? family(pid) : [pid]) {
    kilobytes += Number(/^Pss:\s+(\d+)/m.exec(contentOf(`/proc/${one}/smaps_rollup`))?.[1] ?? 0);
  }
  return kilobytes / 1_024;
}

/** Load of the machine over the last minute. */
export function loadAverage(): number {
  return Number(contentOf('/proc/loadavg').split(' ')[0]);
}

function usedPercent(before: Map<number, number>, after: Map<number, number>, elapsedMs: number): number {
  let ticks = 0;
  // A child that was born or died between two samples is left out of this one.
  for (const [pid, total] of after) ticks += total - (before.get(pid) ?? total);
  return (ticks / TICKS_PER_SECOND / elapsedMs) * 1_000 * 100;
}

function cpuTicks(pid: number): Map<number, number> {
  return new Map(
    family(pid).map((one) => {
      // The name in brackets may hold spaces: the figures begin behind it.
      const fields = contentOf(`/proc/${one}/stat`).split(') ').at(-1)?.split(' ') ?? [];
      return [one, Number(fields[11] ?? 0) + Number(fields[12] ?? 0)];
    }),
  );
}

function family(pid: number): number[] {
  return [pid, ...childrenOf(pid).flatMap(family)];
}

function childrenOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      contentOf(`/proc/${pid}/task/${task}/children`).split(' ').filter(Boolean).map(Number),
    );
  } catch {
    return [];
  }
}

function contentOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
