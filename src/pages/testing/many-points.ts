import type { LiveReading, LiveSnapshot, PanelPoint, PanelSupply } from '../../messages/live-stream.ts';
import { panelPoint, panelSupply } from './scenes.ts';

const CITIES = [
  { city: 'Alicante', latitude: 38.3452, longitude: -0.4953 },
  { city: 'Madrid', latitude: 40.4189, longitude: -3.6962 },
  { city: 'Sevilla', latitude: 37.3891, longitude: -5.9845 },
  { city: 'Bilbao', latitude: 43.263, longitude: -2.935 },
  { city: 'Barcelona', latitude: 41.3874, longitude: 2.1686 },
] as const;
const POINTS_PER_ZONE = 100;
const POWER_W = 47_000;

export type ManyPoints = { snapshot: LiveSnapshot; readings: LiveReading[]; cpIds: string[] };

/** A large network in which every tenth point or so charges; the same at every call. */
export function manyPoints(count: number, charging: number): ManyPoints {
  const points: Record<string, PanelPoint> = {};
  const supplies: Record<string, PanelSupply> = {};
  const readings: LiveReading[] = [];
  const every = Math.floor(count / charging);
  for (let number = 1; number <= count; number += 1) {
    const cpId = `CP${String(number).padStart(5, '0')}`;
    const place = CITIES[number % CITIES.length]!;
    const isCharging = number % every === 0 && readings.length < charging;
    points[cpId] = panelPoint(cpId, {
      ...{ zone: `Z${String(Math.ceil(number / POINTS_PER_ZONE)).padStart(2, '0')}`, city: place.city },
      address: `Calle ${number}`,
      latitude: place.latitude + Math.sin(number) * 0.4,
      longitude: place.longitude + Math.cos(number * 7) * 0.4,
      ...(isCharging ? { state: 'CHARGING' as const, phase: 'CHARGING' as const } : {}),
    });
    if (!isCharging) continue;
    const supply = panelSupply(readings.length + 1, { cpId, driverId: `USR${number}` });
    supplies[supply.supplyId] = supply;
    readings.push([supply.readingIndex, POWER_W, 312, 8]);
  }
  return {
    snapshot: { points, supplies, refusals: {}, messages: {}, modules: {}, drivers: {} },
    readings,
    cpIds: Object.keys(points),
  };
}
