import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../../io/clock.ts';
import type { LiveFeed } from '../../io/live/live-feed.ts';
import { readIfThere, writeWhole } from '../../io/private-files.ts';
import { parser } from '../../messages/validators.ts';
import { type SimMode, type SimulatedPlace, SimulatedPlaceSchema } from '../../messages/weather-view.ts';

const MOST_PLACES = 10_000;
const placeOf = parser(SimulatedPlaceSchema);

/** The cities that somebody asked for or set; what was set survives a restart. */
export class SimulatedPlaces {
  readonly #clock: Clock;
  readonly #feed: LiveFeed;
  readonly #file: string;
  readonly #places = new Map<string, SimulatedPlace>();
  #mode: SimMode = 'OK';

  constructor(options: { clock: Clock; feed: LiveFeed; folder: string }) {
    this.#clock = options.clock;
    this.#feed = options.feed;
    mkdirSync(options.folder, { recursive: true });
    this.#file = join(options.folder, 'places.json');
    for (const place of this.#kept()) this.#put(place);
    this.#feed.set('mode', 'mode', { mode: this.#mode });
  }

  get mode(): SimMode {
    return this.#mode;
  }

  set mode(mode: SimMode) {
    this.#mode = mode;
    this.#feed.set('mode', 'mode', { mode });
  }

  all(): SimulatedPlace[] {
    return [...this.#places.values()];
  }

  /** What the city has now; a new one gets a mild temperature made from its name, the same at every run. */
  ask(city: string, country: string): SimulatedPlace {
    const known = this.#find(city, country) ?? { city, country, temperatureCc: mildCc(city), isSet: false };
    const asked = { ...known, askedAtMs: this.#clock.nowMs() };
    this.#put(asked);
    return asked;
  }

  setTemperature(city: string, country: string, temperatureCc: number): SimulatedPlace {
    const place = { ...(this.#find(city, country) ?? { city, country }), temperatureCc, isSet: true };
    this.#put(place);
    this.#keep();
    return place;
  }

  /** Forgets what was set: the made-up temperature counts again. */
  reset(city: string, country: string): SimulatedPlace {
    const place = { ...(this.#find(city, country) ?? { city, country }), temperatureCc: mildCc(city), isSet: false };
    this.#put(place);
    this.#keep();
    return place;
  }

  #find(city: string, country: string): SimulatedPlace | undefined {
    return this.#places.get(keyOf(city, country));
  }

  #put(place: SimulatedPlace): void {
    const key = keyOf(place.city, place.country);
    if (!this.#places.has(key) && this.#places.size >= MOST_PLACES) return;
    this.#places.set(key, place);
    this.#feed.set('places', key, place);
  }

  #kept(): SimulatedPlace[] {
    try {
      const kept: unknown = JSON.parse(readIfThere(this.#file) ?? '[]');
      return (Array.isArray(kept) ? kept : []).flatMap((one) => placeOf(one) ?? []);
    } catch {
      // A file that somebody spoiled: the made-up temperatures do.
      return [];
    }
  }

  #keep(): void {
    writeWhole(this.#file, JSON.stringify(this.all().filter((place) => place.isSet)));
  }
}

function keyOf(city: string, country: string): string {
  return `${city.toLocaleLowerCase('es')},${country}`;
}

/** Between 12 and 24 °C. */
function mildCc(city: string): number {
  const sum = [...city.toLocaleLowerCase('es')].reduce((total, letter) => total + (letter.codePointAt(0) ?? 0), 0);
  return 1_200 + ((sum * 37) % 1_200);
}
