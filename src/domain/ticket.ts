import type { EndedSupply } from './supply.ts';
import type { EndReason } from './vocabulary.ts';

/** A ticket to be written; its number comes from the database. */
export interface TicketDraft {
  readonly supplyId: string;
  readonly driverId: string | null;
  readonly energyWh: number;
  readonly priceE4PerKwh: number;
  readonly amountCents: number;
  readonly endReason: EndReason;
  readonly isEstimated: boolean;
  /** True: it replaces the figures of the supply's last ticket (`corrects_ticket_number`). */
  readonly isCorrective: boolean;
  /** Signed change of the driver's wallet in the same transaction (D-20); null for ANON. */
  readonly walletChangeCents: number | null;
}

/** The only ticket of a supply that has just ended. */
export function firstTicket(supply: EndedSupply): TicketDraft {
  return draft(supply, { isCorrective: false, chargedCents: 0 });
}

/** Full figures again, the wallet gets the difference to what the estimated ticket took. */
export function correctiveTicket(supply: EndedSupply, estimated: EndedSupply): TicketDraft {
  return draft(supply, { isCorrective: true, chargedCents: estimated.amountCents });
}

function draft(supply: EndedSupply, kind: { isCorrective: boolean; chargedCents: number }): TicketDraft {
  const changeCents = kind.chargedCents - supply.amountCents;
  return {
    supplyId: supply.supplyId,
    driverId: supply.driverId,
    energyWh: supply.energyWh,
    priceE4PerKwh: supply.priceE4PerKwh,
    amountCents: supply.amountCents,
    endReason: supply.endReason,
    isEstimated: supply.isEstimated,
    isCorrective: kind.isCorrective,
    walletChangeCents: supply.driverId === null ? null : changeCents,
  };
}
