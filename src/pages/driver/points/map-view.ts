import type { PointCard } from '../../../messages/entities.ts';

/** Part of the world that the map shows, in Mercator units (degrees at the equator; north is greater). */
export type MapView = { left: number; bottom: number; width: number; height: number };
/** One place on the map with its points; x and y are shares of the picture, y from the top. */
export type MapPin = { key: string; x: number; y: number; points: PointCard[] };
export type MapLabel = { text: string; x: number; y: number };

/** Width divided by height of the picture. */
export const MAP_ASPECT = 1;
/** Nearer than this share of the width, points become one pin. */
const PIN_SPACE = 0.13;
/** About 1.5 km: nearer is of no use without streets. */
const SMALLEST_WIDTH = 0.015;
const PADDING = 0.18;
const GRID_STEPS: readonly number[] = [30, 10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002];
const RADIANS = Math.PI / 180;
const MAX_LATITUDE = 85;

type Placed = PointCard & { latitude: number; longitude: number };

export function isPlaced(point: PointCard): point is Placed {
  return point.latitude !== undefined && point.longitude !== undefined;
}

/** Mercator's y of a latitude, in degrees. */
export function mercatorY(latitude: number): number {
  const bounded = Math.max(-MAX_LATITUDE, Math.min(MAX_LATITUDE, latitude));
  return Math.log(Math.tan(Math.PI / 4 + (bounded * RADIANS) / 2)) / RADIANS;
}

/** The latitude of a Mercator y. */
export function latitudeOf(y: number): number {
  return (2 * Math.atan(Math.exp(y * RADIANS)) - Math.PI / 2) / RADIANS;
}

/** The smallest view with all these points in it, with room around them. */
export function fitView(points: readonly PointCard[]): MapView {
  const placed = points.filter(isPlaced);
  if (placed.length === 0) return { left: -10, bottom: 35, width: 15, height: 15 / MAP_ASPECT };
  const xs = placed.map((point) => point.longitude);
  const ys = placed.map((point) => mercatorY(point.latitude));
  const [left, right] = [Math.min(...xs), Math.max(...xs)];
  const [bottom, top] = [Math.min(...ys), Math.max(...ys)];
  const width = Math.max(SMALLEST_WIDTH, right - left, (top - bottom) * MAP_ASPECT) * (1 + 2 * PADDING);
  const height = width / MAP_ASPECT;
  return { left: (left + right - width) / 2, bottom: (bottom + top - height) / 2, width, height };
}

/** The view around the same middle, `factor` times as wide. */
export function zoomed(view: MapView, factor: number): MapView {
  const width = Math.max(SMALLEST_WIDTH, Math.min(360, view.width * factor));
  const height = width / MAP_ASPECT;
  const middle = { x: view.left + view.width / 2, y: view.bottom + view.height / 2 };
  return { left: middle.x - width / 2, bottom: middle.y - height / 2, width, height };
}

/** The view moved by shares of its own size. */
export function moved(view: MapView, by: { x: number; y: number }): MapView {
  return { ...view, left: view.left + by.x * view.width, bottom: view.bottom + by.y * view.height };
}

function placeOf(view: MapView, point: Placed): { x: number; y: number } {
  return {
    x: (point.longitude - view.left) / view.width,
    y: 1 - (mercatorY(point.latitude) - view.bottom) / view.height,
  };
}

const isInside = ({ x, y }: { x: number; y: number }) => x >= 0 && x <= 1 && y >= 0 && y <= 1;

/** Pins in the order of the list; points that would cover each other share one. */
export function pinsOf(points: readonly PointCard[], view: MapView): MapPin[] {
  const pins: MapPin[] = [];
  for (const point of points.filter(isPlaced)) {
    const place = placeOf(view, point);
    if (!isInside(place)) continue;
    const near = pins.find((pin) => Math.hypot(pin.x - place.x, (pin.y - place.y) / MAP_ASPECT) < PIN_SPACE);
    if (near) near.points.push(point);
    else pins.push({ key: point.cpId, ...place, points: [point] });
  }
  return pins;
}

/** Names of cities where their points are, as many as fit. */
export function labelsOf(points: readonly PointCard[], view: MapView): MapLabel[] {
  const labels: MapLabel[] = [];
  for (const [city, members] of Map.groupBy(points.filter(isPlaced), (point) => point.city)) {
    const places = members.map((point) => placeOf(view, point)).filter(isInside);
    if (places.length === 0) continue;
    const x = places.reduce((sum, place) => sum + place.x, 0) / places.length;
    const y = Math.max(...places.map((place) => place.y));
    const isFree = labels.every((other) => Math.abs(other.x - x) > 0.25 || Math.abs(other.y - y) > 0.06);
    if (isFree) labels.push({ text: city, x, y });
  }
  return labels;
}

function multiplesWithin(from: number, to: number, step: number): number[] {
  const first = Math.ceil(from / step);
  const count = Math.max(0, Math.floor(to / step) - first + 1);
  return Array.from({ length: count }, (_, index) => Number(((first + index) * step).toFixed(4)));
}

/** Meridians and parallels of the view: degrees and their place as a share of the picture. */
export function gridOf(view: MapView): { meridians: [degrees: number, x: number][]; parallels: [number, number][] } {
  const step = GRID_STEPS.find((one) => view.width / one >= 3) ?? 0.002;
  const top = latitudeOf(view.bottom + view.height);
  return {
    meridians: multiplesWithin(view.left, view.left + view.width, step).map((degrees) => [
      degrees,
      (degrees - view.left) / view.width,
    ]),
    parallels: multiplesWithin(latitudeOf(view.bottom), top, step).map((degrees) => [
      degrees,
      1 - (mercatorY(degrees) - view.bottom) / view.height,
    ]),
  };
}
