import { spawn } from 'node:child_process';
import type { Program } from './os-process.ts';

const KEEP_PRINTED_BYTES = 64 * 1_024;

/** Runs a program to its end; throws with what it printed unless it exits with 0. Its output is not shown otherwise. */
export function runToEnd(program: Program, title: string, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program.command, program.args, {
      cwd: program.cwd,
      env: program.inheritsEnv === true ? { ...process.env, ...program.env } : program.env,
      stdio: ['ignore', 'pipe', 'pipe'],
      signal,
    });
    let printed = '';
    const keep = (chunk: Buffer): void => {
      printed = (printed + chunk.toString('utf8')).slice(-KEEP_PRINTED_BYTES);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`${title} failed (exit ${code}):\n${printed.trim()}`));
    });
  });
}
