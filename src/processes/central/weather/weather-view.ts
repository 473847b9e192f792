import type { Clock } from '../../../io/clock.ts';
import type { PanelModule } from '../../../messages/live-stream.ts';
import type {
  StoredThresholds,
  WeatherPlace,
  WeatherService,
  WeatherStatusReport,
} from '../../../messages/weather-api.ts';

/** EV_W counts as stopped this long after its last word. */
export const WEATHER_LOST_MS = 15_000;
const SERVICE_ID = 'service';

/** Puts an entity of the weather into both live feeds. */
export type ShowWeather = (collection: 'weather' | 'weatherService', id: string, entity: unknown) => void;

/** What the panel is shown of the weather: places with their newest observation, and how EV_W fares. In memory. */
export class WeatherView {
  readonly #clock: Clock;
  readonly #show: ShowWeather;
  readonly #places = new Map<number, WeatherPlace>();
  #thresholds: StoredThresholds;
  #status: (WeatherStatusReport & { atMs: number; failingSinceMs?: number; lastAnswerAtMs?: number }) | undefined;

  constructor(options: { clock: Clock; show: ShowWeather; thresholds: StoredThresholds }) {
    this.#clock = options.clock;
    this.#show = options.show;
    this.#thresholds = options.thresholds;
    this.#showService();
  }

  places(): WeatherPlace[] {
    return [...this.#places.values()];
  }

  place(locationId: number): WeatherPlace | undefined {
    return this.#places.get(locationId);
  }

  get thresholds(): StoredThresholds {
    return this.#thresholds;
  }

  set thresholds(thresholds: StoredThresholds) {
    this.#thresholds = thresholds;
    this.#showService();
  }

  get isRunning(): boolean {
    return this.#status !== undefined && this.#clock.nowMs() - this.#status.atMs < WEATHER_LOST_MS;
  }

  get failure(): WeatherStatusReport['failure'] {
    return this.#status?.failure;
  }

  /** Places as the database has them; one that has no points any more is gone. */
  setPlaces(places: readonly WeatherPlace[]): void {
    const found = new Set(places.map((place) => place.locationId));
    for (const place of places) this.put(place);
    for (const locationId of this.#places.keys()) {
      if (found.has(locationId)) continue;
      this.#places.delete(locationId);
      this.#show('weather', String(locationId), null);
    }
  }

  /** One place, with the failure that EV_W said of it. */
  put(place: WeatherPlace): void {
    const { failure: _old, ...plain } = place;
    const failure = this.#failureOf(place.locationId);
    const next = failure === undefined ? plain : { ...plain, failure };
    const before = this.#places.get(place.locationId);
    if (before && JSON.stringify(before) === JSON.stringify(next)) return;
    this.#places.set(place.locationId, next);
    this.#show('weather', String(place.locationId), next);
  }

  /** Takes what EV_W says of itself; true if its source began or ceased to answer. */
  setStatus(report: WeatherStatusReport): { wasRunning: boolean; before: WeatherStatusReport['failure'] } {
    const nowMs = this.#clock.nowMs();
    const wasRunning = this.isRunning;
    const before = this.#status?.failure;
    const { failure, lastAnswerAgoMs } = report;
    this.#status = {
      ...report,
      atMs: nowMs,
      ...(failure !== undefined && { failingSinceMs: before === undefined ? nowMs : this.#status?.failingSinceMs }),
      ...(lastAnswerAgoMs !== undefined && { lastAnswerAtMs: nowMs - lastAnswerAgoMs }),
    };
    for (const place of this.places()) this.put(place);
    this.#showService();
    return { wasRunning, before };
  }

  /** Time alone makes EV_W silent: says so when it happens. */
  tick(): void {
    this.#showService();
  }

  /** What OpenWeather is to the list of modules; nothing while EV_W itself is silent. */
  modules(): PanelModule[] {
    if (!this.#status || !this.isRunning) return [];
    const { failure, isSimulated, lastAnswerAtMs } = this.#status;
    const detail = failure ?? (isSimulated ? 'SIMULATED' : undefined);
    return [
      {
        moduleId: 'openweather',
        kind: 'openweather',
        status: failure === undefined ? 'UP' : 'DOWN',
        ...(lastAnswerAtMs !== undefined && { seenAtMs: lastAnswerAtMs }),
        ...(detail !== undefined && { detail }),
      },
    ];
  }

  service(): WeatherService {
    const status = this.#status;
    if (!status) return { thresholds: this.#thresholds, isRunning: false, isSimulated: false };
    const { isSimulated, pollEveryMs, failure, failingSinceMs, lastAnswerAtMs, atMs } = status;
    return {
      thresholds: this.#thresholds,
      isRunning: this.isRunning,
      seenAtMs: atMs,
      isSimulated,
      pollEveryMs,
      ...(failure !== undefined && { failure }),
      ...(failingSinceMs !== undefined && { failingSinceMs }),
      ...(lastAnswerAtMs !== undefined && { lastAnswerAtMs }),
    };
  }

  #failureOf(locationId: number): WeatherPlace['failure'] {
    if (!this.isRunning) return undefined;
    return this.#status?.failing.find((one) => one.locationId === locationId)?.failure;
  }

  #showService(): void {
    this.#show('weatherService', SERVICE_ID, this.service());
  }
}
