import { alertFor } from '../../domain/weather-rule.ts';
import type { HttpAnswer, HttpClient } from '../../io/http/client.ts';
import { parser, tolerant } from '../../messages/validators.ts';
import {
  type CpLocation,
  type CpLocations,
  CpLocationsSchema,
  type PlaceName,
  type WeatherAlertAnswer,
  type WeatherAlertReport,
  type WeatherStatusReport,
} from '../../messages/weather-api.ts';
import type { WeatherReading } from './open-weather.ts';

const locationsOf = parser(tolerant(CpLocationsSchema));

/** What came of a call to Central. */
export type CentralAnswer = { isOk: true; body: unknown } | { isOk: false; code: string };

/** Central as EV_W knows it: the locations that it last heard of, and whether it answers. */
export class CentralLink {
  isReachable = false;
  refusal: string | undefined;
  known: CpLocations | undefined;
  readonly #client: HttpClient;
  #etag: string | undefined;

  constructor(client: HttpClient) {
    this.#client = client;
  }

  /** Asks for the locations; an unchanged list costs a 304. What was known stays known while Central is away. */
  async readLocations(): Promise<void> {
    const answer = await this.#send('GET', '/api/cp_locations', {
      headers: this.#etag === undefined ? {} : { 'if-none-match': this.#etag },
    });
    if (answer?.status !== 200) return;
    const locations = locationsOf(answer.body);
    if (!locations) {
      this.refusal = 'BAD_ANSWER';
      return;
    }
    this.known = locations;
    const { etag } = answer.headers;
    this.#etag = typeof etag === 'string' ? etag : undefined;
  }

  /** The level of a location (protocol 7: the level, not the edge); true once Central has acknowledged it. */
  async report(location: CpLocation, reading: WeatherReading): Promise<boolean> {
    const answer = await this.#send('POST', '/api/weather_alert', { body: this.#levelOf(location, reading) });
    if (answer?.status === 409 || answer?.status === 404) {
      // The city was changed, or the last point there removed: the list says more.
      this.#etag = undefined;
      return true;
    }
    if (answer?.status !== 200) return false;
    const { edge, alert } = answer.body as WeatherAlertAnswer;
    if (edge !== 'NONE') this.#etag = undefined;
    if (alert === undefined) delete location.alert;
    else location.alert = alert;
    return true;
  }

  async status(report: WeatherStatusReport): Promise<void> {
    await this.#send('POST', '/api/weather_status', { body: report });
  }

  /** Changes the city that a location is asked for (R2-56); null: its own again. */
  async watch(locationId: number, watched: PlaceName | null): Promise<CentralAnswer> {
    return this.#change('PUT', `/api/cp_locations/${locationId}`, { watched });
  }

  /** Moves a point to another city (F-43). */
  async movePoint(cpId: string, place: PlaceName): Promise<CentralAnswer> {
    return this.#change('PUT', `/api/charging_points/${encodeURIComponent(cpId)}/location`, place);
  }

  #levelOf(location: CpLocation, reading: WeatherReading): WeatherAlertReport {
    const { city, country, watched, alert } = location;
    const { temperatureCc, feelsLikeCc, humidityPercent, windCmS, conditions, isSimulated } = reading;
    const thresholds = this.known!.thresholds;
    return {
      ...{ city, country, watched },
      temperature: temperatureCc / 100,
      alert_type: alertFor(temperatureCc, thresholds, alert ?? null) ?? 'TEMP_NORMALIZED',
      ...(feelsLikeCc !== undefined && { feels_like: feelsLikeCc / 100 }),
      ...(humidityPercent !== undefined && { humidity: humidityPercent }),
      ...(windCmS !== undefined && { wind_speed: windCmS / 100 }),
      ...(conditions !== undefined && { conditions }),
      simulated: isSimulated,
    };
  }

  async #change(method: string, path: string, body: unknown): Promise<CentralAnswer> {
    const answer = await this.#send(method, path, { body });
    if (!answer) return { isOk: false, code: 'CENTRAL_UNREACHABLE' };
    this.#etag = undefined;
    if (answer.status < 300) return { isOk: true, body: answer.body };
    return { isOk: false, code: codeOf(answer) };
  }

  /** Undefined: Central does not answer, or answers that it cannot now. */
  async #send(
    method: string,
    path: string,
    call: { body?: unknown; headers?: Record<string, string> },
  ): Promise<HttpAnswer | undefined> {
    const answer = await this.#client.send(method, path, call).catch(() => undefined);
    this.isReachable = answer !== undefined && answer.status < 500;
    if (!answer || answer.status >= 500) return undefined;
    if (answer.status === 401 || answer.status === 403) this.refusal = codeOf(answer);
    else if (answer.status < 400) this.refusal = undefined;
    return answer;
  }
}

function codeOf({ status, body }: HttpAnswer): string {
  const code = (body as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' ? code : `HTTP_${status}`;
}
