import { derivePoint } from '../../../domain/charging-point.ts';
import { isOpen, type OpenSupply, type Supply } from '../../../domain/supply.ts';
import type { SupplyDecision, SupplyEffect } from '../../../domain/supply-decision.ts';
import type { HoldKind, OpenSupplyState } from '../../../domain/vocabulary.ts';
import type { AuditEntry } from '../../../io/audit/audit.ts';
import { security, status } from '../../../io/audit/audit-events.ts';
import {
  addHold,
  type LockedPoint,
  removeHold,
  type StoredFacts,
  saveFacts,
} from '../../../io/postgres/charging-points.ts';
import type { Queries } from '../../../io/postgres/database.ts';
import { leasesOfDriver } from '../../../io/postgres/login-sessions.ts';
import { deleteMeterSnapshot } from '../../../io/postgres/meter-snapshots.ts';
import { applyOrdersOf } from '../../../io/postgres/operator-orders.ts';
import { insertOutbox, type OutboxMessage } from '../../../io/postgres/outbox.ts';
import { adoptSupply, insertSupply, updateSupply } from '../../../io/postgres/supplies.ts';
import { issueTicket, newestTicket, ticketView } from '../../../io/postgres/tickets.ts';
import type { PanelOrder } from '../../../messages/live-stream.ts';
import type { Actor } from '../parts.ts';
import { stateAudit, supplyAudit, ticketAudit } from './decision-audit.ts';
import { closedMessage, orderMessages, pointUpdated, requesterMessages, ticketMessages } from './effect-messages.ts';
import { pointFacts } from './facts-edge.ts';
import type { Committed, PointParts } from './point-parts.ts';

type HoldChange = { readonly add: HoldKind } | { readonly remove: HoldKind };

/** One decision with what it was made on. `curve`: the engine's, for the ticket. */
export type Decided = { before: Supply | null; decision: SupplyDecision; curve?: number[][]; isRequest?: boolean };

/** What one transaction writes about one point. */
export type Saving = {
  point: LockedPoint;
  /** As the edge left them; the same object if there was none. */
  facts: StoredFacts;
  holdChanges: readonly HoldChange[];
  decided: readonly Decided[];
  actor: Actor;
  nowMs: number;
};

/** Collects what the transaction says to others while it writes. */
class Writing {
  readonly messages: OutboxMessage[] = [];
  readonly audit: AuditEntry[] = [];
  readonly orders: PanelOrder[] = [];
  readonly supplies: { before: Supply | null; after: Supply }[] = [];
  readonly ticketNumbers = new Map<string, number>();
  holds: ReadonlySet<HoldKind>;
  hasChanged: boolean;
  readonly tx: Queries;
  readonly parts: PointParts;
  readonly saving: Saving;

  constructor(tx: Queries, parts: PointParts, saving: Saving) {
    this.tx = tx;
    this.parts = parts;
    this.saving = saving;
    this.holds = saving.point.holds;
    this.hasChanged = saving.facts !== saving.point.facts;
  }

  get cpId(): string {
    return this.saving.point.identity.cpId;
  }
}

/** Writes decisions, holds, facts, tickets and outgoing messages: everything or nothing with the caller's transaction. */
export async function saveDecisions(tx: Queries, parts: PointParts, saving: Saving): Promise<Committed> {
  const writing = new Writing(tx, parts, saving);
  for (const decided of saving.decided) await saveOne(writing, decided);
  for (const change of saving.holdChanges) await changeHold(writing, change);
  const version = writing.hasChanged ? await saveFacts(tx, saving.facts) : saving.facts.version;
  if (writing.holds !== saving.point.holds) {
    writing.messages.push(pointUpdated(saving.point.identity, { holds: writing.holds, version }, saving.nowMs));
  }
  const outbox = await insertOutbox(tx, writing.messages, parts.replicaId);
  const state = derivedStates(writing);
  const change = { from: state.from.state, to: state.to.state, reasons: state.to.reasons };
  const audit = [...writing.audit, ...stateAudit(writing.cpId, change, saving.actor)];
  const { hasChanged, orders, supplies } = writing;
  return { cpId: writing.cpId, version, hasChanged, outbox, audit, orders, supplies, state };
}

async function saveOne(writing: Writing, decided: Decided): Promise<void> {
  const { before, decision } = decided;
  const after = decision.supply;
  if (decision.anomaly !== undefined) {
    const supplyId = after?.supplyId ?? '';
    writing.audit.push(
      security.supplyOfAnother(writing.saving.actor, { cpId: writing.cpId, supplyId, message: decision.anomaly }),
    );
  }
  if (after !== null && after !== before) {
    await saveSupply(writing, decided, after);
    writing.audit.push(...supplyAudit(before, after, writing.saving.actor));
    writing.supplies.push({ before, after });
    writing.hasChanged = true;
    if (!isOpen(after) && (before === null || isOpen(before))) {
      await deleteMeterSnapshot(writing.tx, after.supplyId);
      writing.orders.push(...(await applyOrdersOf(writing.tx, writing.cpId)));
    }
  }
  if (decision.hold) await changeHold(writing, decision.hold);
  for (const effect of decision.effects) await carryOut(writing, decided, effect);
}

async function saveSupply({ tx }: Writing, { before, isRequest }: Decided, after: Supply): Promise<void> {
  if (before !== null) return updateSupply(tx, after);
  return isRequest ? insertSupply(tx, after) : adoptSupply(tx, after);
}

async function carryOut(writing: Writing, decided: Decided, effect: SupplyEffect): Promise<void> {
  const { tx, parts, saving, cpId } = writing;
  const { nowMs } = saving;
  switch (effect.kind) {
    case 'issue-ticket':
      return issue(writing, decided, effect.ticket);
    case 'send-supply-closed': {
      const ticket = await newestTicket(tx, effect.supplyId);
      const body = { supplyId: effect.supplyId, ...(ticket ?? { energyWh: 0, amountCents: 0 }) };
      writing.messages.push(closedMessage(cpId, body, nowMs));
      return;
    }
    case 'notify-requester': {
      const { supply } = effect;
      const leaseIds = supply.driverId === null ? [] : await leasesOfDriver(tx, supply.driverId);
      const reading = parts.newestReading(supply.supplyId) ?? saving.point.snapshot;
      const ticketNumber = writing.ticketNumbers.get(supply.supplyId);
      const details = { leaseIds, reading, ticketNumber, plugTimeoutMs: parts.policy.plugTimeoutMs };
      writing.messages.push(...requesterMessages(supply, details, nowMs));
      return;
    }
    default:
      writing.messages.push(...orderMessages(cpId, effect, nowMs));
  }
}

async function issue(
  writing: Writing,
  { decision, curve }: Decided,
  draft: Extract<SupplyEffect, { kind: 'issue-ticket' }>['ticket'],
): Promise<void> {
  const { tx, saving } = writing;
  const issued = await issueTicket(tx, draft, { curve, issuedAtMs: saving.nowMs });
  writing.ticketNumbers.set(draft.supplyId, issued.ticketNumber);
  if (!issued.isNew) return;
  if (decision.supply) {
    writing.audit.push(ticketAudit(decision.supply, { ...draft, ticketNumber: issued.ticketNumber }, saving.actor));
  }
  if (draft.driverId === null || issued.balanceCents === null) return;
  const ticket = await ticketView(tx, issued.ticketNumber);
  if (!ticket) return;
  const leaseIds = await leasesOfDriver(tx, draft.driverId);
  const body = { driverId: draft.driverId, ticket, balanceCents: issued.balanceCents };
  writing.messages.push(...ticketMessages(leaseIds, body, saving.nowMs));
}

/** Sets or drops one kind of hold; the others stay. WEATHER is derived elsewhere, never stored. */
async function changeHold(writing: Writing, change: HoldChange): Promise<void> {
  const { tx, cpId, saving } = writing;
  const kind = 'add' in change ? change.add : change.remove;
  const isHeld = writing.holds.has(kind);
  if (kind === 'WEATHER' || isHeld === 'add' in change) return;
  if ('add' in change) await addHold(tx, { cpId, kind, setBy: saving.actor.entity });
  else await removeHold(tx, cpId, kind);
  writing.holds = new Set(
    'add' in change ? [...writing.holds, kind] : [...writing.holds].filter((one) => one !== kind),
  );
  writing.hasChanged = true;
  const event = { cpId, kind };
  writing.audit.push('add' in change ? status.holdSet(saving.actor, event) : status.holdDropped(saving.actor, event));
}

function derivedStates({ saving, parts, supplies, holds }: Writing): Committed['state'] {
  const { point, facts } = saving;
  const before = point.openSupply as OpenSupply | null;
  const phaseAfter = supplies.reduce<OpenSupplyState | null>((phase, { after }) => {
    if (isOpen(after)) return after.state;
    return after.supplyId === before?.supplyId ? null : phase;
  }, before?.state ?? null);
  return {
    from: derivePoint(pointFacts(point, parts.replicaId), before?.state ?? null),
    to: derivePoint(pointFacts({ ...point, facts, holds }, parts.replicaId), phaseAfter),
  };
}
