import type { EngineJournalEntry } from '../../domain/engine-supply.ts';
import { type Clock, systemClock } from '../../io/clock.ts';
import { type Journal, type JournalProblem, type JournalRecord, openJournal } from '../../io/journal/journal.ts';

/** An entry as a line of the journal: the file says `type`, the domain `kind`. */
type EntryRecord = JournalRecord & { entry: EngineJournalEntry };

/** The engines' journal: one per process, a fleet's engines share it (protocol 4). */
export type EngineJournal = {
  /** What a starting engine needs to know of its past, in order of writing; its memory is released. */
  takeEntries(cpId: string): EngineJournalEntry[];
  append(cpId: string, entry: EngineJournalEntry, isDurable: boolean): Promise<void>;
  isWritable(): boolean;
  onWritableChanged(listener: (isWritable: boolean, error?: unknown) => void): void;
  problems: readonly JournalProblem[];
  stop(): Promise<void>;
};

/** Ids of supplies that are over are still asked for by late messages; after this long nobody does. */
const FORGET_ACKNOWLEDGED_MS = 10 * 60_000;

/** Opens the folder and reads it. Throws FILE_LOCKED if another process has it. */
export async function openEngineJournal(options: {
  folder: string;
  clock?: Clock;
  onCompactionFailed?(error: unknown): void;
}): Promise<EngineJournal> {
  const clock = options.clock ?? systemClock;
  const listeners = new Set<(isWritable: boolean, error?: unknown) => void>();
  const kept = new Map<string, KeptEntries>();
  const nowMs = clock.nowMs();
  const journal: Journal<EntryRecord> = await openJournal<EntryRecord>({
    folder: options.folder,
    clock,
    replay(record) {
      const entries = kept.get(record.cpId) ?? new KeptEntries(nowMs);
      kept.set(record.cpId, entries);
      entries.add(record.entry);
    },
    onWritableChanged: (isWritable, error) => {
      for (const listener of listeners) listener(isWritable, error);
    },
    onCompactionFailed: options.onCompactionFailed,
  });
  return {
    takeEntries(cpId) {
      const entries = kept.get(cpId)?.inOrder() ?? [];
      kept.delete(cpId);
      return entries;
    },
    append(cpId, entry, isDurable) {
      const record = recordOf(cpId, entry, clock.nowMs());
      return isDurable ? journal.appendDurably(record) : journal.append(record);
    },
    isWritable: () => journal.isWritable(),
    onWritableChanged: (listener) => void listeners.add(listener),
    problems: journal.problems,
    stop: () => journal.stop(),
  };
}

function recordOf(cpId: string, entry: EngineJournalEntry, nowMs: number): EntryRecord {
  const supplyId = supplyIdOf(entry);
  return { type: entry.kind, cpId, atMs: nowMs, ...(supplyId === undefined ? {} : { supplyId }), entry };
}

function supplyIdOf(entry: EngineJournalEntry): string | undefined {
  if (entry.kind === 'local-hold') return undefined;
  return 'record' in entry ? entry.record.supplyId : entry.supplyId;
}

/** The entries that still matter: a week of readings of closed supplies would be a hundred megabytes. */
class KeptEntries {
  readonly #nowMs: number;
  readonly #bySupply = new Map<string, EngineJournalEntry[]>();
  #localHold: EngineJournalEntry | undefined;

  constructor(nowMs: number) {
    this.#nowMs = nowMs;
  }

  add(entry: EngineJournalEntry): void {
    const supplyId = supplyIdOf(entry);
    if (supplyId === undefined) {
      this.#localHold = entry;
      return;
    }
    const before = this.#bySupply.get(supplyId);
    const isOver = entry.kind === 'acknowledged' || entry.kind === 'dropped';
    if (isOver && this.#nowMs - entry.atMs > FORGET_ACKNOWLEDGED_MS) this.#bySupply.delete(supplyId);
    else if (!before || entry.kind === 'ended' || entry.kind === 'dropped') this.#bySupply.set(supplyId, [entry]);
    else before.push(entry);
  }

  inOrder(): EngineJournalEntry[] {
    return [...(this.#localHold ? [this.#localHold] : []), ...[...this.#bySupply.values()].flat()];
  }
}
