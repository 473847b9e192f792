import { type Clock, pause, systemClock, type Timer } from '../clock.ts';
import { FileLockedError } from '../journal/file-lock.ts';
import type { Log } from '../log.ts';
import { AuditFile } from './audit-file.ts';
import { type AuditEntry, type AuditRecord, auditRecord } from './audit-record.ts';
import { createRefusalCap, isRefusal, type RefusalCap } from './refusal-cap.ts';

export type { AuditCategory, AuditEntry, AuditLevel, AuditRecord, AuditSource } from './audit-record.ts';

/** Gets every record too (Central and Registry insert it into `audit_log`); must not wait. */
export type AuditSink = (record: AuditRecord) => void;

/** How a component's audit is opened. */
export type AuditOptions = {
  /** `central`, `engine_CP001`: the file is `audit_<component>.log`, one writer each. */
  component: string;
  folder: string;
  /** WARNING and above go there as well. */
  log: Log;
  clock?: Clock;
  maxFileBytes?: number;
  maxFiles?: number;
  /** Refusals recorded of one action and source a minute; the rest is counted. */
  refusalsPerMinute?: number;
  /** How long to wait for a predecessor that is still stopping. */
  lockWaitMs?: number;
};

/** The audit of one process. */
export type Audit = {
  /** Never throws: an audit that cannot be written is a fault of its own (`isWritable`), not of the event. */
  record(entry: AuditEntry): void;
  addSink(sink: AuditSink): void;
  isWritable(): boolean;
  stop(): Promise<void>;
};

const MEBIBYTE = 1024 * 1024;

/** Opens `audit_<component>.log` for appending. Throws FILE_LOCKED if another process keeps writing it. */
export async function openAudit(options: AuditOptions): Promise<Audit> {
  const clock = options.clock ?? systemClock;
  const file = await takeFile(options, clock);
  return new FileAudit(options, { clock, file });
}

async function takeFile(options: AuditOptions, clock: Clock): Promise<AuditFile> {
  const { component, folder, maxFileBytes = 20 * MEBIBYTE, maxFiles = 6, lockWaitMs = 5_000 } = options;
  const untilMs = clock.monotonicMs() + lockWaitMs;
  for (;;) {
    try {
      return new AuditFile({ component, folder, maxFileBytes, maxFiles });
    } catch (error) {
      if (!(error instanceof FileLockedError) || clock.monotonicMs() >= untilMs) throw error;
      await pause(clock, 100);
    }
  }
}

class FileAudit implements Audit {
  readonly #component: string;
  readonly #log: Log;
  readonly #clock: Clock;
  readonly #file: AuditFile;
  readonly #cap: RefusalCap;
  readonly #sweep: Timer;
  readonly #sinks: AuditSink[] = [];
  #toldFailure: unknown;
  #isStopped = false;

  constructor(options: AuditOptions, parts: { clock: Clock; file: AuditFile }) {
    this.#component = options.component;
    this.#log = options.log;
    this.#clock = parts.clock;
    this.#file = parts.file;
    this.#cap = createRefusalCap(options.refusalsPerMinute ?? 20);
    this.#sweep = parts.clock.setRepeating(() => this.#tellLeftOut(), 10_000);
  }

  record(entry: AuditEntry): void {
    if (this.#isStopped) return;
    if (isRefusal(entry) && !this.#cap.isAdmitted(entry, this.#clock.nowMs())) return;
    this.#write(entry);
  }

  addSink(sink: AuditSink): void {
    this.#sinks.push(sink);
  }

  isWritable(): boolean {
    return this.#file.failure === undefined;
  }

  async stop(): Promise<void> {
    if (this.#isStopped) return;
    this.#sweep.cancel();
    this.#tellLeftOut(true);
    this.#isStopped = true;
    this.#file.stop();
  }

  #write(entry: AuditEntry): void {
    const record = auditRecord(entry, this.#component, this.#clock.nowMs());
    this.#file.append(`${JSON.stringify(record)}\n`);
    if (entry.level === 'WARNING') this.#log.warn({ audit: record }, record.description);
    if (entry.level === 'ERROR') this.#log.error({ audit: record }, record.description);
    for (const sink of this.#sinks) this.#feed(sink, record);
  }

  #feed(sink: AuditSink, record: AuditRecord): void {
    try {
      sink(record);
    } catch (error) {
      // The file has it; the other sinks still need it.
      this.#log.error({ err: error }, 'an audit sink failed');
    }
  }

  #tellLeftOut(isFinal = false): void {
    for (const { entry, count } of this.#cap.takeLeftOut(this.#clock.nowMs(), isFinal)) {
      const description = `${count} more like this were left out`;
      this.#write({ ...entry, description, parameters: { omitted: count, last: entry.description } });
    }
    this.#tellFailure();
  }

  #tellFailure(): void {
    this.#file.flush();
    const dropped = this.#file.takeDroppedCount();
    if (dropped > 0) this.#log.error({ dropped }, 'audit records were lost: the file cannot be written');
    const failure = this.#file.failure;
    if (failure === this.#toldFailure) return;
    this.#toldFailure = failure;
    if (failure) this.#log.error({ err: failure, path: this.#file.path }, 'the audit file cannot be written');
    else this.#log.info({ path: this.#file.path }, 'the audit file can be written again');
  }
}
