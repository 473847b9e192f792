import { END_REASONS, type EndReason } from '../../../domain/vocabulary.ts';
import { SUPPLY_GROUPS, type SupplyGroup } from '../../../messages/central-history-api.ts';

/** What the history is filtered by, as the address has it; dates are the viewer's days. */
export type HistoryFilter = {
  group: SupplyGroup | 'ALL';
  cpId: string;
  driverId: string;
  endReason: EndReason | '';
  from: string;
  to: string;
};

export const GROUPS: readonly HistoryFilter['group'][] = ['ALL', ...SUPPLY_GROUPS];
const ID = /^[A-Z][A-Z0-9]{1,19}$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** The filter of an address; nonsense counts as not said. */
export function readHistoryFilter(params: URLSearchParams): HistoryFilter {
  const group = params.get('group');
  const endReason = params.get('reason');
  const day = (name: string) => {
    const value = params.get(name) ?? '';
    return DAY.test(value) && !Number.isNaN(Date.parse(value)) ? value : '';
  };
  return {
    group: SUPPLY_GROUPS.find((known) => known === group) ?? 'ALL',
    cpId: (params.get('cp') ?? '').toUpperCase(),
    driverId: (params.get('driver') ?? '').toUpperCase(),
    endReason: END_REASONS.find((known) => known === endReason) ?? '',
    from: day('from'),
    to: day('to'),
  };
}

export function isFiltered(filter: HistoryFilter): boolean {
  const { group, cpId, driverId, endReason, from, to } = filter;
  return group !== 'ALL' || [cpId, driverId, endReason, from, to].some((value) => value !== '');
}

/** Midnight of the viewer at the beginning of a day; `daysLater` moves on by calendar days. */
function midnightMs(day: string, daysLater = 0): number {
  const [year, month, date] = day.split('-').map(Number) as [number, number, number];
  return new Date(year, month - 1, date + daysLater).getTime();
}

/** The API's question for a filter. An id that is still being typed (one letter) asks for nothing yet. */
export function historyQuery(filter: HistoryFilter): string {
  const params = new URLSearchParams();
  if (filter.group !== 'ALL') params.set('state', filter.group);
  if (ID.test(filter.cpId)) params.set('cpId', filter.cpId);
  if (ID.test(filter.driverId)) params.set('driverId', filter.driverId);
  if (filter.endReason !== '') params.set('endReason', filter.endReason);
  if (filter.from !== '') params.set('fromMs', String(midnightMs(filter.from)));
  // "To" a day includes that day.
  if (filter.to !== '') params.set('toMs', String(midnightMs(filter.to, 1)));
  return params.toString();
}
