import { closeSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { lockFile } from '../journal/file-lock.ts';

/** Where one component's lines go and how much is kept: `audit_central.log`, then `.1` (newer) to `.N` (older). */
export type AuditFileOptions = { folder: string; component: string; maxFileBytes: number; maxFiles: number };

const MAX_WAITING_LINES = 10_000;

/** Appends lines, a turn of the loop in one write, and rotates by size. What cannot be written waits, bounded. */
export class AuditFile {
  readonly path: string;
  readonly #options: AuditFileOptions;
  readonly #lock: { release(): void };
  #waiting: string[] = [];
  #file: number | undefined;
  #bytes = 0;
  #isFlushPlanned = false;
  #failure: unknown;
  #droppedCount = 0;

  /** Takes the file for this process; throws FILE_LOCKED if another one writes it. */
  constructor(options: AuditFileOptions) {
    if (!/^[\w-]+$/.test(options.component)) throw new RangeError(`"${options.component}" is no component name`);
    mkdirSync(options.folder, { recursive: true, mode: 0o750 });
    this.#options = options;
    this.path = join(options.folder, `audit_${options.component}.log`);
    this.#lock = lockFile(`${this.path}.lock`);
  }

  /** Why the last write failed; undefined while all is well. */
  get failure(): unknown {
    return this.#failure;
  }

  append(line: string): void {
    this.#waiting.push(line);
    if (this.#waiting.length > MAX_WAITING_LINES) {
      this.#waiting.shift();
      this.#droppedCount += 1;
    }
    if (this.#isFlushPlanned) return;
    this.#isFlushPlanned = true;
    setImmediate(() => this.flush());
  }

  /** Writes what waits, now. A failure is kept in `failure`; the lines stay for the next time. */
  flush(): void {
    this.#isFlushPlanned = false;
    if (this.#waiting.length === 0) return;
    const bytes = Buffer.from(this.#waiting.join(''));
    try {
      this.#file ??= this.#open();
      if (this.#bytes > 0 && this.#bytes + bytes.length > this.#options.maxFileBytes) this.#file = this.#rotate();
      for (let at = 0; at < bytes.length; ) at += writeSync(this.#file, bytes, at);
      this.#bytes += bytes.length;
      this.#waiting = [];
      this.#failure = undefined;
    } catch (error) {
      this.#failure = error;
      this.#close();
    }
  }

  /** Lines that were given up because nothing could be written for too long; counted once. */
  takeDroppedCount(): number {
    const count = this.#droppedCount;
    this.#droppedCount = 0;
    return count;
  }

  stop(): void {
    this.flush();
    this.#close();
    this.#lock.release();
  }

  #open(): number {
    const file = openSync(this.path, 'a', 0o640);
    this.#bytes = fstatSync(file).size;
    return file;
  }

  #close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  #rotate(): number {
    this.#close();
    for (let number = this.#options.maxFiles - 1; number >= 1; number--) {
      renameIfThere(number === 1 ? this.path : `${this.path}.${number - 1}`, `${this.path}.${number}`);
    }
    return this.#open();
  }
}

function renameIfThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    // Not so many files yet, or removed by --clear-logs.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
