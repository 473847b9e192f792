import type { NewPoint } from '../../../messages/central-api.ts';

/** What is typed into the form of a point, as typed. */
export type PointDraft = {
  cpId: string;
  zone: string;
  address: string;
  city: string;
  country: string;
  priceEuro: string;
  powerKw: string;
  latitude: string;
  longitude: string;
};

export function emptyPointDraft(): PointDraft {
  return {
    ...{ cpId: '', zone: '', address: '', city: '', country: 'ES', priceEuro: '0.25', powerKw: '50' },
    ...{ latitude: '', longitude: '' },
  };
}

/** A known point as its form starts. */
export function draftOfPoint(point: NewPoint): PointDraft {
  const { cpId, zone, address, city, country, priceE4PerKwh, maxPowerW, latitude, longitude } = point;
  return {
    ...{ cpId, zone, address, city, country },
    priceEuro: String(priceE4PerKwh / 10_000),
    powerKw: String(maxPowerW / 1_000),
    latitude: latitude === undefined ? '' : String(latitude),
    longitude: longitude === undefined ? '' : String(longitude),
  };
}

/** Draft -> the API's integers: 1/10,000 euro and watts. A place is two coordinates or none. */
export function pointFromDraft(draft: PointDraft): NewPoint {
  const hasPlace = draft.latitude.trim() !== '' && draft.longitude.trim() !== '';
  return {
    cpId: draft.cpId.trim(),
    zone: draft.zone.trim(),
    address: draft.address.trim(),
    city: draft.city.trim(),
    country: draft.country.trim(),
    priceE4PerKwh: Math.round(Number(draft.priceEuro) * 10_000),
    maxPowerW: Math.round(Number(draft.powerKw) * 1_000),
    ...(hasPlace ? { latitude: Number(draft.latitude), longitude: Number(draft.longitude) } : {}),
  };
}
