import { mkdirSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { type Clock, systemClock } from '../clock.ts';
import { lockFile } from './file-lock.ts';
import { compactSegments } from './journal-compaction.ts';
import { type JournalRecord, journalLine } from './journal-line.ts';
import { type JournalProblem, listSegments, readSegment, segmentNameOf } from './journal-segments.ts';
import { createSegmentWriter } from './journal-writer.ts';

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
    const journal = startJournal(options, { clock, problems, release: () => lock.release() });
    await journal.compact().catch((error: unknown) => options.onCompactionFailed?.(error));
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

type StartParts = { clock: Clock; problems: JournalProblem[]; release(): void };

function startJournal<T extends JournalRecord>(options: JournalOptions<T>, parts: StartParts): Journal<T> {
  const { folder, keepAcknowledgedMs = 7 * DAY_MS } = options;
  const { clock } = parts;
  const writer = createSegmentWriter(folder);
  let waiting: Waiting[] = [];
  let newestSegment = listSegments(folder).at(-1) ?? '';
  let faults: { write?: unknown; sync?: unknown } = {};
  let isDirty = false;
  let isStopped = false;
  let runningSync: Promise<void> | undefined;
  let nextSync: Promise<void> | undefined;

  function note(kind: 'write' | 'sync', error: unknown): void {
    const wasWritable = Object.keys(faults).length === 0;
    const { [kind]: _old, ...others } = faults;
    faults = error === undefined ? others : { ...faults, [kind]: error };
    const isWritable = Object.keys(faults).length === 0;
    if (isWritable !== wasWritable) options.onWritableChanged?.(isWritable, error);
  }

  function segmentNow(): string {
    const today = segmentNameOf(clock.nowMs());
    // A clock set back must not put new records before older ones.
    if (today > newestSegment) newestSegment = today;
    return newestSegment;
  }

  function flush(): void {
    const batch = waiting;
    waiting = [];
    while (batch.length > 0) {
      const segment = batch[0]!.segment;
      const differs = batch.findIndex((line) => line.segment !== segment);
      writeLines(batch.splice(0, differs < 0 ? batch.length : differs));
    }
  }

  function writeLines(lines: Waiting[]): void {
    try {
      writer.write(lines[0]!.segment, lines.map((one) => one.line).join(''));
    } catch (error) {
      note('write', error);
      for (const one of lines) one.reject(error);
      return;
    }
    isDirty = true;
    note('write', undefined);
    for (const one of lines) one.resolve();
  }

  function append(record: JournalRecord): Promise<void> {
    if (isStopped) return Promise.reject(new Error('the journal is closed'));
    return new Promise((resolve, reject) => {
      if (waiting.length === 0) setImmediate(flush);
      waiting.push({ segment: segmentNow(), line: journalLine(record), resolve, reject });
    });
  }

  async function syncNow(): Promise<void> {
    isDirty = false;
    try {
      await writer.sync();
      note('sync', undefined);
    } catch (error) {
      isDirty = true;
      note('sync', error);
      throw error;
    } finally {
      runningSync = undefined;
    }
  }

  /** One fdatasync at a time; whoever comes meanwhile shares the next one. */
  function sync(): Promise<void> {
    if (!runningSync) {
      runningSync = syncNow();
      return runningSync;
    }
    const startNext = () => {
      nextSync = undefined;
      return sync();
    };
    nextSync ??= runningSync.then(startNext, startNext);
    return nextSync;
  }

  async function tick(): Promise<void> {
    const isBroken = Object.keys(faults).length > 0;
    if (isBroken) await append({ type: PROBE_TYPE, cpId: '', atMs: clock.nowMs() });
    if (isDirty || isBroken) await sync();
  }

  const compact = () => compactSegments({ folder, keepAcknowledgedMs, nowMs: clock.nowMs(), ignoredType: PROBE_TYPE });
  // What a tick could not do is told by onWritableChanged.
  const syncTimer = clock.setRepeating(() => void tick().catch(() => {}), options.syncEveryMs ?? 5_000);
  const compactTimer = clock.setRepeating(
    () => void compact().catch((error: unknown) => options.onCompactionFailed?.(error)),
    DAY_MS,
  );

  return {
    append,
    async appendDurably(record) {
      await append(record);
      await sync();
    },
    isWritable: () => Object.keys(faults).length === 0,
    problems: parts.problems,
    compact,
    async stop() {
      if (isStopped) return;
      isStopped = true;
      syncTimer.cancel();
      compactTimer.cancel();
      flush();
      try {
        await (nextSync ?? runningSync);
      } catch {
        // Its caller has been told; the writer syncs once more.
      }
      try {
        writer.stop();
      } finally {
        parts.release();
      }
    },
  };
}
