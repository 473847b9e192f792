import type { Audit } from '../../io/audit/audit.ts';
import { error, security } from '../../io/audit/audit-events.ts';
import type { Rejection } from '../../io/channels/central-contract.ts';
import type { Clock } from '../../io/clock.ts';
import type { Database } from '../../io/postgres/database.ts';
import { insertDeadLetter } from '../../io/postgres/dead-letters.ts';
import { AttemptLimit } from './drivers/attempt-limit.ts';

const KEPT_PER_SOURCE_AND_MINUTE = 20;
const MAX_BYTES = 64 * 1024;

/** Audits a record that changed nothing, and keeps it as received; so many per source and minute (F-08, F-46). */
export function createRejectedRecords(parts: {
  database: Database;
  audit: Audit;
  clock: Clock;
}): (rejection: Rejection) => Promise<void> {
  const limit = new AttemptLimit(KEPT_PER_SOURCE_AND_MINUTE);
  return async ({ code, source, record, detail }) => {
    const isMistake = code === 'UNKNOWN_TYPE' || code === 'INVALID_BODY';
    const from = { entity: source };
    const cpId = source.startsWith('cp:') ? source.slice(3) : undefined;
    parts.audit.record(
      isMistake
        ? error.messageInvalid(from, { type: detail?.split(' ')[0] ?? code, problem: detail ?? code, cpId })
        : security.recordRefused(from, { code, topic: record.topic, cpId }),
    );
    if (limit.retryAfterMs(source, parts.clock.nowMs()) !== undefined || !record.value) return;
    const bytes = record.value.subarray(0, MAX_BYTES);
    await insertDeadLetter(parts.database, { source: source.slice(0, 64), code, record: bytes });
  };
}
