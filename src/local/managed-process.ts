import { setTimeout as sleep } from 'node:timers/promises';
import { launch } from './launch.ts';
import { isAlive, isTrueWithin, type Program, signalPid, stopPid } from './os-process.ts';
import { afterDeath, type RestartHistory, restartDelayMs } from './restart-delay.ts';
import type { Say } from './step.ts';

const LOOK_AT_ADOPTED_EVERY_MS = 500;
const ASK_READY_EVERY_MS = 250;
const ASK_SLOW_EVERY_MS = 1_000;
const SLOW_AFTER_MS = 20_000;

/** Where a managed process is in its life. STOPPED: by a person, and it stays so. WAITING: for its next try. */
export type ManagedState = 'STOPPED' | 'WAITING' | 'STARTING' | 'RUNNING' | 'STOPPING';

/**
 * One line of the process table. `prepare` runs before each start and may wait as long as its signal has not aborted;
 * if it throws, that is a failed try.
 */
export type ProcessPlan = {
  name: string;
  /** Stops go from the highest tier to the lowest, one tier after the other; 0 is what all others need. */
  tier: number;
  address: string;
  stopWithinMs: number;
  prepare: (signal: AbortSignal) => Promise<Program>;
};

/** What can be seen of it from outside. */
export type ManagedView = {
  name: string;
  tier: number;
  state: ManagedState;
  pid: number | undefined;
  address: string;
  startedAtMs: number | undefined;
  restarts: number;
  lastEnd: string | undefined;
};

/** A program under care: started again when it dies by itself, left alone when a person stopped it. */
export type ManagedProcess = {
  view: () => ManagedView;
  start: () => void;
  /** Takes over a living process of an earlier supervisor instead of starting one. */
  adopt: (pid: number, program: Program) => void;
  stop: () => Promise<void>;
  /** It goes on, and is nobody's care from now on; one that is not there yet stays away. */
  leave: () => void;
  kill: () => void;
};

type Life = { pid: number; program: Program; ended: Promise<string>; startedAtMs: number };

/** Makes it; nothing runs before `start` or `adopt`. `onChange` follows every change of the view. */
export function manageProcess(
  plan: ProcessPlan,
  around: { logFile: string; say: Say; onChange: () => void },
): ManagedProcess {
  let state: ManagedState = 'STOPPED';
  let life: Life | undefined;
  let history: RestartHistory = { quickDeaths: 0 };
  let restarts = 0;
  let lastEnd: string | undefined;
  let caring = new AbortController();
  let careEnded: Promise<void> = Promise.resolve();
  /** Whoever wants it stopped meanwhile waits for the same end: one of its own might come after the next start. */
  let ending: Promise<void> | undefined;
  /** Asked for while it ends: the last word counts. */
  let isWantedAgain = false;

  const become = (next: ManagedState): void => {
    state = next;
    around.onChange();
  };

  const begin = (first?: Life): void => {
    isWantedAgain = state === 'STOPPING';
    if (state !== 'STOPPED') return;
    caring = new AbortController();
    history = { quickDeaths: 0 };
    become('STARTING');
    careEnded = care(caring.signal, first);
  };

  async function care(signal: AbortSignal, first: Life | undefined): Promise<void> {
    let next = first;
    while (!signal.aborted) {
      const beganMs = Date.now();
      const end = await liveOnce(signal, next);
      next = undefined;
      if (signal.aborted) break;
      history = afterDeath(history, Date.now() - beganMs);
      const delayMs = restartDelayMs(history);
      lastEnd = end;
      around.say(`${end}; starting again in ${delayMs / 1_000} s`);
      become('WAITING');
      await sleep(delayMs, undefined, { signal }).catch(() => {});
    }
  }

  /** From the preparation to the end of the process; resolves with why it ended, never rejects. */
  async function liveOnce(signal: AbortSignal, adopted: Life | undefined): Promise<string> {
    try {
      const program = adopted?.program ?? (await plan.prepare(signal));
      if (signal.aborted) return 'stopped';
      life = adopted ?? born(program);
      if (life.pid === 0) return `could not be started (${await life.ended})`;
      if (adopted === undefined && lastEnd !== undefined) restarts += 1;
      become('STARTING');
      void watchReadiness(life);
      return `ended by itself (${await life.ended})`;
    } catch (error) {
      return `cannot be started: ${error instanceof Error ? error.message : String(error)}`;
    } finally {
      life = undefined;
    }
  }

  function born(program: Program): Life {
    const running = launch(program, { logFile: around.logFile });
    return { pid: running.pid, program, ended: running.ended, startedAtMs: Date.now() };
  }

  async function watchReadiness(watched: Life): Promise<void> {
    while (life === watched && state === 'STARTING') {
      const isReady = await watched.program.isReady().catch(() => false);
      if (isReady && life === watched && state === 'STARTING') become('RUNNING');
      await sleep(Date.now() - watched.startedAtMs < SLOW_AFTER_MS ? ASK_READY_EVERY_MS : ASK_SLOW_EVERY_MS);
    }
  }

  async function end(): Promise<void> {
    become('STOPPING');
    caring.abort();
    if (life !== undefined) {
      await stopPid(life.pid, { signal: life.program.stopSignal, withinMs: plan.stopWithinMs });
    }
    await careEnded;
    lastEnd = undefined;
    ending = undefined;
    become('STOPPED');
    if (isWantedAgain) begin();
  }

  return {
    view: () => ({
      ...{ name: plan.name, tier: plan.tier, state, pid: life?.pid, address: plan.address },
      ...{ startedAtMs: life?.startedAtMs, restarts, lastEnd },
    }),
    start: () => begin(),
    adopt: (pid, program) => begin({ pid, program, ended: endOfAdopted(pid), startedAtMs: Date.now() }),
    async stop() {
      isWantedAgain = false;
      if (state === 'STOPPED') return;
      ending ??= end();
      await ending;
    },
    leave: () => caring.abort(),
    kill() {
      caring.abort();
      if (life !== undefined) signalPid(life.pid, 'SIGKILL');
    },
  };
}

// Not our child: nobody tells us when it ends, so we look.
async function endOfAdopted(pid: number): Promise<string> {
  while (isAlive(pid)) await sleep(LOOK_AT_ADOPTED_EVERY_MS);
  return 'adopted, reason unknown';
}

/** Waits until all of these run, or the time is over. */
export function areRunningWithin(limitMs: number, all: () => readonly ManagedProcess[]): Promise<boolean> {
  return isTrueWithin(limitMs, () => all().every((one) => one.view().state === 'RUNNING'));
}
