import type { NewPoint } from '../messages/central-api.ts';
import type { PointPlan } from './network-plan.ts';

type Place = Pick<NewPoint, 'city' | 'country' | 'address' | 'latitude' | 'longitude'>;

const PLACES: Readonly<Record<string, readonly Place[]>> = {
  ALC: [
    { city: 'Alicante', country: 'ES', address: 'Avenida de la Estación 8', latitude: 38.3452, longitude: -0.4953 },
    {
      city: 'San Vicente del Raspeig',
      country: 'ES',
      address: 'Carretera de San Vicente s/n',
      latitude: 38.3852,
      longitude: -0.5141,
    },
    { city: 'Elche', country: 'ES', address: 'Paseo de la Estación 2', latitude: 38.2699, longitude: -0.6983 },
    { city: 'Benidorm', country: 'ES', address: 'Avenida de Europa 5', latitude: 38.5382, longitude: -0.1309 },
  ],
  MAD: [
    { city: 'Madrid', country: 'ES', address: 'Calle de Alcalá 45', latitude: 40.4189, longitude: -3.6962 },
    { city: 'Getafe', country: 'ES', address: 'Calle Madrid 126', latitude: 40.3083, longitude: -3.7327 },
    {
      city: 'Alcalá de Henares',
      country: 'ES',
      address: 'Plaza de Cervantes 3',
      latitude: 40.4818,
      longitude: -3.3636,
    },
  ],
};
const PRICES_E4 = [4_500, 5_200, 3_900, 6_150] as const;
const POWERS_W = [22_000, 50_000, 11_000, 150_000] as const;

/** Where the sample point stands, what it costs (1/10,000 euro a kWh) and gives (W); the same at every run. */
export function samplePoint(point: PointPlan): NewPoint {
  const places = PLACES[point.zone] ?? PLACES.ALC ?? [];
  const number = Number(point.cpId.slice(2)) - 1;
  const place = places[Math.floor(number / 2) % places.length];
  if (place === undefined) throw new Error(`no sample place in zone ${point.zone}`);
  return {
    cpId: point.cpId,
    zone: point.zone,
    ...place,
    priceE4PerKwh: PRICES_E4[number % PRICES_E4.length] ?? PRICES_E4[0],
    maxPowerW: POWERS_W[number % POWERS_W.length] ?? POWERS_W[0],
  };
}
