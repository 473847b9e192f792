import type { Audit, AuditEntry } from './audit.ts';

/** An audit whose file's name is not known yet: keeps the first entries and hands them over when it is. */
export type LateAudit = Audit & { open(audit: Audit): Promise<void> };

const MAX_WAITING = 200;

/** For a component that learns only later whose it is (an engine: from its Monitor). */
export function createLateAudit(): LateAudit {
  const waiting: AuditEntry[] = [];
  let opened: Audit | undefined;
  let isStopped = false;
  return {
    async open(audit) {
      opened = audit;
      for (const entry of waiting.splice(0)) audit.record(entry);
      // It waited for the lock of its predecessor meanwhile, and nobody else would let its own go.
      if (isStopped) await audit.stop();
    },
    record(entry) {
      if (opened) return opened.record(entry);
      if (waiting.length < MAX_WAITING) waiting.push(entry);
    },
    addSink: (sink) => opened?.addSink(sink),
    isWritable: () => opened?.isWritable() ?? true,
    async stop() {
      isStopped = true;
      await opened?.stop();
    },
  };
}
