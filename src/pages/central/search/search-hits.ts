import type { SupplyView } from '../../../messages/entities.ts';
import type { PanelDriver, PanelPoint, PanelSupply } from '../../../messages/live-stream.ts';
import { plainText } from '../../shared/search-text.ts';
import { PARAM, POINTS_PATHS } from '../points/points-query.ts';

export const HIT_GROUPS = ['POINT', 'CITY', 'DRIVER', 'SUPPLY'] as const;
export type HitGroup = (typeof HIT_GROUPS)[number];

/** Something that was found, and what the list says of it. */
export type Hit =
  | { group: 'POINT'; id: string; point: PanelPoint }
  | { group: 'CITY'; id: string; pointCount: number }
  | { group: 'DRIVER'; id: string; isConnected: boolean }
  | { group: 'SUPPLY'; id: string; supply: SupplyView };

/** Of each kind; more is a question for the page of that kind. */
const MAX_HITS = 6;
const MIN_SERVER_LETTERS = 2;

export type Live = {
  points: readonly PanelPoint[];
  supplies: readonly PanelSupply[];
  drivers: readonly PanelDriver[];
};

/** 0: the id begins with the text; 1: it is in the id; 2: all its words are somewhere else; undefined: no. */
function rankOf(text: string, id: string, rest: string): number | undefined {
  const plainId = plainText(id);
  if (plainId.startsWith(text)) return 0;
  if (plainId.includes(text)) return 1;
  const all = `${plainId} ${plainText(rest)}`;
  return text.split(/\s+/).every((word) => all.includes(word)) ? 2 : undefined;
}

function best<Entity>(entities: readonly Entity[], rank: (entity: Entity) => number | undefined): Entity[] {
  const ranked = entities.flatMap((entity) => {
    const found = rank(entity);
    return found === undefined ? [] : [{ entity, found }];
  });
  return ranked
    .toSorted((a, b) => a.found - b.found)
    .slice(0, MAX_HITS)
    .map(({ entity }) => entity);
}

/** What this page knows already: points, their cities, who is connected or charges, and what is being charged. */
export function localHits(query: string, live: Live): Hit[] {
  const text = plainText(query.trim());
  if (text === '') return [];
  const points = best(live.points, ({ cpId, zone, city, address }) => rankOf(text, cpId, `${zone} ${city} ${address}`));
  const pointsOfCity = Map.groupBy(live.points, ({ city }) => city);
  const cities = best([...pointsOfCity.keys()], (city) => rankOf(text, city, ''));
  const connected = new Set(live.drivers.map(({ driverId }) => driverId));
  const known = new Set([...connected, ...live.supplies.flatMap(({ driverId }) => driverId ?? [])]);
  const drivers = best([...known], (driverId) => rankOf(text, driverId, ''));
  const supplies = best(live.supplies, ({ supplyId, cpId, driverId }) =>
    rankOf(text, supplyId, `${cpId} ${driverId ?? ''}`),
  );
  return [
    ...points.map((point): Hit => ({ group: 'POINT', id: point.cpId, point })),
    ...cities.map((city): Hit => ({ group: 'CITY', id: city, pointCount: pointsOfCity.get(city)?.length ?? 0 })),
    ...drivers.map((driverId): Hit => ({ group: 'DRIVER', id: driverId, isConnected: connected.has(driverId) })),
    ...supplies.map((supply): Hit => ({ group: 'SUPPLY', id: supply.supplyId, supply })),
  ];
}

/** What only Central knows: drivers that are away, a ticket by its number, a charge by its id. */
export function serverQuestions(query: string): { drivers?: string; supplies?: string; supply?: string } {
  const text = query.trim();
  return {
    ...(/^[A-Za-z0-9]+$/.test(text) &&
      text.length >= MIN_SERVER_LETTERS &&
      text.length <= 20 && { drivers: `/api/drivers?search=${text.toUpperCase()}&limit=${MAX_HITS}` }),
    ...(/^[1-9]\d{0,8}$/.test(text) && { supplies: `/api/supplies/history?ticketNumber=${text}&limit=1` }),
    ...(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text) && { supply: `/api/supplies/${text}` }),
  };
}

/** Local hits first, each thing once, by kind. */
export function joinedHits(local: readonly Hit[], fromServer: readonly Hit[]): Hit[] {
  const seen = new Set(local.map(({ group, id }) => `${group} ${id}`));
  const all = [...local, ...fromServer.filter(({ group, id }) => !seen.has(`${group} ${id}`))];
  return HIT_GROUPS.flatMap((group) => all.filter((hit) => hit.group === group).slice(0, MAX_HITS));
}

/** Where a hit is shown; a point opens over the points as they are filtered now. */
export function hrefOf(hit: Hit, here: { path: string; search: string }): string {
  switch (hit.group) {
    case 'POINT': {
      const isThere = POINTS_PATHS.test(here.path);
      const params = new URLSearchParams(isThere ? here.search : '');
      params.set(PARAM.openCpId, hit.id);
      return `${isThere ? here.path : '/'}?${params}`;
    }
    case 'CITY':
      return `/?${PARAM.cities}=${encodeURIComponent(hit.id)}`;
    case 'DRIVER':
      return `/conductores?q=${hit.id}`;
    case 'SUPPLY':
      return `/recargas?supply=${hit.id}`;
  }
}
