import type { NewPoint } from '../../messages/central-api.ts';

/** What is typed into the form of a new point, as typed. */
export type PointDraft = {
  cpId: string;
  zone: string;
  address: string;
  city: string;
  country: string;
  priceEuro: string;
  powerKw: string;
};

export function emptyPointDraft(): PointDraft {
  return { cpId: '', zone: '', address: '', city: '', country: 'ES', priceEuro: '0.25', powerKw: '50' };
}

/** Draft -> the API's integers: 1/10,000 euro and watts. */
export function pointFromDraft(draft: PointDraft): NewPoint {
  return {
    cpId: draft.cpId.trim(),
    zone: draft.zone.trim(),
    address: draft.address.trim(),
    city: draft.city.trim(),
    country: draft.country.trim(),
    priceE4PerKwh: Math.round(Number(draft.priceEuro) * 10_000),
    maxPowerW: Math.round(Number(draft.powerKw) * 1_000),
  };
}
