import type { MeterSnapshot, Supply } from '../../../domain/supply.ts';
import { amountCents } from '../../../domain/tariff.ts';
import type { SupplyView } from '../../../messages/entities.ts';

/** What else is known of a supply while it is shown. */
export type SupplyDetails = { reading?: MeterSnapshot | null; ticketNumber?: number; plugTimeoutMs: number };

/** The supply as every page is shown it; the running figures come from the newest reading. */
export function supplyView(supply: Supply, details: SupplyDetails): SupplyView {
  const reading = details.reading ?? null;
  const energyWh = supply.energyWh ?? reading?.energyWh ?? 0;
  const isRunning = supply.state === 'CHARGING' || supply.state === 'ENDING';
  return {
    supplyId: supply.supplyId,
    requestId: supply.requestId,
    cpId: supply.cpId,
    ...(supply.driverId !== null && { driverId: supply.driverId }),
    origin: supply.origin,
    state: supply.state,
    version: Math.max(1, supply.version),
    priceE4PerKwh: supply.priceE4PerKwh,
    requestedAtMs: supply.requestedAtMs,
    ...(supply.authorisedAtMs !== null && { authorisedAtMs: supply.authorisedAtMs }),
    ...(supply.state === 'PREPARING' &&
      supply.authorisedAtMs !== null && { plugDeadlineAtMs: supply.authorisedAtMs + details.plugTimeoutMs }),
    ...(supply.pluggedAtMs !== null && { pluggedAtMs: supply.pluggedAtMs }),
    ...(supply.endedAtMs !== null && { endedAtMs: supply.endedAtMs }),
    energyWh,
    powerW: isRunning ? (reading?.powerW ?? 0) : 0,
    amountCents: supply.amountCents ?? amountCents(energyWh, supply.priceE4PerKwh),
    ...(supply.orderedEndReason !== null && { orderedEndReason: supply.orderedEndReason }),
    ...(supply.endReason !== null && { endReason: supply.endReason }),
    ...(supply.refusal !== null && {
      refusal: { ...supply.refusal, ...(supply.refusal.reasons && { reasons: [...supply.refusal.reasons] }) },
    }),
    isEstimated: supply.isEstimated,
    ...(details.ticketNumber !== undefined && { ticketNumber: details.ticketNumber }),
  } as SupplyView;
}
