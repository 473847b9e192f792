import { refusalText } from '../../../domain/refusal.ts';
import type { Supply } from '../../../domain/supply.ts';
import type { AuditEntry, AuditSource } from '../../../io/audit/audit.ts';
import { charge, error, incident, status } from '../../../io/audit/audit-events.ts';
import { ANONYMOUS } from './point-parts.ts';

/** What a supply became, for the audit; nothing if only a timer moved. */
export function supplyAudit(before: Supply | null, after: Supply, source: AuditSource): AuditEntry[] {
  if (before?.state === after.state && before.orderedEndReason === after.orderedEndReason) return [];
  const { cpId, supplyId } = after;
  const of = { cpId, supplyId, driverId: after.driverId ?? ANONYMOUS };
  switch (after.state) {
    case 'REQUESTED':
      return [charge.requested(source, { ...of, requestId: after.requestId })];
    case 'PREPARING':
      return [charge.authorised(source, of)];
    case 'CHARGING':
      return [charge.started(source, of)];
    case 'ENDING': {
      const reason = after.orderedEndReason ?? 'FAULT';
      const timeOut = reason === 'PLUG_TIMEOUT' ? [incident.timedOut(source, { what: 'plug-in', cpId, supplyId })] : [];
      return [...timeOut, charge.stopRequested(source, { ...of, reason })];
    }
    case 'INTERRUPTED':
      return [charge.interrupted(source, { ...of, cause: after.orderedEndReason ?? 'FAULT' })];
    case 'DENIED': {
      const isSilence = after.refusal.code === 'POINT_NO_ANSWER';
      const timeOut = isSilence ? [incident.timedOut(source, { what: 'start-supply', cpId, supplyId })] : [];
      return [...timeOut, charge.denied(source, { ...of, code: refusalText(after.refusal) })];
    }
    case 'ENDED':
      return after.suspectReasons.length > (before?.suspectReasons.length ?? 0)
        ? [error.supplySuspect(source, { cpId, supplyId, reasons: after.suspectReasons })]
        : [];
    default:
      return after satisfies never;
  }
}

/** The ticket of a supply, first or corrective. */
export function ticketAudit(
  supply: Supply,
  ticket: { ticketNumber: number; isCorrective: boolean; energyWh: number; amountCents: number; endReason: string },
  source: AuditSource,
): AuditEntry {
  const of = { cpId: supply.cpId, supplyId: supply.supplyId, driverId: supply.driverId ?? ANONYMOUS };
  const { ticketNumber, energyWh, amountCents, endReason } = ticket;
  if (ticket.isCorrective) return charge.corrected(source, { ...of, energyWh, amountCents, ticketNumber });
  const { isEstimated } = supply;
  return charge.ended(source, { ...of, reason: endReason, energyWh, amountCents, ticketNumber, isEstimated });
}

/** What a point became, if its state changed. */
export function stateAudit(
  cpId: string,
  change: { from: string; to: string; reasons: readonly string[] },
  source: AuditSource,
): AuditEntry[] {
  return change.from === change.to ? [] : [status.pointChanged(source, { cpId, ...change })];
}
