import type { AuditCategory } from '../../messages/audit-api.ts';
import { redact, redactText } from '../redact.ts';
import { plainAddress } from '../sockets/ip-address.ts';

export type { AuditCategory };

/** The file takes all of them, the console WARNING and above (S-AUD-06). */
export type AuditLevel = 'DEBUG' | 'INFO' | 'WARNING' | 'ERROR';

/** Who did it and from where: `driver:DRV001`, `cp:CP001`, `operator:ana`, `central`; what it belongs to. */
export type AuditSource = { entity: string; address?: string; correlationId?: string };

/** One business event, as `audit-events.ts` makes it. */
export type AuditEntry = {
  category: AuditCategory;
  /** Upper case, closed by the functions of `audit-events.ts`: LOGIN, CHARGE_START. */
  action: string;
  level: AuditLevel;
  source: AuditSource;
  isSuccess: boolean;
  description: string;
  parameters?: Record<string, unknown>;
  cpId?: string;
  supplyId?: string;
};

/** One line of `audit_<component>.log` (S-AUD-04, R2-28). */
export type AuditRecord = {
  timestamp: string;
  date: string;
  time: string;
  component: string;
  category: AuditCategory;
  action: string;
  level: AuditLevel;
  source_entity: string;
  source_ip: string | null;
  success: boolean;
  description: string;
  parameters: Record<string, unknown>;
  cp_id?: string;
  supply_id?: string;
  correlation_id?: string;
};

const MAX_NAME_LENGTH = 100;

/** The record of an entry: UTC, without secrets, its texts bounded (an unknown id may be anything). */
export function auditRecord(entry: AuditEntry, component: string, nowMs: number): AuditRecord {
  const timestamp = new Date(nowMs).toISOString();
  return {
    timestamp,
    date: timestamp.slice(0, 10),
    time: timestamp.slice(11, 23),
    component,
    category: entry.category,
    action: entry.action,
    level: entry.level,
    source_entity: bounded(entry.source.entity),
    source_ip: plainAddress(entry.source.address) ?? null,
    success: entry.isSuccess,
    description: redactText(entry.description),
    parameters: redact(entry.parameters ?? {}) as Record<string, unknown>,
    ...(entry.cpId !== undefined && { cp_id: bounded(entry.cpId) }),
    ...(entry.supplyId !== undefined && { supply_id: bounded(entry.supplyId) }),
    ...(entry.source.correlationId !== undefined && { correlation_id: bounded(entry.source.correlationId) }),
  };
}

function bounded(name: string): string {
  return redactText(name.slice(0, MAX_NAME_LENGTH));
}
