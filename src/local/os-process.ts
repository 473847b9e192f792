import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);
const LOOK_EVERY_MS = 50;

/** A program with all that is needed to start it, stop it, and see that it works. */
export type Program = {
  command: string;
  args: string[];
  /** Its own variables: they are part of what it is. */
  env: Readonly<Record<string, string>>;
  /** Whether it gets the variables of its supervisor too. */
  inheritsEnv?: boolean;
  cwd: string;
  uid?: number;
  gid?: number;
  stopSignal: NodeJS.Signals;
  /** What it reads from files at its start only: with other contents it is another program. Never shown. */
  reads?: string;
  isReady: () => Promise<boolean>;
};

/** Whether a process with this id exists (one that belongs to somebody else counts). */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function isZombie(pid: number): boolean {
  try {
    return /^\d+ \(.*\) Z /s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

/** The command line of a living process, '' if it cannot be read. Works on Linux and macOS. */
export async function commandLineOf(pid: number): Promise<string> {
  if (existsSync('/proc/self/cmdline')) {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    } catch {
      return '';
    }
  }
  return run('ps', ['-o', 'command=', '-p', String(pid)]).then(
    (answer) => answer.stdout.trim(),
    () => '',
  );
}

/** Sends the signal and, if the process still lives at the deadline, SIGKILL; resolves when it is gone. */
export async function stopPid(pid: number, how: { signal: NodeJS.Signals; withinMs: number }): Promise<void> {
  signalPid(pid, how.signal);
  if (await isTrueWithin(how.withinMs, () => !isAlive(pid))) return;
  signalPid(pid, 'SIGKILL');
  await isTrueWithin(5_000, () => !isAlive(pid));
}

/** Signals a process that may already be gone. */
export function signalPid(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Looks until the condition holds (true) or the time is over (false). */
export async function isTrueWithin(limitMs: number, condition: () => boolean | Promise<boolean>): Promise<boolean> {
  const endMs = performance.now() + limitMs;
  for (;;) {
    if (await condition()) return true;
    if (performance.now() >= endMs) return false;
    await sleep(LOOK_EVERY_MS);
  }
}
