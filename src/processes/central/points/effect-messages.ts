import { idOfClient } from '../../../domain/ids.ts';
import type { Refusal } from '../../../domain/refusal.ts';
import type { MeterSnapshot, Supply } from '../../../domain/supply.ts';
import type { SupplyEffect } from '../../../domain/supply-decision.ts';
import { MINUTE_MS, SECOND_MS } from '../../../domain/units.ts';
import type { HoldKind } from '../../../domain/vocabulary.ts';
import { newTimeOrderedId } from '../../../io/new-id.ts';
import type { OutboxMessage, OutboxTransport } from '../../../io/postgres/outbox.ts';
import type { CentralToDriver } from '../../../messages/driver-central.ts';
import type { CentralToEngine, PointIdentity } from '../../../messages/engine-central.ts';
import { supplyView } from './supply-view.ts';

/** Orders older than this are said again by other means: timers, levels, the engine's own questions. */
const ORDER_LIFE_MS = 30 * SECOND_MS;
const LEVEL_LIFE_MS = 5 * MINUTE_MS;

type Sending = { recipient: string; transport: OutboxTransport; type: string; body: unknown; expiresAtMs: number };

function message(sending: Sending): OutboxMessage {
  return { messageId: newTimeOrderedId(), ...sending };
}

function toEngine<Type extends keyof CentralToEngine>(
  cpId: string,
  type: Type,
  content: { body: CentralToEngine[Type]; expiresAtMs: number },
): OutboxMessage {
  return message({ recipient: `cp:${cpId}`, transport: 'CHANNEL', type, ...content });
}

function toDrivers<Type extends keyof CentralToDriver>(
  leaseIds: readonly string[],
  type: Type,
  content: { body: CentralToDriver[Type]; expiresAtMs: number },
): OutboxMessage[] {
  return leaseIds.map((recipient) => message({ recipient, transport: 'CHANNEL', type, ...content }));
}

/** The orders of a decision that need nothing but the decision. */
export function orderMessages(cpId: string, effect: SupplyEffect, nowMs: number): OutboxMessage[] {
  const expiresAtMs = nowMs + ORDER_LIFE_MS;
  switch (effect.kind) {
    case 'send-start-supply': {
      const { supplyId, requestId, driverId, origin, priceE4PerKwh } = effect;
      const body = { supplyId, requestId, origin, priceE4PerKwh, expiresAtMs: effect.expiresAtMs };
      return [
        toEngine(cpId, 'start-supply', {
          body: driverId === null ? body : { ...body, driverId },
          expiresAtMs: effect.expiresAtMs,
        }),
      ];
    }
    case 'send-supply-authorised': {
      const { supplyId, plugDeadlineAtMs } = effect;
      return [toEngine(cpId, 'supply-authorised', { body: { supplyId, plugDeadlineAtMs }, expiresAtMs })];
    }
    case 'send-cancel-supply':
      return [
        toEngine(cpId, 'cancel-supply', {
          body: { supplyId: effect.supplyId, reason: effect.reason },
          expiresAtMs,
        }),
      ];
    case 'send-stop-supply': {
      const body = { supplyId: effect.supplyId, reason: effect.reason };
      const byMonitor = message({ recipient: cpId, transport: 'MONITOR', type: 'stop-supply', body, expiresAtMs });
      return effect.route === 'MONITOR'
        ? [byMonitor]
        : [toEngine(cpId, 'stop-supply', { body, expiresAtMs }), byMonitor];
    }
    case 'send-supply-closed':
    case 'issue-ticket':
    case 'notify-requester':
      return [];
    default:
      return effect satisfies never;
  }
}

/** The acknowledgement of `supply-ended`; without a ticket number if there is no ticket. */
export function closedMessage(cpId: string, body: CentralToEngine['supply-closed'], nowMs: number): OutboxMessage {
  return toEngine(cpId, 'supply-closed', { body, expiresAtMs: nowMs + LEVEL_LIFE_MS });
}

/** Tells whoever asked for the supply: its driver wherever he is logged in, or, when refused, the point itself. */
export function requesterMessages(
  supply: Supply,
  details: { leaseIds: readonly string[]; reading: MeterSnapshot | null; ticketNumber?: number; plugTimeoutMs: number },
  nowMs: number,
): OutboxMessage[] {
  const expiresAtMs = nowMs + LEVEL_LIFE_MS;
  if (supply.driverId !== null) {
    const body = { driverId: supply.driverId, supply: supplyView(supply, details) };
    return toDrivers(details.leaseIds, 'supply-updated', { body, expiresAtMs });
  }
  if (supply.state !== 'DENIED' || supply.origin !== 'POINT') return [];
  const { requestId, supplyId, refusal } = supply;
  const body = { requestId, supplyId, refusal: wireRefusal(refusal) };
  return [toEngine(idOfClient(supply.clientId as `cp:${string}`), 'supply-refused', { body, expiresAtMs })];
}

/** The ticket, to every lease with a live login of its driver. */
export function ticketMessages(
  leaseIds: readonly string[],
  body: CentralToDriver['ticket-issued'],
  nowMs: number,
): OutboxMessage[] {
  return toDrivers(leaseIds, 'ticket-issued', { body, expiresAtMs: nowMs + LEVEL_LIFE_MS });
}

/** Holds or data of the point changed: a level for its engine. */
export function pointUpdated(
  point: PointIdentity,
  level: { holds: ReadonlySet<HoldKind>; version: number },
  nowMs: number,
): OutboxMessage {
  const body = { point, holds: [...level.holds], version: level.version };
  return toEngine(point.cpId, 'point-updated', { body, expiresAtMs: nowMs + LEVEL_LIFE_MS });
}

/** A refusal as messages carry it (mutable arrays). */
export function wireRefusal(refusal: Refusal): CentralToDriver['request-refused']['refusal'] {
  return {
    code: refusal.code,
    ...(refusal.reasons && { reasons: [...refusal.reasons] }),
    ...(refusal.detail !== undefined && { detail: refusal.detail.slice(0, 60) }),
  };
}
