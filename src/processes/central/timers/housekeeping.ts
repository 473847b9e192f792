import type { Audit } from '../../../io/audit/audit.ts';
import { status, system } from '../../../io/audit/audit-events.ts';
import { tendAuditLog } from '../../../io/postgres/audit-log.ts';
import { forgetReplicas } from '../../../io/postgres/central-replicas.ts';
import type { Database } from '../../../io/postgres/database.ts';
import { deleteExpiredSessions } from '../../../io/postgres/login-sessions.ts';
import { timeOutOrders } from '../../../io/postgres/operator-orders.ts';
import { clearOrphanedAlerts } from '../../../io/postgres/weather-alerts.ts';
import { trimWeatherHistory } from '../../../io/postgres/weather-places.ts';
import type { PanelOrder } from '../../../messages/live-stream.ts';

/** Orders whose supply was not confirmed ended in 10 s are TIMED_OUT (protocol 4). */
export async function endLateOrders(parts: {
  database: Database;
  audit: Audit;
  nowMs: number;
  show(order: PanelOrder): void;
}): Promise<void> {
  for (const order of await timeOutOrders(parts.database, new Date(parts.nowMs))) {
    const { cpId, orderId, kind, state, orderedBy } = order;
    parts.audit.record(status.orderSettled({ entity: orderedBy }, { cpId, orderId, kind, state }));
    parts.show(order);
  }
}

/** Forgets what is over; leases are swept by the channels. */
export async function sweepDatabase(database: Database): Promise<void> {
  await deleteExpiredSessions(database);
  await forgetReplicas(database);
  await clearOrphanedAlerts(database);
  await trimWeatherHistory(database);
}

/** audit_log has a partition for what is to come, and none of what is older than 13 months. */
export async function keepAuditLog({ database, audit }: { database: Database; audit: Audit }): Promise<void> {
  const monthCount = await tendAuditLog(database);
  if (monthCount > 0) audit.record(system.auditTrimmed({ entity: 'central' }, { monthCount }));
}
