import { closeSync, fdatasync, fstatSync, fsyncSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** Appends text to one segment at a time. Every error leaves the segment without half a line. */
export type SegmentWriter = {
  /** write(2) of the text to `segment`, opened if need be; all of it or an exception. */
  write(segment: string, text: string): void;
  /** fdatasync of what was written so far. */
  sync(): Promise<void>;
  stop(): void;
};

type OpenSegment = { name: string; file: number; goodBytes: number; isBroken: boolean };

/** Knows how far each line is whole, and cuts what a failed write left behind before it writes again. */
export function createSegmentWriter(folder: string): SegmentWriter {
  let current: OpenSegment | undefined;
  let cutAt: { name: string; goodBytes: number } | undefined;

  function open(name: string): OpenSegment {
    const file = openSync(join(folder, name), 'a', 0o600);
    try {
      const status = fstatSync(file);
      if (status.isFile() && cutAt?.name === name && status.size > cutAt.goodBytes)
        ftruncateSync(file, cutAt.goodBytes);
      const opened = { name, file, goodBytes: fstatSync(file).size, isBroken: false };
      if (status.size === 0) syncFolder(folder);
      cutAt = undefined;
      return opened;
    } catch (error) {
      closeSync(file);
      throw error;
    }
  }

  function leave(segment: OpenSegment): void {
    if (current === segment) current = undefined;
    closeSync(segment.file);
  }

  function turnTo(name: string): OpenSegment {
    if (current && current.name !== name) {
      const finished = current;
      // Once a day, and before anything is written to the next one.
      fsyncIfPossible(finished.file);
      leave(finished);
    }
    current ??= open(name);
    return current;
  }

  return {
    write(name, text) {
      const segment = turnTo(name);
      const bytes = Buffer.from(text);
      try {
        for (let at = 0; at < bytes.length; ) at += writeSync(segment.file, bytes, at);
        segment.goodBytes += bytes.length;
      } catch (error) {
        if (!hasCut(segment)) cutAt = { name, goodBytes: segment.goodBytes };
        segment.isBroken = true;
        leave(segment);
        throw error;
      }
    },
    sync() {
      const segment = current;
      if (!segment) return Promise.resolve();
      return new Promise((resolve, reject) => {
        fdatasync(segment.file, (error) => {
          // Closed meanwhile: after a failed write nothing is known, at the turn of the day it was synced first.
          const isClosed = current !== segment;
          if (isClosed ? segment.isBroken : error) reject(error ?? new Error('the segment broke before it was synced'));
          else resolve();
        });
      });
    },
    stop() {
      if (!current) return;
      fsyncIfPossible(current.file);
      leave(current);
    },
  };
}

/** Takes back half a line; false if that fails too, and it must be done before the next write. */
function hasCut({ file, goodBytes }: OpenSegment): boolean {
  try {
    ftruncateSync(file, goodBytes);
    return true;
  } catch {
    // The caller gets the error of the write, which came first.
    return false;
  }
}

function fsyncIfPossible(file: number): void {
  try {
    fsyncSync(file);
  } catch (error) {
    // A device (/dev/full in tests) cannot be synced.
    if ((error as NodeJS.ErrnoException).code !== 'EINVAL') throw error;
  }
}

/** Makes a new name durable; some systems cannot open folders. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
