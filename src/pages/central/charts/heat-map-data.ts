import { UTILISATION_WEEKS, type Utilisation } from '../../../messages/central-history-api.ts';

const HOUR_S = 3_600;
/** Steps of the one colour, the empty one included. */
export const HEAT_STEPS = 6;

/** How many points charged on average in each hour of the week: days by hours, Monday first. */
export function weekHours({ chargingS }: Utilisation): number[][] {
  const average = chargingS.map((seconds) => seconds / (UTILISATION_WEEKS * HOUR_S));
  return Array.from({ length: 7 }, (_, day) => average.slice(day * 24, (day + 1) * 24));
}

/** 0 for nothing at all, then equal steps up to the largest. */
export function heatStep(value: number, largest: number): number {
  if (value <= 0 || largest <= 0) return 0;
  return Math.min(HEAT_STEPS - 1, Math.ceil((value / largest) * (HEAT_STEPS - 1)));
}

/** The cell that a key leads to; it stops at the edges. */
export function cellByKey(key: string, from: { day: number; hour: number }): { day: number; hour: number } | undefined {
  const { day, hour } = from;
  const clamp = (value: number, last: number) => Math.min(last, Math.max(0, value));
  switch (key) {
    case 'ArrowRight':
      return { day, hour: clamp(hour + 1, 23) };
    case 'ArrowLeft':
      return { day, hour: clamp(hour - 1, 23) };
    case 'ArrowDown':
      return { day: clamp(day + 1, 6), hour };
    case 'ArrowUp':
      return { day: clamp(day - 1, 6), hour };
    case 'Home':
      return { day, hour: 0 };
    case 'End':
      return { day, hour: 23 };
    default:
      return undefined;
  }
}

/** Part of four weeks that a point charged, in percent. */
export function chargingPercent(chargingS: number): number {
  return (chargingS / (UTILISATION_WEEKS * 7 * 24 * HOUR_S)) * 100;
}
