import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Clock, pause } from './clock.ts';

/** Writes a secret's file (0600, its folder 0700): at every moment one whole version has the name, and it survives loss of power. */
export function writeSecretFile(path: string, content: string): void {
  const folder = dirname(path);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const fresh = `${path}.new`;
  // A left-over of a crash keeps its own mode.
  rmSync(fresh, { force: true });
  const file = openSync(fresh, 'wx', 0o600);
  try {
    const bytes = Buffer.from(content);
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(fresh, path);
  syncFolder(folder);
}

/** The content of a text file, or undefined if there is none yet. */
export function readFileIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Removes a file for good; one that is not there is no error. */
export function removeFile(path: string): void {
  rmSync(path, { force: true });
  syncFolder(dirname(path));
}

/** Waits until a file has content (start order does not matter, D-19); undefined when the signal aborts. */
export async function waitForFile(
  path: string,
  parts: { clock: Clock; signal: AbortSignal; onWaiting?: () => void },
): Promise<string | undefined> {
  for (let attempt = 0; !parts.signal.aborted; attempt += 1) {
    const content = readFileIfThere(path);
    if (content) return content;
    if (attempt === 0) parts.onWaiting?.();
    await pause(parts.clock, 500, parts.signal);
  }
  return undefined;
}

function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
