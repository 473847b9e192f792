import { DEFAULT_WEATHER_THRESHOLDS, nearAlertOf, type WeatherThresholds } from '../../../domain/weather-rule.ts';
import type { Audit } from '../../../io/audit/audit.ts';
import { status, system } from '../../../io/audit/audit-events.ts';
import { weather } from '../../../io/audit/weather-events.ts';
import type { Clock, Timer } from '../../../io/clock.ts';
import type { Log } from '../../../io/log.ts';
import type { Database } from '../../../io/postgres/database.ts';
import { NOTICES } from '../../../io/postgres/notices.ts';
import { announceService } from '../../../io/postgres/service-instances.ts';
import { ensureLocation, lockLocation, pointsOfLocation, replaceAlert } from '../../../io/postgres/weather-alerts.ts';
import {
  cpLocations,
  readThresholds,
  saveThresholds,
  setWatchedPlace,
  weatherPlaces,
} from '../../../io/postgres/weather-places.ts';
import type {
  CpLocations,
  PlaceName,
  StoredThresholds,
  WeatherAlertReport,
  WeatherPlace,
  WeatherStatusReport,
} from '../../../messages/weather-api.ts';
import type { Actor } from '../parts.ts';
import type { CentralPicture } from '../picture/central-picture.ts';
import { TEMPERATURE_SAID_MS } from '../picture/point-entry.ts';
import type { FactsNotifier } from '../points/facts-notifier.ts';
import type { OutboxSender } from '../points/outbox-sender.ts';
import type { OutgoingNews } from '../replicas/outgoing-news.ts';
import { changeWeatherOfPoints, type WeatherEffect } from './weather-points.ts';
import { type ReportOutcome, type ReportRefusal, takeReport } from './weather-report.ts';
import { WeatherView } from './weather-view.ts';

export type WeatherParts = {
  database: Database;
  clock: Clock;
  log: Log;
  audit: Audit;
  picture: CentralPicture;
  outbox: OutboxSender;
  notifier: FactsNotifier;
  news: Pick<OutgoingNews, 'weatherChanged' | 'weatherStatus'>;
  replicaId: string;
};

const READ_SOON_MS = 500;

/** Central's weather (protocol 7): EV_W decides and reports levels, Central keeps alerts and what follows from them. */
export class CentralWeather {
  readonly view: WeatherView;
  readonly #parts: WeatherParts;
  #isToldRunning = false;
  #soon: Timer | undefined;

  constructor(parts: WeatherParts) {
    this.#parts = parts;
    const feeds = Object.values(parts.picture.feeds);
    this.view = new WeatherView({
      clock: parts.clock,
      thresholds: { ...DEFAULT_WEATHER_THRESHOLDS, revision: 1 },
      show: (collection, id, entity) => {
        for (const feed of feeds) feed.set(collection, id, entity);
      },
    });
  }

  /** Reads everything: at the start, after notices, and now and then (points come and go). */
  async load(): Promise<void> {
    const { database } = this.#parts;
    const before = this.#shown();
    this.view.thresholds = await readThresholds(database);
    this.view.setPlaces(await weatherPlaces(database));
    this.#refreshOutdated();
    // The first time everything is new, and the points have been read with their weather.
    if (before.places.size > 0) this.#refreshChanged(before);
  }

  /** Reads everything once for all notices of a moment. */
  readSoon(): void {
    const { clock, log } = this.#parts;
    this.#soon ??= clock.setTimer(() => {
      this.#soon = undefined;
      this.load().catch((fault: unknown) => log.debug({ err: fault }, 'the weather is read again later'));
    }, READ_SOON_MS);
  }

  /** Notices that EV_W fell silent. */
  tick(): void {
    this.view.tick();
    if (!this.#isToldRunning || this.view.isRunning) return;
    this.#isToldRunning = false;
    this.#parts.audit.record(weather.unavailable({ entity: 'central' }, { cause: 'EV_W_SILENT' }));
    this.#say('warn', 'WEATHER_STOPPED', {});
  }

  stop(): void {
    this.#soon?.cancel();
  }

  /** What EV_W needs to know: read anew, so that a change counts at once. */
  async locations(): Promise<CpLocations> {
    const { database } = this.#parts;
    return { locations: await cpLocations(database), thresholds: await readThresholds(database) };
  }

  /** A level from EV_W, or from whoever may report; the answer comes after the commit (F-41). */
  async report(report: WeatherAlertReport, actor: Actor): Promise<ReportOutcome | ReportRefusal> {
    const { database, replicaId, clock } = this.#parts;
    const context = { thresholds: this.view.thresholds, actor, replicaId, nowMs: clock.nowMs() };
    const outcome = await database.transaction((tx) => takeReport(tx, report, context));
    if (typeof outcome !== 'string') await this.#afterReport(outcome, actor);
    return outcome;
  }

  /** How EV_W fares; what it says is remembered, an edge is told and audited (F-42). */
  async setStatus(report: WeatherStatusReport, actor: Actor): Promise<void> {
    const { database, audit } = this.#parts;
    const { wasRunning, before } = this.view.setStatus(report);
    const { instanceId, version, url, startedAtMs, failure } = report;
    if (!wasRunning) this.#say('info', 'WEATHER_STARTED', {});
    this.#isToldRunning = true;
    this.#parts.news.weatherStatus(report);
    if (failure !== before && failure !== undefined) {
      audit.record(weather.unavailable(actor, { cause: failure }));
      this.#say('warn', 'WEATHER_UNAVAILABLE', { cause: failure });
    }
    if (before !== undefined && failure === undefined) {
      audit.record(weather.back(actor));
      this.#say('info', 'WEATHER_BACK', {});
    }
    await announceService(database, { instanceId, kind: 'weather', url, version, startedAtMs });
  }

  /** What EV_W told another replica, which said and audited what is to be said: that it fell silent as well. */
  takeStatus(report: WeatherStatusReport): void {
    this.view.setStatus(report);
    this.#isToldRunning = false;
  }

  /** Saves thresholds; undefined if others were saved since the revision that was edited. */
  async saveThresholds(wanted: StoredThresholds, actor: Actor): Promise<StoredThresholds | undefined> {
    const { database, audit } = this.#parts;
    const saved = await saveThresholds(database, wanted, actor.entity);
    if (!saved) return undefined;
    const before = this.#shown();
    this.view.thresholds = saved;
    this.#refreshChanged(before);
    audit.record(
      system.settingChanged(actor, { setting: `weather thresholds: ${saved.minCc / 100} to ${saved.maxCc / 100} °C` }),
    );
    this.#say('info', 'WEATHER_THRESHOLDS', { minCc: saved.minCc, maxCc: saved.maxCc });
    await this.#notify(0);
    return saved;
  }

  /** Another city is asked for in place of the own one (R2-56); the alert of the old one ends with it (F-43). */
  async watch(locationId: number, watched: PlaceName | null, actor: Actor): Promise<'CHANGED' | 'LOCATION_UNKNOWN'> {
    const { database, clock, replicaId, audit } = this.#parts;
    const nowMs = clock.nowMs();
    const done = await database.transaction(async (tx) => {
      const location = await lockLocation(tx, { locationId });
      if (!location) return undefined;
      const isOwn = watched === null || (watched.city === location.city && watched.country === location.country);
      const cpIds = await pointsOfLocation(tx, locationId);
      const write = async () => {
        await setWatchedPlace(tx, locationId, isOwn ? null : watched);
        const none = { level: null, temperatureCc: 0, by: actor.entity, at: new Date(nowMs) };
        await replaceAlert(tx, { locationId, cpId: null }, none);
      };
      return { location, effect: await changeWeatherOfPoints(tx, { cpIds, write, actor, replicaId, nowMs }) };
    });
    if (!done) return 'LOCATION_UNKNOWN';
    const to = watched ?? done.location;
    audit.record(weather.cityChanged(actor, { of: done.location.city, city: to.city, country: to.country }));
    this.#say('info', 'WEATHER_CITY_CHANGED', { of: done.location.city, city: to.city });
    this.#afterEffect(done.effect);
    this.#refreshPoints(locationId);
    await this.load();
    await this.#notify(locationId);
    return 'CHANGED';
  }

  /** The point stands in another city from now on: the weather there counts at once (F-43). */
  async movePoint(cpId: string, place: PlaceName, actor: Actor): Promise<'MOVED' | 'CP_UNKNOWN'> {
    const { database, clock, replicaId, audit, picture } = this.#parts;
    if (!picture.point(cpId)) return 'CP_UNKNOWN';
    const effect = await database.transaction(async (tx) => {
      const locationId = await ensureLocation(tx, place);
      const write = async () => {
        await tx.run(
          `UPDATE charging_points SET location_id = $2, revision = revision + 1
            WHERE cp_id = $1 AND retired_at IS NULL AND location_id <> $2`,
          [cpId, locationId],
        );
      };
      return changeWeatherOfPoints(tx, { cpIds: [cpId], write, actor, replicaId, nowMs: clock.nowMs() });
    });
    audit.record(status.pointEdited(actor, { cpId, changed: ['city'] }));
    this.#afterEffect(effect);
    picture.refresh([cpId]);
    await this.load();
    await this.#notify(0);
    return 'MOVED';
  }

  async #afterReport({ location, edge, level, observation, effect, cpId }: ReportOutcome, actor: Actor): Promise<void> {
    const { locationId, city } = location;
    const { temperatureCc } = observation;
    const before = this.view.place(locationId);
    const about = { city, temperatureCc, points: effect.cpIds.length };
    if (edge === 'RAISED' || edge === 'CHANGED') {
      this.#parts.audit.record(weather.alert(actor, { ...about, type: level ?? '', cpIds: effect.cpIds }));
      this.#say('warn', 'WEATHER_ALERT', { ...about, type: level ?? '' });
    }
    if (edge === 'CLEARED') {
      this.#parts.audit.record(weather.cleared(actor, { ...about, cpIds: effect.cpIds }));
      this.#say('info', 'WEATHER_CLEARED', about);
    }
    this.#afterEffect(effect);
    if (edge !== 'NONE' || !before) await this.load();
    else this.#putObservation(before, observation);
    const { thresholds } = this.view;
    const isShownAnew =
      before === undefined ||
      isShownOtherwise({ ...before, thresholds }, { ...observation, thresholds }, this.#parts.clock.nowMs());
    if (isShownAnew || (edge === 'CHANGED' && cpId === null)) this.#refreshPoints(locationId);
    if (edge !== 'NONE') await this.#notify(locationId);
    else this.#parts.news.weatherChanged();
  }

  #putObservation(
    before: NonNullable<ReturnType<WeatherView['place']>>,
    { at, temperatureCc, feelsLikeCc, humidityPercent, windCmS, conditions, isSimulated }: ReportOutcome['observation'],
  ): void {
    this.view.put({
      ...before,
      observedAtMs: at.getTime(),
      temperatureCc,
      isSimulated,
      ...(feelsLikeCc !== null && { feelsLikeCc }),
      ...(humidityPercent !== null && { humidityPercent }),
      ...(windCmS !== null && { windCmS }),
      ...(conditions !== null && { conditions }),
    });
  }

  #afterEffect(effect: WeatherEffect): void {
    const { outbox, picture, notifier, audit } = this.#parts;
    void outbox.send(effect.outbox);
    picture.refresh(effect.changedCpIds);
    notifier.changed(effect.changedCpIds);
    for (const entry of effect.audit) audit.record(entry);
  }

  #refreshPoints(locationId: number): void {
    const { picture } = this.#parts;
    picture.refresh([...picture.points()].filter((one) => one.locationId === locationId).map((one) => one.cpId));
  }

  /** What the points are shown by. */
  #shown(): Shown {
    const { thresholds } = this.view;
    return { thresholds, places: new Map(this.view.places().map((place) => [place.locationId, place])) };
  }

  #refreshChanged(before: Shown): void {
    const nowMs = this.#parts.clock.nowMs();
    const { thresholds, places } = this.#shown();
    for (const place of places.values()) {
      const known = before.places.get(place.locationId);
      const isSame =
        known && !isShownOtherwise({ ...known, thresholds: before.thresholds }, { ...place, thresholds }, nowMs);
      if (!isSame) this.#refreshPoints(place.locationId);
    }
  }

  /** Time alone makes a temperature too old to be said of a point; one that came while a point was read, or moved, is missing there. */
  #refreshOutdated(): void {
    const { picture, clock } = this.#parts;
    const hasTemperature = (locationId: number | undefined): boolean => {
      const place = locationId === undefined ? undefined : this.view.place(locationId);
      if (place?.observedAtMs === undefined || place.temperatureCc === undefined) return false;
      return clock.nowMs() - place.observedAtMs < TEMPERATURE_SAID_MS;
    };
    const outdated = [...picture.points()].filter(
      (one) => (one.weather?.celsius !== undefined) !== hasTemperature(one.locationId),
    );
    picture.refresh(outdated.map((one) => one.cpId));
  }

  #say(level: 'info' | 'warn', code: WeatherCode, params: Record<string, string | number>): void {
    this.#parts.picture.say({ level, source: 'weather', code, params });
  }

  async #notify(locationId: number): Promise<void> {
    const { database, replicaId } = this.#parts;
    await database.run('SELECT pg_notify($1, $2)', [NOTICES.weatherChanged, `${locationId} ${replicaId}`]);
  }
}

type WeatherCode = Extract<Parameters<CentralPicture['say']>[0]['code'], `WEATHER_${string}`>;

type Shown = { thresholds: WeatherThresholds; places: ReadonlyMap<number, WeatherPlace> };
type Measured = { temperatureCc?: number; isSimulated: boolean; thresholds: WeatherThresholds };

function isShownOtherwise(before: Measured & { observedAtMs?: number }, now: Measured, nowMs: number): boolean {
  const wasFresh = before.observedAtMs !== undefined && nowMs - before.observedAtMs < TEMPERATURE_SAID_MS;
  return !wasFresh || wordsOf(before) !== wordsOf(now);
}

/** What a point's weather says of a measurement: whole degrees, and whether they are near a threshold. */
function wordsOf({ temperatureCc, isSimulated, thresholds }: Measured): string {
  if (temperatureCc === undefined) return String(isSimulated);
  return [Math.round(temperatureCc / 100), nearAlertOf(temperatureCc, thresholds), isSimulated].join(' ');
}
