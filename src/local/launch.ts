import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { isAlive, type Program, stopPid } from './os-process.ts';

/** A started program. */
export type Running = {
  pid: number;
  /** Resolves once, with why it ended ("exit 1", "SIGKILL"). */
  ended: Promise<string>;
  stop: (how: { withinMs: number }) => Promise<void>;
};

/**
 * Starts a program in a process group of its own, so that Ctrl-C reaches the supervisor alone, and with its output in a
 * file rather than a pipe, so that it survives its supervisor. Throws if it cannot be started at all.
 */
export function launch(program: Program, output: { logFile: string }): Running {
  const log = openSync(output.logFile, 'a', 0o640);
  try {
    const child = spawn(program.command, program.args, {
      cwd: program.cwd,
      env: program.inheritsEnv === true ? { ...process.env, ...program.env } : program.env,
      uid: program.uid,
      gid: program.gid,
      detached: true,
      stdio: ['ignore', log, log],
    });
    const ended = endOf(child);
    const pid = child.pid ?? 0;
    return {
      pid,
      ended,
      stop: (how) => stopAndWait({ pid, ended, signal: program.stopSignal, withinMs: how.withinMs }),
    };
  } finally {
    closeSync(log);
  }
}

function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(signal ?? `exit ${code}`));
  });
}

async function stopAndWait(how: {
  pid: number;
  ended: Promise<string>;
  signal: NodeJS.Signals;
  withinMs: number;
}): Promise<void> {
  if (how.pid === 0) return;
  if (isAlive(how.pid)) await stopPid(how.pid, { signal: how.signal, withinMs: how.withinMs });
  await how.ended;
}
