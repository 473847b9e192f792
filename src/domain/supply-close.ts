import type { EngineSupplyRecord } from './engine-supply.ts';
import { type EndedSupply, isOpen, type MeterSnapshot, type OpenSupply, type Supply } from './supply.ts';
import type { DecisionTime, PointContext, SupplyDecision, SupplyEffect } from './supply-decision.ts';
import { changed, unchanged } from './supply-transition.ts';
import { amountCents } from './tariff.ts';
import { correctiveTicket, firstTicket } from './ticket.ts';
import { HOUR_MS, MAX_INTEGER, SECOND_MS } from './units.ts';
import type { EndReason, SuspectReason } from './vocabulary.ts';

const METER_SLACK_MS = 2 * SECOND_MS;

/** `supply-ended`: the engine's word is final; whatever it says of a closed supply is only acknowledged again. */
export function closeByEngine(context: PointContext, record: EngineSupplyRecord, at: DecisionTime): SupplyDecision {
  const { supply } = context;
  if (supply === null) return adoptUnknown(context, record, at);
  const acknowledgement: SupplyEffect = { kind: 'send-supply-closed', supplyId: supply.supplyId };
  if (!isOpen(supply)) {
    const isNews = supply.state === 'ENDED' && supply.isEstimated && !isForgotten(supply, record);
    return isNews ? correct(context, supply, { record, at }) : unchanged(supply, acknowledgement);
  }
  if (isForgotten(supply, record)) return closeEstimated(supply, context.snapshot, at);
  return ticketed(withEnd(context, supply, { record, at }), acknowledgement);
}

/** ENDED from the last snapshot: the engine has lost it, an operator settles, or 24 h have passed (D-10). */
export function closeEstimated(supply: OpenSupply, snapshot: MeterSnapshot | null, at: DecisionTime): SupplyDecision {
  const energyWh = snapshot?.energyWh ?? 0;
  const reason = supply.orderedEndReason ?? 'ENGINE_RESTART';
  return ticketed({
    ...supply,
    state: 'ENDED',
    version: supply.version + 1,
    deadlineAtMs: null,
    endedAtMs: snapshot?.measuredAtMs ?? supply.pluggedAtMs ?? at.nowMs,
    closedAtMs: at.nowMs,
    endReason: energyWh > 0 && isWithoutEnergy(reason) ? 'FAULT' : reason,
    energyWh,
    amountCents: boundedAmountCents(energyWh, supply.priceE4PerKwh),
    isEstimated: true,
  });
}

/** Without `supply-closed`: it would acknowledge an end that the engine may still have to tell. */
function ticketed(ended: EndedSupply, ...acknowledgement: SupplyEffect[]): SupplyDecision {
  return changed(ended, { kind: 'issue-ticket', ticket: firstTicket(ended) }, ...acknowledgement);
}

interface EngineEnd {
  readonly record: EngineSupplyRecord;
  readonly at: DecisionTime;
}

function correct(context: PointContext, estimated: EndedSupply, end: EngineEnd): SupplyDecision {
  const corrected = withEnd(context, estimated, end);
  return changed(
    corrected,
    { kind: 'issue-ticket', ticket: correctiveTicket(corrected, estimated) },
    { kind: 'send-supply-closed', supplyId: corrected.supplyId },
  );
}

/** A restored database may have lost supplies that the engine still has; one without energy is not worth a row. */
function adoptUnknown(context: PointContext, record: EngineSupplyRecord, at: DecisionTime): SupplyDecision {
  if (record.pluggedAtMs === undefined && record.energyWh === 0) {
    return unchanged(null, { kind: 'send-supply-closed', supplyId: record.supplyId });
  }
  const adopted: OpenSupply = {
    supplyId: record.supplyId,
    requestId: record.requestId,
    clientId: `cp:${context.cpId}`,
    cpId: context.cpId,
    driverId: record.driverId ?? null,
    origin: record.origin,
    state: 'CHARGING',
    version: 0,
    priceE4PerKwh: record.priceE4PerKwh,
    requestedAtMs: record.acceptedAtMs,
    authorisedAtMs: record.authorisedAtMs ?? null,
    pluggedAtMs: record.pluggedAtMs ?? null,
    orderedEndReason: null,
    suspectReasons: ['UNKNOWN_SUPPLY'],
    deadlineAtMs: at.nowMs,
    endedAtMs: null,
    closedAtMs: null,
    endReason: null,
    refusal: null,
    energyWh: null,
    amountCents: null,
    isEstimated: false,
  };
  return ticketed(withEnd(context, adopted, { record, at }), { kind: 'send-supply-closed', supplyId: record.supplyId });
}

function withEnd(context: PointContext, supply: OpenSupply | EndedSupply, { record, at }: EngineEnd): EndedSupply {
  return {
    ...supply,
    state: 'ENDED',
    version: supply.version + 1,
    deadlineAtMs: null,
    pluggedAtMs: record.pluggedAtMs ?? supply.pluggedAtMs,
    endedAtMs: record.endedAtMs ?? at.nowMs,
    closedAtMs: at.nowMs,
    endReason: record.endReason ?? 'FAULT',
    energyWh: record.energyWh,
    amountCents: boundedAmountCents(record.energyWh, supply.priceE4PerKwh),
    isEstimated: false,
    suspectReasons: [...new Set([...supply.suspectReasons, ...suspicions(context, supply, record)])],
  };
}

function suspicions(context: PointContext, supply: Supply, record: EngineSupplyRecord): SuspectReason[] {
  const reason = record.endReason ?? 'FAULT';
  const isOrderedReason = reason === 'OPERATOR_STOP' || reason === 'KEY_REVOKED' || reason === 'DRIVER_STOP';
  const lastedMs = (record.endedAtMs ?? 0) - (record.pluggedAtMs ?? record.endedAtMs ?? 0) + METER_SLACK_MS;
  const found: SuspectReason[] = [];
  if (context.snapshot !== null && record.energyWh < context.snapshot.energyWh) found.push('ENERGY_BELOW_SNAPSHOT');
  if (record.energyWh > Math.ceil((context.maxPowerW * lastedMs) / HOUR_MS)) found.push('ENERGY_ABOVE_POSSIBLE');
  if (record.energyWh > 0 && isWithoutEnergy(reason)) found.push('ENERGY_WITHOUT_PLUG');
  if (isOrderedReason && supply.orderedEndReason === null) found.push('REASON_NOT_ORDERED');
  return found;
}

/** The engine answers for a supply it does not know (any more): nothing plugged, though Central saw it plugged. */
function isForgotten(supply: Supply, record: EngineSupplyRecord): boolean {
  return supply.pluggedAtMs !== null && record.pluggedAtMs === undefined && record.energyWh === 0;
}

function isWithoutEnergy(reason: EndReason): boolean {
  return reason === 'PLUG_TIMEOUT' || reason === 'CANCELLED';
}

/** An absurd energy (suspect) must not be a message that can never be stored. */
function boundedAmountCents(energyWh: number, priceE4PerKwh: number): number {
  return Math.min(amountCents(energyWh, priceE4PerKwh), MAX_INTEGER);
}
