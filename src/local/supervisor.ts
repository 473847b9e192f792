import { join } from 'node:path';
import { latestOnly } from './latest-only.ts';
import { type ManagedProcess, type ManagedView, manageProcess, type ProcessPlan } from './managed-process.ts';
import { type Program, stopPid } from './os-process.ts';
import {
  decideOrphan,
  fingerprintOf,
  livingRecords,
  type ProcessRecord,
  saveRecords,
  saveStopped,
  startStampOf,
  takeStopped,
} from './process-record.ts';
import type { Say } from './step.ts';

const ORPHAN_STOPS_WITHIN_MS = 8_000;
const PREPARE_ORPHAN_WITHIN_MS = 3_000;

/** All processes of one local network. */
export type Supervisor = {
  views: () => ManagedView[];
  /** Adopts or stops what an earlier supervisor left alive; call it before the first start. */
  takeOver: () => Promise<void>;
  /** True for what a person has stopped, here or while that earlier one ran. */
  isStopped: (name: string) => boolean;
  /** Resolves after `takeOver`: before that a start would be a second one of what still runs. */
  tookOver: () => Promise<void>;
  /** Start and stop by name, as a person asks. Throws an UnknownProcess for a name that is not in the table. */
  start: (name: string) => void;
  stop: (name: string) => Promise<void>;
  stopAll: () => Promise<void>;
  /** All goes on without this supervisor, and is written down for the next one. */
  leaveAll: () => Promise<void>;
  killAll: () => void;
  find: (name: string) => ManagedProcess;
};

/** There is no process of this name in the table. */
export class UnknownProcess extends Error {
  readonly code = 'UNKNOWN_PROCESS';
}

type Entry = { plan: ProcessPlan; process: ManagedProcess };

/** Makes the supervisor of these processes; starts none. `onChange` follows each change, after the record on disk. */
export function createSupervisor(options: {
  plans: readonly ProcessPlan[];
  logsFolder: string;
  recordFile: string;
  sayFor: (name: string) => Say;
  onChange: () => void;
}): Supervisor {
  const fingerprints = new Map<string, { fingerprint: string; stopSignal: NodeJS.Signals }>();
  /** By a person; what has not been started yet is not. */
  const stopped = new Set<string>();
  const takenOver = Promise.withResolvers<void>();
  const record = latestOnly(async () => saveRecords(options.recordFile, await recordsOf(entries, fingerprints)));
  const changed = (): void => {
    record.trigger();
    options.onChange();
  };
  const entries = new Map<string, Entry>(options.plans.map((plan) => [plan.name, { plan, process: manage(plan) }]));

  function manage(plan: ProcessPlan): ManagedProcess {
    const prepare = async (signal: AbortSignal): Promise<Program> => {
      const program = await plan.prepare(signal);
      fingerprints.set(plan.name, { fingerprint: await fingerprintOf(program), stopSignal: program.stopSignal });
      return program;
    };
    const logFile = join(options.logsFolder, `${plan.name}.log`);
    return manageProcess({ ...plan, prepare }, { logFile, say: options.sayFor(plan.name), onChange: changed });
  }

  const find = (name: string): ManagedProcess => {
    const entry = entries.get(name);
    if (entry === undefined)
      throw new UnknownProcess(`there is no process '${name}'; there are: ${[...entries.keys()].join(' ')}`);
    return entry.process;
  };

  async function takeOver(): Promise<void> {
    const left = await livingRecords(options.recordFile);
    const planned = new Map<string, string>();
    const programs = new Map<string, Program>();
    for (const { name } of left) {
      const program = await entries
        .get(name)
        ?.plan.prepare(AbortSignal.timeout(PREPARE_ORPHAN_WITHIN_MS))
        .catch(() => undefined);
      if (program === undefined) continue;
      const fingerprint = await fingerprintOf(program);
      planned.set(name, fingerprint);
      programs.set(name, program);
      fingerprints.set(name, { fingerprint, stopSignal: program.stopSignal });
    }
    await stopInTiers(
      left.filter((one) => decideOrphan(one, planned) === 'STOP').map((one) => stoppableOrphan(one, options.sayFor)),
    );
    for (const one of left) {
      const program = programs.get(one.name);
      if (decideOrphan(one, planned) === 'STOP' || program === undefined) continue;
      options.sayFor(one.name)(`still runs from before (pid ${one.pid}): adopted`);
      find(one.name).adopt(one.pid, program);
    }
    for (const name of await takeStopped(options.recordFile)) if (entries.has(name)) stopped.add(name);
  }

  return {
    views: () => [...entries.values()].map((entry) => entry.process.view()),
    takeOver: () => takeOver().finally(takenOver.resolve),
    tookOver: () => takenOver.promise,
    isStopped: (name) => stopped.has(name),
    start: (name) => {
      find(name).start();
      stopped.delete(name);
    },
    stop: (name) => {
      const ended = find(name).stop();
      stopped.add(name);
      return ended;
    },
    stopAll: async () => {
      await stopInTiers([...entries.values()].map(({ plan, process }) => ({ tier: plan.tier, stop: process.stop })));
      await record.idle();
    },
    leaveAll: async () => {
      for (const entry of entries.values()) entry.process.leave();
      await saveStopped(options.recordFile, [...stopped]);
      record.trigger();
      await record.idle();
    },
    killAll: () => {
      for (const entry of entries.values()) entry.process.kill();
    },
    find,
  };
}

type InTier = { tier: number; stop: () => Promise<void> };

async function stopInTiers(all: readonly InTier[]): Promise<void> {
  const tiers = [...new Set(all.map((one) => one.tier))].sort((left, right) => right - left);
  for (const tier of tiers) await Promise.all(all.filter((one) => one.tier === tier).map((one) => one.stop()));
}

function stoppableOrphan(record: ProcessRecord, sayFor: (name: string) => Say): InTier {
  const stop = async (): Promise<void> => {
    sayFor(record.name)(`still runs from before (pid ${record.pid}): stopping it`);
    await stopPid(record.pid, { signal: record.stopSignal, withinMs: ORPHAN_STOPS_WITHIN_MS });
  };
  return { tier: record.tier, stop };
}

/** Stops what an earlier supervisor left alive, highest tier first; resolves with their names. */
export async function stopOrphans(recordFile: string, sayFor: (name: string) => Say): Promise<string[]> {
  const left = await livingRecords(recordFile);
  await stopInTiers(left.map((record) => stoppableOrphan(record, sayFor)));
  return left.map((record) => record.name);
}

async function recordsOf(
  entries: ReadonlyMap<string, Entry>,
  fingerprints: ReadonlyMap<string, { fingerprint: string; stopSignal: NodeJS.Signals }>,
): Promise<ProcessRecord[]> {
  const records: ProcessRecord[] = [];
  for (const { process } of entries.values()) {
    const { name, tier, pid } = process.view();
    const known = fingerprints.get(name);
    const stamp = pid === undefined ? undefined : await startStampOf(pid);
    if (pid === undefined || stamp === undefined || known === undefined) continue;
    records.push({ name, tier, pid, stamp, ...known });
  }
  return records;
}
