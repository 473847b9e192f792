import type { PointCard } from '../../messages/entities.ts';
import { matchesSearch } from '../shared/search-text.ts';

export const SORTS = ['ID', 'PRICE', 'POWER'] as const;
export type Sort = (typeof SORTS)[number];
export type PointChoice = { search: string; isOnlyAvailable: boolean; zone: string; sort: Sort };

function byId(a: PointCard, b: PointCard): number {
  return a.cpId.localeCompare(b.cpId, undefined, { numeric: true });
}

/** Points that a driver asked to see, in the order asked for. */
export function choosePoints(points: readonly PointCard[], choice: PointChoice): PointCard[] {
  return points
    .filter((point) => point.isRetired !== true)
    .filter((point) => !choice.isOnlyAvailable || point.state === 'AVAILABLE')
    .filter((point) => choice.zone === '' || point.zone === choice.zone)
    .filter(
      (point) =>
        choice.search === '' || matchesSearch(choice.search, [point.cpId, point.zone, point.city, point.address]),
    )
    .sort((a, b) => {
      if (choice.sort === 'PRICE') return a.priceE4PerKwh - b.priceE4PerKwh || byId(a, b);
      if (choice.sort === 'POWER') return b.maxPowerW - a.maxPowerW || byId(a, b);
      return byId(a, b);
    });
}

export function zonesOf(points: readonly PointCard[]): string[] {
  return [...new Set(points.map((point) => point.zone))].sort();
}
