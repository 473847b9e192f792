import type { WeatherFailure } from '../../domain/weather-poll.ts';
import { POSSIBLE_TEMPERATURE_CC } from '../../domain/weather-rule.ts';
import { createHttpClient, type HttpAnswer, HttpUnreachable } from '../../io/http/client.ts';
import { CurrentWeatherSchema, SIMULATED_BASE } from '../../messages/open-weather.ts';
import { parser } from '../../messages/validators.ts';
import type { PlaceName } from '../../messages/weather-api.ts';

/** What OpenWeather says of a city; 1/100 degree C, cm/s. */
export type WeatherReading = {
  temperatureCc: number;
  feelsLikeCc?: number;
  humidityPercent?: number;
  windCmS?: number;
  conditions?: string;
  /** The answer came from a stand-in, which says so in `base`. */
  isSimulated: boolean;
};
export type WeatherAnswer = { reading: WeatherReading } | { failure: WeatherFailure; retryAfterMs?: number };

export type OpenWeather = { ask(place: PlaceName, key: string): Promise<WeatherAnswer> };

const currentWeather = parser(CurrentWeatherSchema);

const TIMEOUT_MS = 3_000;
const DEADLINE_MS = 3_500;
/** A real answer has some 500 bytes. */
const MAX_ANSWER_BYTES = 64 * 1024;

/** The client of OpenWeather's current-weather call (S-WEA-03): HTTPS, verified against the computer's own authorities. */
export function createOpenWeather(options: { url: string; caFile?: string }): OpenWeather {
  const client = createHttpClient({
    baseUrl: options.url,
    ...(options.caFile !== undefined && { caFile: options.caFile }),
    timeoutMs: TIMEOUT_MS,
    deadlineMs: DEADLINE_MS,
    maxAnswerBytes: MAX_ANSWER_BYTES,
  });
  return {
    async ask({ city, country }, key) {
      if (key === '') return { failure: 'NO_KEY' };
      const query = new URLSearchParams({ q: `${city},${country}`, units: 'metric', appid: key });
      try {
        return answerOf(await client.send('GET', `/data/2.5/weather?${query}`));
      } catch (error) {
        return { failure: failureOf(error) };
      }
    },
  };
}

function failureOf(error: unknown): WeatherFailure {
  if (!(error instanceof HttpUnreachable)) throw error;
  if (error.reason === 'TIME_OUT') return 'TIME_OUT';
  return error.reason === 'NETWORK' ? 'UNREACHABLE' : 'BAD_ANSWER';
}

/** Reads one answer. Pure. */
export function answerOf({ status, headers, body: content }: HttpAnswer): WeatherAnswer {
  if (status === 401 || status === 403) return { failure: 'WRONG_KEY' };
  if (status === 404) return { failure: 'UNKNOWN_CITY' };
  if (status === 429) {
    const seconds = Number(headers['retry-after']);
    return { failure: 'QUOTA', ...(seconds > 0 && { retryAfterMs: seconds * 1_000 }) };
  }
  if (status >= 500) return { failure: 'SERVER_ERROR' };
  const body = status === 200 ? currentWeather(content) : undefined;
  if (!body) return { failure: 'BAD_ANSWER' };
  const temperatureCc = Math.round(body.main.temp * 100);
  const { lowest, highest } = POSSIBLE_TEMPERATURE_CC;
  if (!(temperatureCc >= lowest && temperatureCc <= highest)) return { failure: 'BAD_ANSWER' };
  const { feels_like: feelsLike, humidity } = body.main;
  const windSpeed = body.wind?.speed;
  const conditions = body.weather?.[0]?.description;
  return {
    reading: {
      temperatureCc,
      ...(isWithin(feelsLike, -150, 100) && { feelsLikeCc: Math.round(feelsLike * 100) }),
      ...(isWithin(humidity, 0, 100) && { humidityPercent: Math.round(humidity) }),
      ...(isWithin(windSpeed, 0, 200) && { windCmS: Math.round(windSpeed * 100) }),
      ...(typeof conditions === 'string' && { conditions: conditions.slice(0, 80) }),
      isSimulated: body.base === SIMULATED_BASE,
    },
  };
}

function isWithin(value: unknown, lowest: number, highest: number): value is number {
  return typeof value === 'number' && value >= lowest && value <= highest;
}
