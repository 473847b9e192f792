import { csvText, csvTime } from '../../messages/csv-text.ts';
import { REGISTRATION_STATES, type RegistrationState, type RegistryPoint } from '../../messages/registry-api.ts';
import { matchesSearch } from '../shared/search-text.ts';

/** Rows on one page of the table. */
export const PAGE_ROWS = 50;

export const SORT_KEYS = ['cpId', 'created', 'authenticated', 'status'] as const;
export type SortKey = (typeof SORT_KEYS)[number];

export type RowChoice = {
  search: string;
  /** Undefined: all but those that were retired. */
  status: RegistrationState | undefined;
  sort: SortKey;
  isDescending: boolean;
};

/** What stands in the address, made sense of. */
export function choiceFrom(params: URLSearchParams): RowChoice & { page: number } {
  const status = REGISTRATION_STATES.find((known) => known === params.get('status'));
  const [sort = '', direction] = (params.get('sort') ?? '').split('.');
  return {
    search: params.get('q') ?? '',
    status,
    sort: SORT_KEYS.find((known) => known === sort) ?? 'cpId',
    isDescending: direction === 'desc',
    page: Math.max(1, Math.floor(Number(params.get('page'))) || 1),
  };
}

const collator = new Intl.Collator('es', { numeric: true });

const COMPARE: Record<SortKey, (a: RegistryPoint, b: RegistryPoint) => number> = {
  cpId: () => 0,
  created: (a, b) => a.registeredAtMs - b.registeredAtMs,
  authenticated: (a, b) => (a.authenticatedAtMs ?? 0) - (b.authenticatedAtMs ?? 0),
  status: (a, b) => REGISTRATION_STATES.indexOf(a.status) - REGISTRATION_STATES.indexOf(b.status),
};

/** The points asked for, in order; equal ones by id. */
export function pointRows(points: readonly RegistryPoint[], choice: RowChoice): RegistryPoint[] {
  const isWanted = (point: RegistryPoint) =>
    (choice.status === undefined ? point.status !== 'RETIRED' : point.status === choice.status) &&
    matchesSearch(choice.search, [point.cpId, point.zone, point.address, point.city]);
  const sign = choice.isDescending ? -1 : 1;
  return points
    .filter(isWanted)
    .sort((a, b) => sign * (COMPARE[choice.sort](a, b) || collator.compare(a.cpId, b.cpId)));
}

/** The points as a file for a spreadsheet (ux 3.4); the price is in ten-thousandths of a euro, as everywhere inside. */
export function pointsCsv(points: readonly RegistryPoint[]): string {
  return csvText([
    [
      ...['point', 'zone', 'address', 'city', 'country', 'latitude', 'longitude', 'price_e4_per_kwh', 'max_power_w'],
      ...['status', 'registered_at', 'credential_issued_at', 'authenticated_at'],
    ],
    ...points.map((point) => [
      ...[point.cpId, point.zone, point.address, point.city, point.country, point.latitude, point.longitude],
      ...[point.priceE4PerKwh, point.maxPowerW, point.status],
      ...[point.registeredAtMs, point.credentialIssuedAtMs, point.authenticatedAtMs].map(csvTime),
    ]),
  ]);
}

/** How many points are in each state. */
export function countByStatus(points: readonly RegistryPoint[]): Record<RegistrationState, number> {
  const counts = { PENDING: 0, REGISTERED: 0, BLOCKED: 0, RETIRED: 0 };
  for (const point of points) counts[point.status] += 1;
  return counts;
}
