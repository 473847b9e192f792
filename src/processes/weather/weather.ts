import type { WeatherFailure } from '../../domain/weather-poll.ts';
import type { Audit } from '../../io/audit/audit.ts';
import { weather as weatherEvents } from '../../io/audit/weather-events.ts';
import type { Clock, Timer } from '../../io/clock.ts';
import type { HttpClient } from '../../io/http/client.ts';
import type { Stoppable } from '../../io/lifecycle.ts';
import { createLiveFeed, type LiveFeed } from '../../io/live/live-feed.ts';
import type { Log } from '../../io/log.ts';
import { newRandomId } from '../../io/new-id.ts';
import type { ApiKey } from '../../io/open-weather-key.ts';
import type { CpLocation, PlaceName } from '../../messages/weather-api.ts';
import type { WatchedLocation, WeatherMonitorView } from '../../messages/weather-view.ts';
import type { CityFile } from './city-file.ts';
import type { OpenWeather } from './open-weather.ts';
import { type CentralAnswer, CentralLink } from './report-to-central.ts';
import { CityWatch } from './watch-cities.ts';

export type WeatherParts = {
  clock: Clock;
  log: Log;
  audit: Audit;
  central: HttpClient;
  openWeather: OpenWeather;
  findKey(): ApiKey;
  /** Where points stand, if a file says so (R2-50). */
  cities?: CityFile;
  settings: { callsPerMinute: number; pollMs: number; source: string; url: string; mayChange: boolean };
};

const VERSION = '1';
const REPORTS_AT_ONCE = 4;

/** EV_W (S-WEA-01): a round every 4 s, whoever is away; what could not be done is done in the next. */
export class WeatherMonitor implements Stoppable {
  readonly feed: LiveFeed;
  readonly #parts: WeatherParts;
  readonly #link: CentralLink;
  readonly #watch: CityWatch;
  readonly #instanceId = newRandomId();
  readonly #startedAtMs: number;
  /** Per location: when the reading that Central acknowledged was taken. */
  readonly #reportedAtMs = new Map<number, number>();
  #shown = new Set<string>();
  #timer: Timer | undefined;
  #round: Promise<void> = Promise.resolve();
  #isStopped = false;

  constructor(parts: WeatherParts) {
    const { clock, settings } = parts;
    this.#parts = parts;
    this.#startedAtMs = clock.nowMs();
    this.#link = new CentralLink(parts.central);
    this.#watch = new CityWatch({
      ...{ clock, openWeather: parts.openWeather, findKey: parts.findKey },
      ...{ callsPerMinute: settings.callsPerMinute, everyMs: settings.pollMs },
      onSource: (failure) => this.#tell(failure, undefined),
      onCity: (place, failure) => this.#tell(failure, place.city),
    });
    this.feed = createLiveFeed({
      feed: 'weather',
      clock,
      upstream: () => ({ isCentralReachable: this.#link.isReachable }),
    });
    this.#show();
  }

  /** Begins; the first round at once. */
  start(): void {
    const { clock, settings } = this.#parts;
    const begin = () => {
      if (this.#isStopped) return;
      const startedAtMs = clock.monotonicMs();
      this.#round = this.#runRound().finally(() => {
        if (this.#isStopped) return;
        this.#timer = clock.setTimer(begin, Math.max(0, settings.pollMs - (clock.monotonicMs() - startedAtMs)));
      });
    };
    begin();
  }

  locations(): CpLocation[] {
    return this.#link.known?.locations ?? [];
  }

  view(): { monitor: WeatherMonitorView; places: WatchedLocation[] } {
    return { monitor: this.#monitorView(), places: this.locations().map((one) => this.#locationView(one)) };
  }

  /** Changes the city that a location is asked for; null: its own again. Shown with the next round. */
  async watch(locationId: number, watched: PlaceName | null): Promise<CentralAnswer> {
    const answer = await this.#link.watch(locationId, watched);
    if (answer.isOk) await this.#readAnew();
    return answer;
  }

  /** Moves a point to another city. */
  async movePoint(cpId: string, place: PlaceName): Promise<CentralAnswer> {
    const answer = await this.#link.movePoint(cpId, place);
    if (answer.isOk) await this.#readAnew();
    return answer;
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#timer?.cancel();
    await this.#round;
    this.feed.stop();
  }

  async #readAnew(): Promise<void> {
    await this.#link.readLocations();
    this.#watch.setPlaces(this.locations().map((one) => one.watched));
    this.#show();
  }

  async #moveByFile(): Promise<void> {
    const { cities, log } = this.#parts;
    for (const due of cities?.due(this.locations()) ?? []) {
      const answer = await this.movePoint(due.cpId, due.place);
      if (answer.isOk) cities?.noteApplied(due);
      else log.warn({ ...due, code: answer.code }, 'Central does not take the city of the file; tried again');
    }
  }

  /** Central and OpenWeather are asked side by side: neither waits for the other's silence. */
  async #runRound(): Promise<void> {
    try {
      const isFirst = this.#link.known === undefined;
      await Promise.all([this.#link.readLocations(), this.#watch.askDue()]);
      await this.#moveByFile();
      this.#watch.setPlaces(this.locations().map((one) => one.watched));
      if (isFirst) await this.#watch.askDue();
      await this.#reportAll();
      await this.#link.status(this.#status());
    } catch (error) {
      this.#parts.log.error({ err: error }, 'a round of the weather failed');
    }
    this.#show();
  }

  async #reportAll(): Promise<void> {
    const due = this.locations().filter((location) => this.#isDue(location));
    const worker = async () => {
      for (let next = due.shift(); next; next = due.shift()) {
        const reading = this.#watch.state(next.watched)?.reading;
        if (!reading) continue;
        if (await this.#link.report(next, reading)) this.#reportedAtMs.set(next.locationId, reading.atMs);
        else due.length = 0;
      }
    };
    await Promise.all(Array.from({ length: Math.min(REPORTS_AT_ONCE, due.length) }, worker));
  }

  /** A newer reading than Central has, or the last one while it was away; never one of a city that fails now. */
  #isDue(location: CpLocation): boolean {
    const state = this.#watch.state(location.watched);
    if (!state?.reading || state.failure !== undefined) return false;
    return (this.#reportedAtMs.get(location.locationId) ?? 0) < state.reading.atMs;
  }

  #status() {
    const { source } = this.#watch;
    const failing = this.locations().flatMap(({ locationId, watched }) => {
      const failure = this.#watch.state(watched)?.failure;
      return failure === undefined ? [] : [{ locationId, failure }];
    });
    return {
      ...{ instanceId: this.#instanceId, version: VERSION, startedAtMs: this.#startedAtMs },
      url: this.#parts.settings.url,
      pollEveryMs: this.#watch.pollEveryMs,
      ...(source.failure !== undefined && { failure: source.failure }),
      isSimulated: source.isSimulated,
      ...(source.lastAnswerAtMs !== undefined && {
        lastAnswerAgoMs: Math.max(0, this.#parts.clock.nowMs() - source.lastAnswerAtMs),
      }),
      failing,
    };
  }

  #tell(failure: WeatherFailure | undefined, city: string | undefined): void {
    const { audit, log } = this.#parts;
    const source = { entity: 'weather' };
    if (failure === undefined) {
      log.info({ city }, 'OpenWeather answers');
      if (city === undefined) audit.record(weatherEvents.back(source));
      return;
    }
    audit.record(weatherEvents.unavailable(source, { cause: failure, ...(city !== undefined && { city }) }));
  }

  #monitorView(): WeatherMonitorView {
    const { source, key, pollEveryMs } = this.#watch;
    const { isReachable, refusal, known } = this.#link;
    const isPaused = source.pausedUntilMs > this.#parts.clock.nowMs();
    return {
      source: this.#parts.settings.source,
      key: key.place,
      ...(source.failure !== undefined && { failure: source.failure }),
      ...(isPaused && { pausedUntilMs: source.pausedUntilMs }),
      ...(source.lastAnswerAtMs !== undefined && { lastAnswerAtMs: source.lastAnswerAtMs }),
      isSimulated: source.isSimulated,
      pollEveryMs,
      isCentralReachable: isReachable,
      ...(refusal !== undefined && { centralRefusal: refusal }),
      ...(known && { thresholds: known.thresholds }),
      mayChange: this.#parts.settings.mayChange,
    };
  }

  #locationView({ locationId, city, country, watched, cpIds, alert }: CpLocation): WatchedLocation {
    const state = this.#watch.state(watched);
    const reading = state?.reading;
    return {
      ...{ locationId, city, country, watched, cpIds },
      ...(alert !== undefined && { alert }),
      ...(reading && { temperatureCc: reading.temperatureCc, observedAtMs: reading.atMs }),
      isSimulated: reading?.isSimulated ?? false,
      ...(state?.failure !== undefined && { failure: state.failure }),
      isReported: reading !== undefined && (this.#reportedAtMs.get(locationId) ?? 0) >= reading.atMs,
    };
  }

  #show(): void {
    const { monitor, places } = this.view();
    this.feed.set('monitor', 'monitor', monitor);
    const shown = new Set<string>();
    for (const place of places) {
      const id = String(place.locationId);
      shown.add(id);
      this.feed.set('places', id, place);
    }
    for (const id of this.#shown.difference(shown)) this.feed.set('places', id, null);
    this.#shown = shown;
  }
}
