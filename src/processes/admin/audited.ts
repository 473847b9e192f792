import { openAudit } from '../../io/audit/audit.ts';
import type { AuditEntry, AuditRecord } from '../../io/audit/audit-record.ts';
import { insertAuditRecords } from '../../io/postgres/audit-log.ts';
import type { Database } from '../../io/postgres/database.ts';
import { appUrlOf, withDatabase } from './admin-database.ts';
import type { AdminParts } from './admin-parts.ts';

/** Who acts, in the audit and in the rows that are written. */
export const SOURCE = { entity: 'ev admin' };

/** Opens database and audit; what was recorded goes to the file and to `audit_log` once the work is done. */
export async function withAudit<T>(
  parts: AdminParts,
  work: (db: Database, record: (entry: AuditEntry) => void) => Promise<T>,
): Promise<T> {
  const { config, log } = parts;
  const audit = await openAudit({ component: 'admin', folder: config.auditDir, log });
  const records: AuditRecord[] = [];
  audit.addSink((record) => records.push(record));
  try {
    return await withDatabase(appUrlOf(config), log, async (db) => {
      const entries: AuditEntry[] = [];
      const result = await work(db, (entry) => entries.push(entry));
      for (const entry of entries) audit.record(entry);
      await insertAuditRecords(db, records);
      return result;
    });
  } finally {
    await audit.stop();
  }
}

/** Only reads: no audit. */
export function readOnly<T>(parts: AdminParts, work: (db: Database) => Promise<T>): Promise<T> {
  return withDatabase(appUrlOf(parts.config), parts.log, work);
}
