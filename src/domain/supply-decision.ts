import type { PointFacts } from './charging-point.ts';
import type { EngineSupplyRecord } from './engine-supply.ts';
import type { Refusal } from './refusal.ts';
import type { MeterSnapshot, OpenSupply, Supply, SupplyPolicy } from './supply.ts';
import type { TicketDraft } from './ticket.ts';
import type { DeclineCode, EndReason, HoldKind, RefusalCode, SupplyOrigin } from './vocabulary.ts';

/** What the shell loads under the lock of the facts row before it asks the domain. */
export interface PointContext {
  readonly cpId: string;
  readonly priceE4PerKwh: number;
  readonly maxPowerW: number;
  /** As they are after the edge that caused the event. */
  readonly facts: PointFacts;
  /** The supply that the event names, open or not; for events that name none, the point's open one. */
  readonly supply: Supply | null;
  readonly snapshot: MeterSnapshot | null;
}

/** Time and figures of one decision. */
export interface DecisionTime {
  readonly nowMs: number;
  readonly policy: SupplyPolicy;
  /** Since when this Central hears the point's channels: before that, silence was Central's own (D-09). */
  readonly listeningSinceMs: number;
}

/** Facts from the engine (they never expire), levels of the point, orders of people, timers. */
export type SupplyEvent =
  | { readonly kind: 'supply-accepted'; readonly supplyId: string }
  | { readonly kind: 'supply-declined'; readonly supplyId: string; readonly code: DeclineCode }
  | { readonly kind: 'supply-started'; readonly record: EngineSupplyRecord }
  | { readonly kind: 'meter-reading'; readonly supplyId: string; readonly measuredAtMs: number }
  | { readonly kind: 'supply-ended'; readonly record: EngineSupplyRecord }
  | { readonly kind: 'engine-ko' }
  | { readonly kind: 'engine-ok' }
  | { readonly kind: 'monitor-lost' }
  | { readonly kind: 'monitor-connected' }
  | { readonly kind: 'driver-stop'; readonly supplyId: string; readonly driverId: string }
  | { readonly kind: 'operator-stop'; readonly when: 'NOW' | 'AFTER_SUPPLY' }
  /** Ends one supply and leaves the point in service. */
  | { readonly kind: 'operator-end'; readonly supplyId: string }
  | { readonly kind: 'operator-resume' }
  | { readonly kind: 'operator-settle'; readonly supplyId: string }
  | { readonly kind: 'key-revoked' }
  | { readonly kind: 'deadline'; readonly supplyId: string };

/** By which way a stop goes to the engine: BOTH = channel and Monitor; everything else goes by channel only. */
export type StopRoute = 'MONITOR' | 'BOTH';

/** What the shell must do, in the transaction of the decision (outbox rows, ticket, wallet). */
export type SupplyEffect =
  | {
      readonly kind: 'send-start-supply';
      readonly supplyId: string;
      readonly requestId: string;
      readonly driverId: string | null;
      readonly origin: SupplyOrigin;
      readonly priceE4PerKwh: number;
      readonly expiresAtMs: number;
    }
  | { readonly kind: 'send-supply-authorised'; readonly supplyId: string; readonly plugDeadlineAtMs: number }
  | { readonly kind: 'send-cancel-supply'; readonly supplyId: string; readonly reason: RefusalCode }
  | {
      readonly kind: 'send-stop-supply';
      readonly supplyId: string;
      readonly reason: EndReason;
      readonly route: StopRoute;
    }
  /** `supply-closed` with the figures of the supply's newest ticket, without if there is none: the acknowledgement. */
  | { readonly kind: 'send-supply-closed'; readonly supplyId: string }
  /** Write the ticket and the wallet entry, queue `ticket-issued`; comes before `send-supply-closed`. */
  | { readonly kind: 'issue-ticket'; readonly ticket: TicketDraft }
  /** Tell the driver (origin POINT: the point) the supply as it now is. */
  | { readonly kind: 'notify-requester'; readonly supply: Supply };

/** What an event came to. `supply` equal to the context's object means: nothing to save. */
export interface SupplyDecision {
  readonly supply: Supply | null;
  readonly effects: readonly SupplyEffect[];
  /** Told to whoever asked; nothing was changed unless `supply` says so. */
  readonly refusal?: Refusal;
  /** Hold to insert or delete for the point in the same transaction. */
  readonly hold?: { readonly add: HoldKind } | { readonly remove: HoldKind };
  /** To be audited as SECURITY: a message about a supply of another point. */
  readonly anomaly?: 'FOREIGN_SUPPLY';
}

/** A request for a supply, from a driver's app, a batch or the point itself (driverId null = ANON). */
export interface SupplyRequest {
  readonly requestId: string;
  readonly clientId: string;
  readonly driverId: string | null;
  readonly origin: SupplyOrigin;
  /** Id to give to the supply if there is one (UUIDv7). */
  readonly supplyId: string;
  /** From its LogAppendTime and ttlMs (F-10). */
  readonly isExpired: boolean;
}

/** What a request is decided on; the facts row of the point is locked. */
export interface RequestContext {
  /** null = unknown or retired point. */
  readonly point: Omit<PointContext, 'supply' | 'snapshot'> | null;
  readonly openSupply: OpenSupply | null;
  /** A supply that already bears this request id. */
  readonly sameRequest: Supply | null;
  /** null for ANON and for a driver that Central does not know. */
  readonly driver: {
    readonly driverId: string;
    readonly balanceCents: number;
    /** The one that `bindsDriver`. */
    readonly openSupply: OpenSupply | null;
  } | null;
}
