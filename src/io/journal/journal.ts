import { mkdirSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { type Clock, systemClock, type Timer } from '../clock.ts';
import { type FileLock, lockFile } from './file-lock.ts';
import { compactSegments } from './journal-compaction.ts';
import { type JournalRecord, journalLine } from './journal-line.ts';
import { type JournalProblem, listSegments, readSegment, segmentNameOf } from './journal-segments.ts';
import { createSegmentWriter, type SegmentWriter } from './journal-writer.ts';

export type { JournalRecord } from './journal-line.ts';
export type { JournalProblem } from './journal-segments.ts';

/** How a journal is opened. */
export type JournalOptions<T extends JournalRecord> = {
  /** One process per folder; made 0700 if missing. */
  folder: string;
  /** Called for each record kept, oldest first, before `openJournal` resolves. */
  replay(record: T): void;
  /** On each change; `false` means report KO: what happens now is not kept. */
  onWritableChanged?(isWritable: boolean, error?: unknown): void;
  /** A compaction that failed; it is tried again the next day. */
  onCompactionFailed?(error: unknown): void;
  /** How long a supply is kept after its `acknowledged` or `dropped` record. */
  keepAcknowledgedMs?: number;
  syncEveryMs?: number;
  clock?: Clock;
};

/** An open journal. */
export type Journal<T extends JournalRecord> = {
  /** Resolves after write(2): survives kill -9 of the process. Rejects if it could not be written. */
  append(record: T): Promise<void>;
  /** Resolves after fdatasync: survives loss of power. */
  appendDurably(record: T): Promise<void>;
  isWritable(): boolean;
  /** What reading at the start could not use. */
  problems: readonly JournalProblem[];
  /** Drops what nobody needs any more; runs by itself at the start and each day. */
  compact(): Promise<void>;
  /** Writes and syncs what waits, then lets the folder go. */
  stop(): Promise<void>;
};

type Waiting = { segment: string; line: string; resolve(): void; reject(error: unknown): void };

const DAY_MS = 24 * 60 * 60 * 1_000;
const PROBE_TYPE = 'journal-probe';

/**
 * Reads the folder, replays it and opens it for writing. Throws FILE_LOCKED if another process has it.
 * Lines of one turn of the loop go out in one write.
 */
export async function openJournal<T extends JournalRecord>(options: JournalOptions<T>): Promise<Journal<T>> {
  const { folder } = options;
  const clock = options.clock ?? systemClock;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const lock = lockFile(join(folder, 'lock'));
  try {
    const problems = await replayFolder(folder, (record) => options.replay(record as T));
    const journal = new SegmentedJournal(options, { clock, problems, lock });
    await journal.compactQuietly();
    return journal;
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function replayFolder(folder: string, onRecord: (record: JournalRecord) => void): Promise<JournalProblem[]> {
  const problems: JournalProblem[] = [];
  const segments = listSegments(folder);
  for (const segment of segments) {
    const reading = await readSegment(folder, segment, (record) => {
      if (record.type !== PROBE_TYPE) onRecord(record);
    });
    problems.push(...reading.problems);
    const isTorn = reading.problems.at(-1)?.reason === 'torn-line';
    if (isTorn && segment === segments.at(-1)) truncateSync(join(folder, segment), reading.goodBytes);
  }
  return problems;
}

type JournalParts = { clock: Clock; problems: JournalProblem[]; lock: FileLock };

class SegmentedJournal<T extends JournalRecord> implements Journal<T> {
  readonly problems: readonly JournalProblem[];
  readonly #options: JournalOptions<T>;
  readonly #clock: Clock;
  readonly #lock: FileLock;
  readonly #writer: SegmentWriter;
  readonly #timers: Timer[];
  readonly #faults = new Set<'write' | 'sync'>();
  #waiting: Waiting[] = [];
  #newestSegment: string;
  #isDirty = false;
  #isStopped = false;
  #runningSync: Promise<void> | undefined;
  #nextSync: Promise<void> | undefined;
  #compacting: Promise<void> | undefined;

  constructor(options: JournalOptions<T>, parts: JournalParts) {
    this.#options = options;
    this.#clock = parts.clock;
    this.#lock = parts.lock;
    this.problems = parts.problems;
    this.#writer = createSegmentWriter(options.folder);
    this.#newestSegment = listSegments(options.folder).at(-1) ?? '';
    this.#timers = [
      this.#clock.setRepeating(() => void this.#tick(), options.syncEveryMs ?? 5_000),
      this.#clock.setRepeating(() => void this.compactQuietly(), DAY_MS),
    ];
  }

  append(record: JournalRecord): Promise<void> {
    if (this.#isStopped) return Promise.reject(new Error('the journal is closed'));
    return new Promise((resolve, reject) => {
      if (this.#waiting.length === 0) setImmediate(() => this.#flush());
      this.#waiting.push({ segment: this.#segmentNow(), line: journalLine(record), resolve, reject });
    });
  }

  async appendDurably(record: T): Promise<void> {
    await this.append(record);
    await this.#sync();
  }

  isWritable(): boolean {
    return this.#faults.size === 0;
  }

  compact(): Promise<void> {
    const { folder, keepAcknowledgedMs = 7 * DAY_MS } = this.#options;
    const nowMs = this.#clock.nowMs();
    this.#compacting = compactSegments({ folder, keepAcknowledgedMs, nowMs, ignoredType: PROBE_TYPE });
    return this.#compacting;
  }

  async compactQuietly(): Promise<void> {
    try {
      await this.compact();
    } catch (error) {
      this.#options.onCompactionFailed?.(error);
    }
  }

  async stop(): Promise<void> {
    if (this.#isStopped) return;
    this.#isStopped = true;
    for (const timer of this.#timers) timer.cancel();
    this.#flush();
    // What fails is told to its caller; the writer syncs once more. The next owner of the folder compacts it as well.
    await Promise.allSettled([this.#runningSync, this.#nextSync, this.#compacting]);
    try {
      this.#writer.stop();
    } finally {
      this.#lock.release();
    }
  }

  #segmentNow(): string {
    const today = segmentNameOf(this.#clock.nowMs());
    // A clock set back must not put new records before older ones.
    if (today > this.#newestSegment) this.#newestSegment = today;
    return this.#newestSegment;
  }

  #flush(): void {
    const batch = this.#waiting;
    this.#waiting = [];
    while (batch.length > 0) {
      const segment = batch[0]!.segment;
      const turnOfDay = batch.findIndex((line) => line.segment !== segment);
      this.#writeLines(segment, batch.splice(0, turnOfDay < 0 ? batch.length : turnOfDay));
    }
  }

  #writeLines(segment: string, lines: Waiting[]): void {
    try {
      this.#writer.write(segment, lines.map((one) => one.line).join(''));
    } catch (error) {
      this.#failed('write', error);
      for (const one of lines) one.reject(error);
      return;
    }
    this.#isDirty = true;
    this.#succeeded('write');
    for (const one of lines) one.resolve();
  }

  /** One fdatasync at a time; whoever comes meanwhile shares the next one. */
  #sync(): Promise<void> {
    if (!this.#runningSync) {
      this.#runningSync = this.#syncNow();
      return this.#runningSync;
    }
    const startNext = () => {
      this.#nextSync = undefined;
      return this.#sync();
    };
    this.#nextSync ??= this.#runningSync.then(startNext, startNext);
    return this.#nextSync;
  }

  async #syncNow(): Promise<void> {
    this.#isDirty = false;
    try {
      await this.#writer.sync();
      this.#succeeded('sync');
    } catch (error) {
      this.#isDirty = true;
      this.#failed('sync', error);
      throw error;
    } finally {
      this.#runningSync = undefined;
    }
  }

  async #tick(): Promise<void> {
    const isBroken = !this.isWritable();
    try {
      if (isBroken) await this.append({ type: PROBE_TYPE, cpId: '', atMs: this.#clock.nowMs() });
      if (this.#isDirty || isBroken) await this.#sync();
    } catch {
      // onWritableChanged has told it; the next tick tries again.
    }
  }

  #failed(kind: 'write' | 'sync', error: unknown): void {
    const wasWritable = this.isWritable();
    this.#faults.add(kind);
    if (wasWritable) this.#options.onWritableChanged?.(false, error);
  }

  #succeeded(kind: 'write' | 'sync'): void {
    const hadFault = this.#faults.delete(kind);
    if (hadFault && this.isWritable()) this.#options.onWritableChanged?.(true);
  }
}
