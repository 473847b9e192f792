import type { PointCard } from '../../../messages/entities.ts';

/** What a map needs to know of a point. */
export type MapPoint = Pick<PointCard, 'cpId' | 'city' | 'state' | 'maxPowerW' | 'latitude' | 'longitude'>;
/** A place on the flat map, in degrees of longitude at the equator; y grows to the south. */
export type Place = { x: number; y: number };
/** What of the map the box shows: its middle, and how many pixels a degree has. */
export type MapView = { middle: Place; pxPerDegree: number };
export type Box = { widthPx: number; heightPx: number };

const DEGREE = Math.PI / 180;
/** The Canary Islands are shown beside the peninsula, in a frame of their own. */
const CANARIES = { maxLatitude: 30.5, maxLongitude: -12.5, minLongitude: -19, east: 6, north: 6.9 };
const MIN_PX_PER_DEGREE = 12;
const MAX_PX_PER_DEGREE = 20_000;

function mercator(longitude: number, latitude: number): Place {
  return { x: longitude, y: -Math.log(Math.tan(Math.PI / 4 + (latitude * DEGREE) / 2)) / DEGREE };
}

/** Mercator's projection, with the Canaries moved into their frame. */
export function project(longitude: number, latitude: number): Place {
  const isCanary =
    latitude < CANARIES.maxLatitude && longitude < CANARIES.maxLongitude && longitude > CANARIES.minLongitude;
  return isCanary ? mercator(longitude + CANARIES.east, latitude + CANARIES.north) : mercator(longitude, latitude);
}

/** Corners of the Canaries' frame on the flat map. */
export const CANARY_FRAME: readonly [Place, Place] = [mercator(-12.6, 36.4), mercator(-7, 34.3)];

export type PlacedPoint = { point: MapPoint; place: Place };

/** Points that say where they are, and how many do not. */
export function placedPoints<T extends MapPoint>(points: readonly T[]): { placed: PlacedPoint[]; unplaced: T[] } {
  const placed: PlacedPoint[] = [];
  const unplaced: T[] = [];
  for (const point of points) {
    const { latitude, longitude } = point;
    if (latitude === undefined || longitude === undefined) unplaced.push(point);
    else placed.push({ point, place: project(longitude, latitude) });
  }
  return { placed, unplaced };
}

const clampScale = (pxPerDegree: number) => Math.min(MAX_PX_PER_DEGREE, Math.max(MIN_PX_PER_DEGREE, pxPerDegree));

/** The view in which all these places are seen, not closer than a town. */
export function fitView(places: readonly Place[], box: Box): MapView {
  const all = places.length > 0 ? places : [mercator(-9.5, 43.8), mercator(4.4, 35.9)];
  const xs = all.map(({ x }) => x);
  const ys = all.map(({ y }) => y);
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const pxPerDegree = Math.min(
    (box.widthPx * 0.8) / Math.max(0.3, right - left),
    (box.heightPx * 0.8) / Math.max(0.3, bottom - top),
  );
  return { middle: { x: (left + right) / 2, y: (top + bottom) / 2 }, pxPerDegree: clampScale(pxPerDegree) };
}

/** Where a place is in the box, in pixels. */
export function onScreen(place: Place, view: MapView, box: Box): Place {
  return {
    x: box.widthPx / 2 + (place.x - view.middle.x) * view.pxPerDegree,
    y: box.heightPx / 2 + (place.y - view.middle.y) * view.pxPerDegree,
  };
}

/** Closer or further, with the place under `at` (pixels of the box) staying where it is. */
export function zoomed(view: MapView, factor: number, zoom: { at: Place; box: Box }): MapView {
  const { at, box } = zoom;
  const pxPerDegree = clampScale(view.pxPerDegree * factor);
  const under = (before: number, edge: number, middle: number) => middle + (before - edge / 2) / view.pxPerDegree;
  const x = under(at.x, box.widthPx, view.middle.x);
  const y = under(at.y, box.heightPx, view.middle.y);
  return {
    pxPerDegree,
    middle: { x: x - (at.x - box.widthPx / 2) / pxPerDegree, y: y - (at.y - box.heightPx / 2) / pxPerDegree },
  };
}

/** Moved by pixels: what was there is now here. */
export function moved(view: MapView, by: Place): MapView {
  return {
    ...view,
    middle: { x: view.middle.x - by.x / view.pxPerDegree, y: view.middle.y - by.y / view.pxPerDegree },
  };
}

/** What one pin stands for: a point, or several too close to be told apart; `at` in pixels of the box. */
export type Pin = { key: string; at: Place; points: readonly MapPoint[] };

const CELL_PX = 56;
/** Pins nearer than this would cover each other: a finger could not choose. */
const PIN_PX = 46;

function middleOf(members: readonly PlacedPoint[]): Place {
  const sum = members.reduce((all, { place }) => ({ x: all.x + place.x, y: all.y + place.y }), { x: 0, y: 0 });
  return { x: sum.x / members.length, y: sum.y / members.length };
}

const distance = (a: Place, b: Place) => Math.hypot(a.x - b.x, a.y - b.y);

/** The points by cells of a grid that is fixed to the map, so pins do not jump while it moves; cells too close to each other are one. */
function groupsOf(placed: readonly PlacedPoint[], view: MapView): PlacedPoint[][] {
  const cells = Map.groupBy(
    placed,
    ({ place }) =>
      `${Math.floor((place.x * view.pxPerDegree) / CELL_PX)} ${Math.floor((place.y * view.pxPerDegree) / CELL_PX)}`,
  );
  const groups: { middle: Place; members: PlacedPoint[] }[] = [];
  for (const members of cells.values()) {
    const middle = middleOf(members);
    const near = groups.find((group) => distance(group.middle, middle) * view.pxPerDegree < PIN_PX);
    if (near) {
      near.members.push(...members);
      near.middle = middleOf(near.members);
    } else groups.push({ middle, members: [...members] });
  }
  return groups.map(({ members }) => members);
}

/** The pins of the view, in the order of the points. */
export function pinsOf(placed: readonly PlacedPoint[], view: MapView, box: Box): Pin[] {
  const isNear = ({ place }: PlacedPoint) => {
    const { x, y } = onScreen(place, view, box);
    return x > -CELL_PX && y > -CELL_PX && x < box.widthPx + CELL_PX && y < box.heightPx + CELL_PX;
  };
  return groupsOf(placed.filter(isNear), view).map((members) => ({
    key: members[0]!.point.cpId,
    at: onScreen(middleOf(members), view, box),
    points: members.map(({ point }) => point),
  }));
}

/** True if these points stay one pin however close one comes: those of one address. */
export function areInseparable(points: readonly MapPoint[]): boolean {
  const [first, ...others] = placedPoints(points).placed;
  return others.every(({ place }) => distance(place, first!.place) * MAX_PX_PER_DEGREE < PIN_PX);
}

/** Names of the cities with most points in the view, each at the middle of its points. */
export function cityLabels(placed: readonly PlacedPoint[], view: MapView, box: Box): { city: string; at: Place }[] {
  const labels: { city: string; at: Place }[] = [];
  const cities = Map.groupBy(placed, ({ point }) => point.city);
  for (const [city, members] of [...cities].sort(([, a], [, b]) => b.length - a.length)) {
    const at = onScreen(middleOf(members), view, box);
    const isInside = at.x > 0 && at.y > 0 && at.x < box.widthPx && at.y < box.heightPx;
    const isFree = labels.every((other) => Math.abs(other.at.x - at.x) > 110 || Math.abs(other.at.y - at.y) > 40);
    if (isInside && isFree) labels.push({ city, at });
    if (labels.length >= 14) break;
  }
  return labels;
}
