import type { Log } from '../../io/log.ts';
import { readFileIfThere } from '../../io/secret-file.ts';
import type { CpLocation, PlaceName } from '../../messages/weather-api.ts';

/** A point and the city in which it stands, as a line of the file says. */
export type PointCity = { cpId: string; place: PlaceName };

const CP_ID = /^[A-Z][A-Z0-9]{1,19}$/;

/** `City,COUNTRY`, as people type it; undefined: it is none. */
export function placeFrom(text: string): PlaceName | undefined {
  const [, city, country] = /^([^,]{1,50}),\s*([A-Za-z]{2})$/.exec(text.trim()) ?? [];
  if (city === undefined || country === undefined || city.trim() === '') return undefined;
  return { city: city.trim(), country: country.toUpperCase() };
}

/** Reads `CP001 City,COUNTRY` lines; empty ones and those that begin with # say nothing. Of two lines for one point the last counts. */
export function readCities(text: string): { cities: PointCity[]; badLines: number[] } {
  const places = new Map<string, PlaceName>();
  const badLines: number[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (/^\s*(#|$)/.test(line)) continue;
    const [, cpId = '', rest = ''] = /^\s*(\S+)\s+(.+)$/.exec(line) ?? [];
    const place = placeFrom(rest);
    if (place && CP_ID.test(cpId)) places.set(cpId, place);
    else badLines.push(index + 1);
  }
  return { cities: [...places].map(([cpId, place]) => ({ cpId, place })), badLines };
}

/**
 * The file of cities of EV_W (R2-50), read again each round: a line counts when it is new or has changed, so what is
 * changed at the page or the console afterwards stays. A point that Central does not have yet gets its city when it comes.
 */
export class CityFile {
  readonly #path: string;
  readonly #log: Log;
  readonly #applied = new Map<string, string>();
  #text: string | undefined;
  #cities: PointCity[] = [];

  constructor(path: string, log: Log) {
    this.#path = path;
    this.#log = log;
  }

  /** What is to be moved now, of the points that Central has. */
  due(locations: readonly CpLocation[]): PointCity[] {
    this.#read();
    const ownCity = new Map(locations.flatMap((one) => one.cpIds.map((cpId) => [cpId, one] as const)));
    return this.#cities.filter(({ cpId, place }) => {
      const own = ownCity.get(cpId);
      if (!own || this.#applied.get(cpId) === keyOf(place)) return false;
      if (keyOf(own) !== keyOf(place)) return true;
      this.#applied.set(cpId, keyOf(place));
      return false;
    });
  }

  noteApplied({ cpId, place }: PointCity): void {
    this.#applied.set(cpId, keyOf(place));
  }

  #read(): void {
    const text = readFileIfThere(this.#path) ?? '';
    if (text === this.#text) return;
    this.#text = text;
    const { cities, badLines } = readCities(text);
    this.#cities = cities;
    const file = this.#path;
    if (badLines.length > 0) this.#log.warn({ file, badLines }, 'lines of the file of cities are not "CP001 City,ES"');
    this.#log.info({ file, points: cities.length }, 'the file of cities was read');
  }
}

function keyOf({ city, country }: PlaceName): string {
  return `${city},${country}`;
}
