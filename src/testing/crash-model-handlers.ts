import { isNewerLevel, withHold, withoutHold } from '../domain/charging-point.ts';
import type { EngineMessage } from '../domain/engine-supply.ts';
import { bindsDriver, isOpen, type MeterSnapshot, newerSnapshot, type OpenSupply } from '../domain/supply.ts';
import type {
  DecisionTime,
  PointContext,
  SupplyDecision,
  SupplyEffect,
  SupplyEvent,
} from '../domain/supply-decision.ts';
import type { ReceivedHello } from '../domain/supply-hello.ts';
import type { HoldKind, OpenSupplyState } from '../domain/vocabulary.ts';
import type { FakeDatabase, OutboxRow, PointRow } from './crash-model-database.ts';
import type { ModelRequest, ToEngine } from './crash-model-messages.ts';
import type { ModelRules } from './crash-model-rules.ts';

/** One transaction of the fake Central: what it may read and write. */
export interface Work {
  readonly draft: FakeDatabase;
  readonly at: DecisionTime;
  readonly rules: ModelRules;
  readonly memory: ReadonlyMap<string, MeterSnapshot>;
  readonly nextId: () => number;
}

export const MAX_POWER_W = 50_000;
const PRICE_E4 = 3_333;
const REQUEST_TTL_MS = 15_000;

/** A button press; the supply's id grows with time as a UUIDv7 does. */
export function handleRequest(work: Work, cpId: string, request: ModelRequest): void {
  const { draft, at } = work;
  const supplies = [...draft.supplies.values()];
  const binding = supplies.find((supply) => supply.driverId === request.driverId && bindsDriver(supply));
  const decision = work.rules.requestSupply(
    {
      point: { cpId, priceE4PerKwh: PRICE_E4, maxPowerW: MAX_POWER_W, facts: point(work, cpId).facts },
      openSupply: openSupplyOf(draft, cpId),
      sameRequest: supplies.find((supply) => supply.requestId === request.requestId) ?? null,
      driver:
        request.driverId === null
          ? null
          : {
              driverId: request.driverId,
              balanceCents: 0,
              openSupply: binding !== undefined && isOpen(binding) ? binding : null,
            },
    },
    {
      requestId: request.requestId,
      clientId: request.driverId === null ? `cp:${cpId}` : `driver:${request.driverId}`,
      driverId: request.driverId,
      origin: request.driverId === null ? 'POINT' : 'APP',
      supplyId: `s${String(work.nextId()).padStart(8, '0')}`,
      isExpired: at.nowMs - request.sentAtMs > REQUEST_TTL_MS,
    },
    at,
  );
  save(work, cpId, decision);
}

/** A message of an engine; under a revoked key only the end of one supply passes (D-12). */
export function handleEngineMessage(work: Work, cpId: string, sent: { message: EngineMessage; boot: number }): void {
  const { message } = sent;
  if (!isPassing(work, cpId, message)) return;
  switch (message.type) {
    case 'supply-accepted':
      decide(work, cpId, { kind: 'supply-accepted', supplyId: message.supplyId });
      return;
    case 'supply-declined':
      decide(work, cpId, { kind: 'supply-declined', supplyId: message.supplyId, code: message.code });
      return;
    case 'supply-started':
      decide(work, cpId, { kind: 'supply-started', record: message.record });
      return;
    case 'meter-reading':
      decide(work, cpId, {
        kind: 'meter-reading',
        supplyId: message.supplyId,
        measuredAtMs: message.measuredAtMs,
      });
      return;
    case 'supply-ended':
      decide(work, cpId, { kind: 'supply-ended', record: message.record });
      return;
    case 'local-hold':
      applyLocalHold(work, cpId, { ...message, bootId: bootIdOf(cpId, sent.boot) });
      return;
    default:
      message satisfies never;
  }
}

/** `hello`, if no younger boot has spoken; the answer goes out with the commit. */
export function handleHello(work: Work, cpId: string, sent: { hello: ReceivedHello; boot: number }): void {
  const row = point(work, cpId);
  if (sent.boot < row.newestBoot || row.facts.holds.has('KEY_REVOKED')) return;
  const open = openSupplyOf(work.draft, cpId);
  const decision = work.rules.reconcileHello(
    { ...contextOf(work, cpId, open?.supplyId), known: work.draft.supplies, position: row.position },
    sent.hello,
    work.at,
  );
  for (const each of decision.decisions) save(work, cpId, each);
  changePoint(work, cpId, { newestBoot: sent.boot, position: decision.position });
  if (decision.hold !== null) changeHold(work, cpId, decision.hold);
  const after = openSupplyOf(work.draft, cpId);
  queue(work, cpId, {
    route: 'CHANNEL',
    message: {
      type: 'hello-answered',
      boot: sent.boot,
      acknowledgedSupplyIds: decision.acknowledgedSupplyIds,
      openSupply: after === null ? null : described(after),
    },
  });
}

/** An edge, an order or a timer: the supply that the event names, else the point's open one. */
export function decide(work: Work, cpId: string, event: SupplyEvent): void {
  const named = 'record' in event ? event.record.supplyId : 'supplyId' in event ? event.supplyId : undefined;
  const open = openSupplyOf(work.draft, cpId);
  const decision = work.rules.decideSupply(contextOf(work, cpId, named ?? open?.supplyId), event, work.at);
  save(work, cpId, decision);
  if (event.kind === 'key-revoked') changePoint(work, cpId, { closingSupplyId: open?.supplyId ?? null });
}

/** The id of an engine's boot. */
export function bootIdOf(cpId: string, boot: number): string {
  return `${cpId}-boot-${boot}`;
}

/** The point's open supply. */
export function openSupplyOf(draft: FakeDatabase, cpId: string): OpenSupply | null {
  for (const supply of draft.supplies.values()) if (supply.cpId === cpId && isOpen(supply)) return supply;
  return null;
}

/** Adds or removes a hold of the point. */
export function changeHold(work: Work, cpId: string, change: { add: HoldKind } | { remove: HoldKind }): void {
  const { facts } = point(work, cpId);
  const holds = 'add' in change ? withHold(facts.holds, change.add) : withoutHold(facts.holds, change.remove);
  changePoint(work, cpId, { facts: { ...facts, holds } });
}

/** Replaces parts of the point's row. */
export function changePoint(work: Work, cpId: string, change: Partial<PointRow>): void {
  work.draft.points.set(cpId, { ...point(work, cpId), ...change });
}

/** The point's row in the draft. */
export function point(work: Work, cpId: string): PointRow {
  const row = work.draft.points.get(cpId);
  if (row === undefined) throw new Error(`no such point: ${cpId}`);
  return row;
}

function contextOf(work: Work, cpId: string, supplyId: string | undefined): PointContext {
  const stored = supplyId === undefined ? undefined : work.draft.snapshots.get(supplyId);
  const inMemory = supplyId === undefined ? undefined : work.memory.get(supplyId);
  return {
    cpId,
    priceE4PerKwh: PRICE_E4,
    maxPowerW: MAX_POWER_W,
    facts: point(work, cpId).facts,
    supply: (supplyId === undefined ? undefined : work.draft.supplies.get(supplyId)) ?? null,
    snapshot: inMemory === undefined ? (stored ?? null) : newerSnapshot(stored ?? null, inMemory),
  };
}

function isPassing(work: Work, cpId: string, message: EngineMessage): boolean {
  const row = point(work, cpId);
  if (!row.facts.holds.has('KEY_REVOKED')) return true;
  return message.type === 'supply-ended' && message.record.supplyId === row.closingSupplyId;
}

function applyLocalHold(work: Work, cpId: string, level: { bootId: string; sequence: number; isHeld: boolean }): void {
  const { position } = point(work, cpId);
  if (!isNewerLevel(position, level.bootId, level.sequence)) return;
  changePoint(work, cpId, { position: { ...position, engineSequence: level.sequence } });
  changeHold(work, cpId, level.isHeld ? { add: 'LOCAL' } : { remove: 'LOCAL' });
}

function described(supply: OpenSupply): {
  supplyId: string;
  state: OpenSupplyState;
  orderedEndReason?: NonNullable<OpenSupply['orderedEndReason']>;
} {
  const { supplyId, state, orderedEndReason } = supply;
  return orderedEndReason === null ? { supplyId, state } : { supplyId, state, orderedEndReason };
}

function save(work: Work, cpId: string, decision: SupplyDecision): void {
  const { supply } = decision;
  if (supply !== null) work.draft.supplies.set(supply.supplyId, supply);
  for (const effect of decision.effects) perform(work, cpId, effect);
  if (decision.hold !== undefined) changeHold(work, cpId, decision.hold);
}

function perform(work: Work, cpId: string, effect: SupplyEffect): void {
  switch (effect.kind) {
    case 'send-start-supply': {
      const { kind, ...order } = effect;
      queue(work, cpId, { route: 'CHANNEL', message: { type: 'start-supply', ...order } });
      return;
    }
    case 'send-supply-authorised':
      queue(work, cpId, { route: 'CHANNEL', message: { type: 'supply-authorised', supplyId: effect.supplyId } });
      return;
    case 'send-cancel-supply':
      queue(work, cpId, { route: 'CHANNEL', message: { type: 'cancel-supply', supplyId: effect.supplyId } });
      return;
    case 'send-stop-supply': {
      const order: ToEngine = { type: 'stop-supply', supplyId: effect.supplyId, reason: effect.reason };
      if (effect.route === 'BOTH') queue(work, cpId, { route: 'CHANNEL', message: order });
      queue(work, cpId, { route: 'MONITOR', message: order });
      return;
    }
    case 'send-supply-closed':
      queue(work, cpId, { route: 'CHANNEL', message: { type: 'supply-closed', supplyId: effect.supplyId } });
      return;
    case 'issue-ticket': {
      work.draft.tickets.push(effect.ticket);
      const { driverId, walletChangeCents } = effect.ticket;
      if (driverId === null || walletChangeCents === null) return;
      work.draft.walletCents.set(driverId, (work.draft.walletCents.get(driverId) ?? 0) + walletChangeCents);
      return;
    }
    case 'notify-requester':
      return;
    default:
      effect satisfies never;
  }
}

function queue(work: Work, cpId: string, sent: Pick<OutboxRow, 'route' | 'message'>): void {
  work.draft.outbox.push({ outboxId: work.nextId(), cpId, ...sent });
}
