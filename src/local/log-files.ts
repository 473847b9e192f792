import { type FSWatcher, watch } from 'node:fs';
import { copyFile, open, rename, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';

const LARGEST_BYTES = 10 * 1_048_576;
const READ_AT_MOST_BYTES = 256 * 1_024;
const LOOK_EVERY_MS = 15_000;
const GATHER_MS = 80;

/** The raw logs of all processes: followed line by line, kept below 10 MB each with one older file beside it. */
export type LogFiles = { close: () => void };

/** Follows `<folder>/<name>.log` of these names from their present ends; `onLine` undefined means only to keep them small. */
export async function followLogs(options: {
  folder: string;
  names: readonly string[];
  onLine: ((name: string, line: string) => void) | undefined;
  /** False for whoever only reads: one process alone moves what has grown aside. */
  isKeptSmall?: boolean;
}): Promise<LogFiles> {
  const files = new Map(options.names.map((name) => [`${name}.log`, { name, readTo: 0, rest: '' }]));
  for (const [file, state] of files) state.readTo = await sizeOf(join(options.folder, file));
  const changed = new Set<string>();
  let gathering: NodeJS.Timeout | undefined;
  const flush = async (): Promise<void> => {
    gathering = undefined;
    const now = [...changed];
    changed.clear();
    for (const file of now) {
      const state = files.get(file);
      if (state !== undefined && options.onLine !== undefined)
        await readOn(join(options.folder, file), state, options.onLine);
    }
  };
  const look = (file: string | null): void => {
    if (file === null || !files.has(file)) return;
    changed.add(file);
    gathering ??= setTimeout(() => void flush(), GATHER_MS);
  };
  const watcher = options.onLine === undefined ? undefined : watch(options.folder, (_event, file) => look(file));
  const isKeptSmall = options.isKeptSmall ?? true;
  const rotating = isKeptSmall
    ? setInterval(() => void rotateAll(options.folder, [...files.keys()]), LOOK_EVERY_MS)
    : undefined;
  return { close: () => close({ watcher, rotating, gathering }) };
}

function close(open: {
  watcher: FSWatcher | undefined;
  rotating: NodeJS.Timeout | undefined;
  gathering: NodeJS.Timeout | undefined;
}): void {
  open.watcher?.close();
  clearInterval(open.rotating);
  clearTimeout(open.gathering);
}

type Following = { name: string; readTo: number; rest: string };

// What comes faster than we show it is left out of the screen, never of the file.
async function readOn(path: string, state: Following, onLine: (name: string, line: string) => void): Promise<void> {
  const size = await sizeOf(path);
  if (size < state.readTo) Object.assign(state, { readTo: 0, rest: '' });
  if (size - state.readTo > READ_AT_MOST_BYTES) {
    onLine(state.name, `(${size - state.readTo} bytes in one go: see ${path})`);
    Object.assign(state, { readTo: size, rest: '' });
  }
  if (size === state.readTo) return;
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(
      Buffer.alloc(size - state.readTo),
      0,
      size - state.readTo,
      state.readTo,
    );
    state.readTo += bytesRead;
    const lines = (state.rest + buffer.toString('utf8', 0, bytesRead)).split('\n');
    state.rest = lines.pop() ?? '';
    for (const line of lines) if (line !== '') onLine(state.name, line);
  } finally {
    await file.close();
  }
}

async function rotateAll(folder: string, files: readonly string[]): Promise<void> {
  for (const file of files) await rotate(join(folder, file)).catch(() => {});
}

/** Moves a log that has grown too large aside. The writers hold it open in append mode, so it is emptied, not renamed. */
export async function rotate(path: string, largestBytes = LARGEST_BYTES): Promise<void> {
  if ((await sizeOf(path)) <= largestBytes) return;
  const fresh = `${path}.fresh`;
  await copyFile(path, fresh);
  await truncate(path);
  await rename(fresh, `${path}.1`);
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    (found) => found.size,
    () => 0,
  );
}
