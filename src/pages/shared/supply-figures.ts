import type { ReceivedReading } from './live/live-state.ts';

export type SupplyFigures = { powerW: number; energyWh: number; amountCents: number; readingAgeMs: number | undefined };

/** A reading this old is told with its age, and its stripe stands still. */
export const LATE_READING_MS = 3_000;

/** Newest known figures of a running supply: its last reading, or what the supply itself carries if that is further. */
export function supplyFigures(
  supply: { powerW: number; energyWh: number; amountCents: number },
  reading: ReceivedReading | undefined,
  nowMs: number,
): SupplyFigures {
  if (!reading || reading.energyWh < supply.energyWh)
    return {
      powerW: supply.powerW,
      energyWh: supply.energyWh,
      amountCents: supply.amountCents,
      readingAgeMs: undefined,
    };
  const { powerW, energyWh, amountCents } = reading;
  return { powerW, energyWh, amountCents, readingAgeMs: Math.max(0, nowMs - reading.receivedAtMs) };
}
