import { isOfOneCity, pauseAfterFailure, pollEveryMs, type WeatherFailure } from '../../domain/weather-poll.ts';
import type { Clock } from '../../io/clock.ts';
import type { ApiKey } from '../../io/open-weather-key.ts';
import type { PlaceName } from '../../messages/weather-api.ts';
import type { OpenWeather, WeatherReading } from './open-weather.ts';

/** What is known of one city that is asked for. */
export type CityState = {
  reading?: WeatherReading & { atMs: number };
  failure?: WeatherFailure;
  failuresInARow: number;
  nextAtMs: number;
};

/** How OpenWeather itself fares. */
export type SourceState = {
  failure?: WeatherFailure;
  failuresInARow: number;
  pausedUntilMs: number;
  lastAnswerAtMs?: number;
  isSimulated: boolean;
};

type Options = {
  clock: Clock;
  openWeather: OpenWeather;
  findKey(): ApiKey;
  callsPerMinute: number;
  everyMs: number;
  /** Something failed that had not, or works again; for log and audit. */
  onSource(failure: WeatherFailure | undefined): void;
  onCity(place: PlaceName, failure: WeatherFailure | undefined): void;
};

const AT_ONCE = 4;

/** Names a city in a map. */
export function cityKey({ city, country }: PlaceName): string {
  return `${city},${country}`;
}

/** Asks OpenWeather for each city when it is due, and waits as each failure demands (F-42, F-44). Nothing is kept: no answer, no figure. */
export class CityWatch {
  readonly source: SourceState = { failuresInARow: 0, pausedUntilMs: 0, isSimulated: false };
  readonly #options: Options;
  readonly #cities = new Map<string, { place: PlaceName; state: CityState }>();
  #key: ApiKey = { value: '', place: 'NONE' };

  constructor(options: Options) {
    this.#options = options;
  }

  get key(): ApiKey {
    return this.#key;
  }

  get pollEveryMs(): number {
    const { callsPerMinute, everyMs } = this.#options;
    return pollEveryMs({ cities: this.#cities.size, callsPerMinute, everyMs });
  }

  state(place: PlaceName): CityState | undefined {
    return this.#cities.get(cityKey(place))?.state;
  }

  /** The cities to ask for from now on; two locations that watch one city ask once. */
  setPlaces(places: readonly PlaceName[]): void {
    const wanted = new Map(places.map((place) => [cityKey(place), place]));
    for (const key of this.#cities.keys()) if (!wanted.has(key)) this.#cities.delete(key);
    for (const [key, place] of wanted)
      if (!this.#cities.has(key)) this.#cities.set(key, { place, state: { failuresInARow: 0, nextAtMs: 0 } });
  }

  /** Asks for every city that is due; ends early when OpenWeather itself fails. */
  async askDue(): Promise<void> {
    const nowMs = this.#options.clock.nowMs();
    const key = this.#options.findKey();
    const isNewKey = key.value !== this.#key.value;
    this.#key = key;
    // A new key is tried at once, whatever the old one ran into.
    if (!isNewKey && nowMs < this.source.pausedUntilMs) return;
    const due = [...this.#cities.values()].filter(({ state }) => state.nextAtMs <= nowMs);
    const worker = async () => {
      for (let next = due.shift(); next; next = due.shift()) {
        if ((await this.#ask(next, nowMs)) === 'SOURCE_FAILED') due.length = 0;
      }
    };
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, due.length) }, worker));
  }

  async #ask(
    { place, state }: { place: PlaceName; state: CityState },
    startedAtMs: number,
  ): Promise<'ANSWERED' | 'SOURCE_FAILED'> {
    const { clock, openWeather, everyMs } = this.#options;
    const answer = await openWeather.ask(place, this.#key.value);
    const atMs = clock.nowMs();
    if ('failure' in answer && !isOfOneCity(answer.failure)) {
      this.#noteSource(answer.failure, answer.retryAfterMs);
      return 'SOURCE_FAILED';
    }
    this.source.lastAnswerAtMs = atMs;
    this.#noteSource(undefined);
    if ('failure' in answer) {
      state.failuresInARow += 1;
      state.nextAtMs = atMs + pauseAfterFailure(answer.failure, state.failuresInARow);
      this.#noteCity(place, state, answer.failure);
      return 'ANSWERED';
    }
    state.reading = { ...answer.reading, atMs };
    state.failuresInARow = 0;
    // Half a round early rather than a whole one late: rounds do not begin on the millisecond.
    state.nextAtMs = startedAtMs + this.pollEveryMs - everyMs / 2;
    this.source.isSimulated = answer.reading.isSimulated;
    this.#noteCity(place, state, undefined);
    return 'ANSWERED';
  }

  #noteCity(place: PlaceName, state: CityState, failure: WeatherFailure | undefined): void {
    if (state.failure !== failure) this.#options.onCity(place, failure);
    if (failure === undefined) delete state.failure;
    else state.failure = failure;
  }

  #noteSource(failure: WeatherFailure | undefined, retryAfterMs?: number): void {
    const { source } = this;
    const before = source.failure;
    const nowMs = this.#options.clock.nowMs();
    // Several questions of one round may fail together: that is one failure.
    if (failure !== undefined && before === failure && nowMs < source.pausedUntilMs) return;
    if (failure === undefined) {
      delete source.failure;
      source.failuresInARow = 0;
      source.pausedUntilMs = 0;
    } else {
      source.failuresInARow = before === failure ? source.failuresInARow + 1 : 1;
      source.failure = failure;
      source.pausedUntilMs = nowMs + pauseAfterFailure(failure, source.failuresInARow, retryAfterMs);
    }
    if (before !== failure) this.#options.onSource(failure);
  }
}
