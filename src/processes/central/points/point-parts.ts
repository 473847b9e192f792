import type { DerivedPoint } from '../../../domain/charging-point.ts';
import type { MeterSnapshot, Supply, SupplyPolicy } from '../../../domain/supply.ts';
import type { DecisionTime } from '../../../domain/supply-decision.ts';
import type { Audit, AuditEntry } from '../../../io/audit/audit.ts';
import type { Clock } from '../../../io/clock.ts';
import type { Log } from '../../../io/log.ts';
import type { Database } from '../../../io/postgres/database.ts';
import type { OutboxRow } from '../../../io/postgres/outbox.ts';
import type { PanelOrder } from '../../../messages/live-stream.ts';

/** How a supply without a driver is shown (S-ENG-01). */
export const ANONYMOUS = 'ANON';

/** What a committed change of a point asks the rest of Central to do. */
export type Committed = {
  cpId: string;
  version: number;
  hasChanged: boolean;
  outbox: readonly OutboxRow[];
  audit: readonly AuditEntry[];
  orders: readonly PanelOrder[];
  /** Supplies as they are now, each once, with what they were. */
  supplies: readonly { before: Supply | null; after: Supply }[];
  state: { from: DerivedPoint; to: DerivedPoint };
};

/** What the room of points needs; made in central.ts. */
export type PointParts = {
  database: Database;
  clock: Clock;
  log: Log;
  audit: Audit;
  replicaId: string;
  policy: SupplyPolicy;
  /** The newest reading in memory, if there is one. */
  newestReading(supplyId: string): MeterSnapshot | undefined;
  /** Since when this replica hears the channels. */
  listeningSinceMs(): number;
  /** Called after every commit, before the caller hears of it. Must not fail. */
  onCommitted(committed: Committed): void;
};

/** Time and figures of a decision made now. */
export function decisionTime(parts: PointParts): DecisionTime {
  return { nowMs: parts.clock.nowMs(), policy: parts.policy, listeningSinceMs: parts.listeningSinceMs() };
}
