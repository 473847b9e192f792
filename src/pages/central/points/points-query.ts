import {
  OUT_OF_SERVICE_REASONS,
  type OutOfServiceReason,
  POINT_STATES,
  type PointState,
} from '../../../domain/vocabulary.ts';
import type { PanelPoint } from '../../../messages/live-stream.ts';
import { plainText } from '../../shared/search-text.ts';

/** The points, and the same points on the map: two addresses of one page. */
export const MAP_PATH = '/mapa';
export const POINTS_PATHS = /^\/(mapa)?$/;

export const LIST_VIEWS = ['wall', 'cards', 'table'] as const;
export const POINT_VIEWS = [...LIST_VIEWS, 'map'] as const;
export type ListView = (typeof LIST_VIEWS)[number];
export type PointView = (typeof POINT_VIEWS)[number];
export const POINT_SORTS = ['zone', 'attention', 'id', 'power', 'price', 'max'] as const;
export type PointSort = (typeof POINT_SORTS)[number];
export const DETAIL_TABS = ['now', 'supplies', 'events', 'weather', 'security', 'data'] as const;
export type DetailTab = (typeof DETAIL_TABS)[number];
export const KEY_STATES = ['NONE', 'PENDING', 'ACTIVE', 'REVOKED'] as const satisfies PanelPoint['keyState'][];

/** What of the network is shown and how; all of it lives in the address. */
export type PointsQuery = {
  states: readonly PointState[];
  search: string;
  zones: readonly string[];
  cities: readonly string[];
  reasons: readonly OutOfServiceReason[];
  keyState: PanelPoint['keyState'] | undefined;
  /** True: only points that are not registered. */
  isUnregistered: boolean;
  minPowerW: number | undefined;
  maxPriceE4: number | undefined;
  view: PointView;
  sort: PointSort;
  /** Zones whose points are folded away. */
  folded: readonly string[];
  /** The point whose details are open. */
  openCpId: string | undefined;
  openTab: DetailTab;
};

/** Names in the address. */
export const PARAM = {
  states: 'state',
  search: 'q',
  zones: 'zone',
  cities: 'city',
  reasons: 'reason',
  keyState: 'key',
  isUnregistered: 'unregistered',
  minPowerW: 'kw',
  maxPriceE4: 'price',
  view: 'view',
  sort: 'sort',
  folded: 'folded',
  openCpId: 'cp',
  openTab: 'detail',
} as const satisfies Record<keyof PointsQuery, string>;

const list = (text: string | null): string[] => (text ?? '').split(',').filter((one) => one !== '');

function oneOf<Value extends string>(known: readonly Value[], text: string | null): Value | undefined {
  return known.find((value) => value === text);
}

function figure(text: string | null, factor: number): number | undefined {
  const value = Number(text);
  return text && Number.isFinite(value) && value > 0 ? Math.round(value * factor) : undefined;
}

/** What the address asks for; nonsense in it is passed over. */
export function readQuery(params: URLSearchParams, path = '/'): PointsQuery {
  const states = list(params.get(PARAM.states));
  const reasons = list(params.get(PARAM.reasons));
  return {
    states: POINT_STATES.filter((state) => states.includes(state)),
    search: params.get(PARAM.search) ?? '',
    zones: list(params.get(PARAM.zones)),
    cities: params.get(PARAM.cities) ? [params.get(PARAM.cities)!] : [],
    reasons: OUT_OF_SERVICE_REASONS.filter((reason) => reasons.includes(reason)),
    keyState: oneOf(KEY_STATES, params.get(PARAM.keyState)),
    isUnregistered: params.get(PARAM.isUnregistered) === '1',
    minPowerW: figure(params.get(PARAM.minPowerW), 1_000),
    maxPriceE4: figure(params.get(PARAM.maxPriceE4), 10_000),
    view: path === MAP_PATH ? 'map' : (oneOf(LIST_VIEWS, params.get(PARAM.view)) ?? 'wall'),
    sort: oneOf(POINT_SORTS, params.get(PARAM.sort)) ?? 'zone',
    folded: list(params.get(PARAM.folded)),
    openCpId: params.get(PARAM.openCpId) ?? undefined,
    openTab: oneOf(DETAIL_TABS, params.get(PARAM.openTab)) ?? 'now',
  };
}

/** Names of the parameters that choose points, apart from states and search, which have controls of their own. */
export const FILTER_PARAMS = [
  PARAM.zones,
  PARAM.cities,
  PARAM.reasons,
  PARAM.keyState,
  PARAM.isUnregistered,
  PARAM.minPowerW,
  PARAM.maxPriceE4,
] as const;

/** How many of those filters are set: "Filters (2)". */
export function filterCount(query: PointsQuery): number {
  return [
    query.zones.length > 0,
    query.cities.length > 0,
    query.reasons.length > 0,
    query.keyState !== undefined,
    query.isUnregistered,
    query.minPowerW !== undefined,
    query.maxPriceE4 !== undefined,
  ].filter(Boolean).length;
}

// A point's object is replaced when it changes: what is made of it is kept for as long as it lives.
const searchable = new WeakMap<PanelPoint, string>();

function searchText(point: PanelPoint): string {
  let text = searchable.get(point);
  if (text === undefined) {
    text = plainText(`${point.cpId} ${point.zone} ${point.city} ${point.address}`);
    searchable.set(point, text);
  }
  return text;
}

/** True if the point is wanted; each filter narrows, and of several values of one filter any will do. */
export function isWanted(point: PanelPoint, query: PointsQuery, words: readonly string[]): boolean {
  const any = <Value>(wanted: readonly Value[], has: (value: Value) => boolean) =>
    wanted.length === 0 || wanted.some(has);
  return (
    any(query.states, (state) => state === point.state) &&
    any(query.zones, (zone) => zone === point.zone) &&
    any(query.cities, (city) => city === point.city) &&
    any(query.reasons, (reason) => point.reasons.includes(reason) || point.pendingReasons.includes(reason)) &&
    (query.keyState === undefined || query.keyState === point.keyState) &&
    !(query.isUnregistered && point.isRegistered) &&
    (query.minPowerW === undefined || point.maxPowerW >= query.minPowerW) &&
    (query.maxPriceE4 === undefined || point.priceE4PerKwh <= query.maxPriceE4) &&
    words.every((word) => searchText(point).includes(word))
  );
}

/** Points that pass the filter, in no order. */
export function wantedPoints(points: readonly PanelPoint[], query: PointsQuery): PanelPoint[] {
  const words = plainText(query.search).split(/\s+/).filter(Boolean);
  return points.filter((point) => isWanted(point, query, words));
}

/** A choice with one value more or less. */
export function toggled<Value>(chosen: readonly Value[], value: Value): Value[] {
  return chosen.includes(value) ? chosen.filter((other) => other !== value) : [...chosen, value];
}
