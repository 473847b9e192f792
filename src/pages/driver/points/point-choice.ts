import type { PointCard } from '../../../messages/entities.ts';
import { matchesSearch } from '../../shared/search-text.ts';

export const SORTS = ['ID', 'PRICE', 'POWER'] as const;
export type Sort = (typeof SORTS)[number];
/** What a driver asked to see. Zero means "any". */
export type PointChoice = {
  search: string;
  isOnlyAvailable: boolean;
  isOnlyFavourite: boolean;
  zone: string;
  maxPriceE4PerKwh: number;
  minPowerW: number;
  sort: Sort;
  view: 'LIST' | 'MAP';
};

/** Steps offered: 1/10,000 euro a kWh, and W. */
export const PRICE_STEPS: readonly number[] = [2_000, 2_500, 3_000, 4_000, 5_000];
export const POWER_STEPS: readonly number[] = [11_000, 22_000, 50_000, 100_000, 150_000];

/** How the list begins: what is free (ux 3.2). */
export const FIRST_CHOICE: PointChoice = {
  ...{ search: '', isOnlyAvailable: true, isOnlyFavourite: false, zone: '' },
  ...{ maxPriceE4PerKwh: 0, minPowerW: 0, sort: 'ID', view: 'LIST' },
};

/** Nothing filtered; view and order stay. */
export function showAll(choice: PointChoice): PointChoice {
  return { ...FIRST_CHOICE, isOnlyAvailable: false, sort: choice.sort, view: choice.view };
}

/** The choice in the address, so that a reload shows the same list. */
export function choiceFromParams(params: URLSearchParams): PointChoice {
  const number = (name: string) => {
    const value = Number(params.get(name));
    return Number.isSafeInteger(value) && value > 0 ? value : 0;
  };
  return {
    search: params.get('q') ?? '',
    isOnlyAvailable: params.get('all') === null,
    isOnlyFavourite: params.get('fav') !== null,
    zone: params.get('zone') ?? '',
    maxPriceE4PerKwh: number('price'),
    minPowerW: number('power'),
    sort: SORTS.find((sort) => sort === params.get('sort')) ?? 'ID',
    view: params.get('view') === 'map' ? 'MAP' : 'LIST',
  };
}

export function paramsOfChoice(choice: PointChoice): Record<string, string> {
  return {
    ...(choice.search === '' ? {} : { q: choice.search }),
    ...(choice.isOnlyAvailable ? {} : { all: '1' }),
    ...(choice.isOnlyFavourite ? { fav: '1' } : {}),
    ...(choice.zone === '' ? {} : { zone: choice.zone }),
    ...(choice.maxPriceE4PerKwh > 0 ? { price: String(choice.maxPriceE4PerKwh) } : {}),
    ...(choice.minPowerW > 0 ? { power: String(choice.minPowerW) } : {}),
    ...(choice.sort === 'ID' ? {} : { sort: choice.sort }),
    ...(choice.view === 'MAP' ? { view: 'map' } : {}),
  };
}

function byId(a: PointCard, b: PointCard): number {
  return a.cpId.localeCompare(b.cpId, undefined, { numeric: true });
}

/** Whose they are: what is never filtered away, and what the star marks. */
export type Own = { cpId: string | undefined; favourites: ReadonlySet<string> };

function isWanted(point: PointCard, choice: PointChoice, own: Own): boolean {
  if (point.isRetired === true) return false;
  // The point where one charges is always in sight.
  if (choice.isOnlyAvailable && point.state !== 'AVAILABLE' && point.cpId !== own.cpId) return false;
  if (choice.isOnlyFavourite && !own.favourites.has(point.cpId)) return false;
  if (choice.zone !== '' && point.zone !== choice.zone) return false;
  if (choice.maxPriceE4PerKwh > 0 && point.priceE4PerKwh > choice.maxPriceE4PerKwh) return false;
  if (point.maxPowerW < choice.minPowerW) return false;
  return choice.search === '' || matchesSearch(choice.search, [point.cpId, point.zone, point.city, point.address]);
}

/** Points that a driver asked to see, in the order asked for. */
export function choosePoints(points: readonly PointCard[], choice: PointChoice, own: Own): PointCard[] {
  return points
    .filter((point) => isWanted(point, choice, own))
    .sort((a, b) => {
      if (choice.sort === 'PRICE') return a.priceE4PerKwh - b.priceE4PerKwh || byId(a, b);
      if (choice.sort === 'POWER') return b.maxPowerW - a.maxPowerW || byId(a, b);
      return byId(a, b);
    });
}

export function zonesOf(points: readonly PointCard[]): string[] {
  return [...new Set(points.map((point) => point.zone))].sort();
}
