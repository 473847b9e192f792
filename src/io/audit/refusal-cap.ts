import type { AuditEntry } from './audit-record.ts';

/** Refusals of one source that were left out, to be told in one record. */
export type LeftOut = { entry: AuditEntry; count: number };

/** Lets the first refusals of a source and minute through and counts the rest. */
export type RefusalCap = {
  isAdmitted(entry: AuditEntry, nowMs: number): boolean;
  /** What was left out in minutes that are over; with `isFinal`, also in the running one. */
  takeLeftOut(nowMs: number, isFinal?: boolean): LeftOut[];
};

type Window = { startedAtMs: number; seen: number; entry: AuditEntry };

const MINUTE_MS = 60_000;
const MAX_SOURCES = 5_000;

/** Failed AUTH, SECURITY and ERROR entries are refusals: a flood of them must not fill the disk (protocol 11). */
export function isRefusal(entry: AuditEntry): boolean {
  return !entry.isSuccess && (entry.category === 'AUTH' || entry.category === 'SECURITY' || entry.category === 'ERROR');
}

/** `perMinute` for each action and source address (or entity); beyond 5,000 sources they share one count. */
export function createRefusalCap(perMinute: number): RefusalCap {
  const windows = new Map<string, Window>();
  let overdue: LeftOut[] = [];

  function settle(key: string, window: Window): void {
    windows.delete(key);
    if (window.seen > perMinute) overdue.push({ entry: window.entry, count: window.seen - perMinute });
  }

  function keyOf(entry: AuditEntry): string {
    const key = `${entry.action} ${entry.source.address ?? entry.source.entity}`;
    return windows.has(key) || windows.size < MAX_SOURCES ? key : 'all others';
  }

  return {
    isAdmitted(entry, nowMs) {
      const key = keyOf(entry);
      const known = windows.get(key);
      if (known && nowMs - known.startedAtMs >= MINUTE_MS) settle(key, known);
      const window = windows.get(key) ?? { startedAtMs: nowMs, seen: 0, entry };
      window.seen += 1;
      window.entry = entry;
      windows.set(key, window);
      return window.seen <= perMinute;
    },
    takeLeftOut(nowMs, isFinal = false) {
      for (const [key, window] of [...windows]) {
        if (isFinal || nowMs - window.startedAtMs >= MINUTE_MS) settle(key, window);
      }
      const taken = overdue;
      overdue = [];
      return taken;
    },
  };
}
