import { MINUTE_MS, SECOND_MS } from './units.ts';

/** Why a question to OpenWeather brought no temperature (F-42). */
export const WEATHER_FAILURES = [
  'NO_KEY',
  'WRONG_KEY',
  'QUOTA',
  'UNKNOWN_CITY',
  'TIME_OUT',
  'UNREACHABLE',
  'SERVER_ERROR',
  'BAD_ANSWER',
] as const;
export type WeatherFailure = (typeof WEATHER_FAILURES)[number];

/** Failures of one city; all others are of the service, and no other city needs to be asked now. */
export function isOfOneCity(failure: WeatherFailure): boolean {
  return failure === 'UNKNOWN_CITY' || failure === 'BAD_ANSWER';
}

/** How often each city is asked: every 4 s, slower when so many cities would be more than the plan's calls (R2-52). */
export function pollEveryMs(options: { cities: number; callsPerMinute: number; everyMs: number }): number {
  return Math.max(options.everyMs, Math.ceil((options.cities * MINUTE_MS) / options.callsPerMinute));
}

const FIRST_PAUSE_MS: Readonly<Record<WeatherFailure, number>> = {
  NO_KEY: 4 * SECOND_MS,
  WRONG_KEY: 30 * SECOND_MS,
  QUOTA: 30 * SECOND_MS,
  UNKNOWN_CITY: 60 * SECOND_MS,
  TIME_OUT: 4 * SECOND_MS,
  UNREACHABLE: 4 * SECOND_MS,
  SERVER_ERROR: 8 * SECOND_MS,
  BAD_ANSWER: 8 * SECOND_MS,
};
const LONGEST_PAUSE_MS: Readonly<Record<WeatherFailure, number>> = {
  NO_KEY: 4 * SECOND_MS,
  WRONG_KEY: 30 * SECOND_MS,
  QUOTA: 10 * MINUTE_MS,
  UNKNOWN_CITY: 60 * SECOND_MS,
  TIME_OUT: MINUTE_MS,
  UNREACHABLE: MINUTE_MS,
  SERVER_ERROR: MINUTE_MS,
  BAD_ANSWER: MINUTE_MS,
};

/** How long to wait before asking again: doubled from failure to failure, up to a limit; never less than the service asked for. */
export function pauseAfterFailure(failure: WeatherFailure, failuresInARow: number, retryAfterMs = 0): number {
  const doubled = FIRST_PAUSE_MS[failure] * 2 ** Math.min(Math.max(failuresInARow - 1, 0), 10);
  const asked = Math.min(retryAfterMs, 10 * MINUTE_MS);
  return Math.max(Math.min(doubled, LONGEST_PAUSE_MS[failure]), asked);
}
