import type { Refusal } from '../../domain/refusal.ts';
import type { Supply } from '../../domain/supply.ts';
import type { SupplyEvent } from '../../domain/supply-decision.ts';
import type { HoldKind } from '../../domain/vocabulary.ts';
import type { Queries } from '../../io/postgres/database.ts';
import type { PanelPoint } from '../../messages/live-stream.ts';
import type { NewPanelMessage } from '../../messages/shown-codes.ts';

/** What Central's rooms give each other. Each is made in central.ts and passed in; none imports another's inside. */

/** Who caused a change, for the audit: `operator:ana`, `cp:CP001`, `driver:USR001`, `central`. */
export type Actor = { entity: string; address?: string; correlationId?: string };

/** Edges of the facts, written when they change and only then (protocol 6). `epoch` fences an older socket (F-65). */
export type FactsEdge =
  | { kind: 'monitor-connected'; epoch: number; instanceId: string; address: string | undefined }
  | { kind: 'monitor-lost'; epoch: number }
  | { kind: 'engine-health'; epoch: number; isEngineOk: boolean; isChannelUp: boolean; code?: string }
  | { kind: 'key-installed' }
  | { kind: 'local-hold'; bootId: string; sequence: number; isHeld: boolean };

export type PointChange =
  | { edge: FactsEdge }
  | { event: SupplyEvent }
  | { hold: { add: HoldKind } | { remove: HoldKind } };

export type PointOutcome = { supply: Supply | null; refusal?: Refusal; wasKnown: boolean };

/**
 * The one way to change a point (room: points/). In one transaction: lock the facts row, load facts, holds and supply, let the
 * domain decide, save, write outbox, ticket and wallet, raise the version; after the commit: send the outbox, refresh the picture, audit.
 */
export type PointChanges = {
  apply(cpId: string, change: PointChange, actor: Actor): Promise<PointOutcome>;
  /** More work in the same transaction, after the lock: a key's revocation, a retirement. */
  applyWith(
    cpId: string,
    change: PointChange | undefined,
    options: { actor: Actor; extra: (tx: Queries, point: { openSupplyId: string | undefined }) => Promise<void> },
  ): Promise<PointOutcome>;
  /** Many `monitor-connected` edges in one statement, for reconnect storms; points with an open supply go one by one. */
  applyConnections(edges: readonly { cpId: string; edge: FactsEdge & { kind: 'monitor-connected' } }[]): Promise<void>;
};

/** What everybody is shown (room: picture/): the points' derived state, open supplies, live readings, messages; feeds both live streams and `Status_*`. */
export type Picture = {
  /** These points changed in the database: read them again (coalesced, one query for many) and publish. */
  refresh(cpIds: Iterable<string>): void;
  points(): Iterable<PanelPoint>;
  point(cpId: string): PanelPoint | undefined;
  say(message: NewPanelMessage): void;
};

/** The sockets of this replica's Monitors (room: monitors/). */
export type MonitorLinks = {
  isConnected(cpId: string): boolean;
  /** Resolves true once the Monitor acknowledged the frame; false when its socket is not here. */
  send(cpId: string, type: string, body: unknown): Promise<boolean>;
  /** Closes the socket: retired, fenced, or replaced. */
  drop(cpId: string, reason: string): void;
  /** When the Monitor last spoke; undefined: not connected here. */
  lastSeenAtMs(cpId: string): number | undefined;
  readonly connectedCount: number;
};
