import type { EnginePosition, PointFacts } from '../domain/charging-point.ts';
import type { MeterSnapshot, Supply } from '../domain/supply.ts';
import type { TicketDraft } from '../domain/ticket.ts';
import type { ToEngine } from './crash-model-messages.ts';

/** A row of the fake outbox. */
export interface OutboxRow {
  readonly outboxId: number;
  readonly cpId: string;
  readonly route: 'CHANNEL' | 'MONITOR';
  readonly message: ToEngine;
}

/** Facts, position and key of one point. */
export interface PointRow {
  readonly facts: PointFacts;
  readonly position: EnginePosition;
  readonly newestBoot: number;
  /** Set while KEY_REVOKED: the one supply that may still be closed (D-12). */
  readonly closingSupplyId: string | null;
}

/** All that a kill of Central leaves: a commit is one assignment of a whole copy. */
export interface FakeDatabase {
  readonly supplies: Map<string, Supply>;
  readonly tickets: TicketDraft[];
  readonly walletCents: Map<string, number>;
  readonly snapshots: Map<string, MeterSnapshot>;
  readonly points: Map<string, PointRow>;
  readonly outbox: OutboxRow[];
}

/** The copy that a transaction works on. */
export function copyOf(database: FakeDatabase): FakeDatabase {
  return {
    supplies: new Map(database.supplies),
    tickets: [...database.tickets],
    walletCents: new Map(database.walletCents),
    snapshots: new Map(database.snapshots),
    points: new Map(database.points),
    outbox: [...database.outbox],
  };
}

/** A database in which every point is known and nothing has happened: DISCONNECTED (F-29). */
export function emptyDatabase(cpIds: readonly string[]): FakeDatabase {
  const facts = { isMonitorAlive: false, isEngineOk: false, isChannelUp: false, holds: new Set<never>() };
  const row: PointRow = {
    facts,
    position: { engineBootId: null, engineSequence: 0 },
    newestBoot: 0,
    closingSupplyId: null,
  };
  return {
    supplies: new Map(),
    tickets: [],
    walletCents: new Map(),
    snapshots: new Map(),
    points: new Map(cpIds.map((cpId) => [cpId, row])),
    outbox: [],
  };
}
