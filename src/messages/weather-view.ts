import { type Static, Type } from 'typebox';
import { AtMsSchema, CpIdSchema } from './entities.ts';
import {
  LocationIdSchema,
  WeatherAlertTypeSchema,
  WeatherFailureSchema,
  WeatherThresholdsSchema,
} from './weather-api.ts';

/** What EV_W's own page is shown, and what the stand-in for OpenWeather can be told. */

const closed = { additionalProperties: false };

/** Where the API key was found (S-WEA-04). */
export const KEY_PLACES = ['ENVIRONMENT', 'API_KEY_TXT', 'DOT_ENV', 'NONE'] as const;

/** Collection `places` of EV_W's stream, by locationId. */
export const WatchedLocationSchema = Type.Object(
  {
    locationId: LocationIdSchema,
    city: Type.String(),
    country: Type.String(),
    watched: Type.Object({ city: Type.String(), country: Type.String() }, closed),
    cpIds: Type.Array(CpIdSchema),
    /** What Central holds to be so. */
    alert: Type.Optional(WeatherAlertTypeSchema),
    temperatureCc: Type.Optional(Type.Integer()),
    observedAtMs: Type.Optional(AtMsSchema),
    isSimulated: Type.Boolean(),
    failure: Type.Optional(WeatherFailureSchema),
    /** Central has acknowledged the newest reading. */
    isReported: Type.Boolean(),
  },
  closed,
);
export type WatchedLocation = Static<typeof WatchedLocationSchema>;

/** Collection `monitor` (id `monitor`) of EV_W's stream. */
export const WeatherMonitorViewSchema = Type.Object(
  {
    source: Type.String(),
    key: Type.Enum([...KEY_PLACES]),
    failure: Type.Optional(WeatherFailureSchema),
    /** No question is asked before; absent: as usual. */
    pausedUntilMs: Type.Optional(AtMsSchema),
    lastAnswerAtMs: Type.Optional(AtMsSchema),
    isSimulated: Type.Boolean(),
    pollEveryMs: Type.Integer(),
    isCentralReachable: Type.Boolean(),
    /** A code of Central's refusal, such as BAD_TOKEN. */
    centralRefusal: Type.Optional(Type.String()),
    thresholds: Type.Optional(WeatherThresholdsSchema),
    /** May this page change cities? Only where no other computer can reach it. */
    mayChange: Type.Boolean(),
  },
  closed,
);
export type WeatherMonitorView = Static<typeof WeatherMonitorViewSchema>;

/** Collection `places` of the stand-in's stream, by `city,country`. */
export const SimulatedPlaceSchema = Type.Object(
  {
    city: Type.String({ minLength: 1, maxLength: 50 }),
    country: Type.String({ pattern: '^[A-Z]{2}$' }),
    temperatureCc: Type.Integer({ minimum: -10_000, maximum: 7_000 }),
    /** Set by somebody; else made up from the city's name and the season. */
    isSet: Type.Boolean(),
    askedAtMs: Type.Optional(AtMsSchema),
  },
  closed,
);
export type SimulatedPlace = Static<typeof SimulatedPlaceSchema>;

/** How the stand-in answers: as OpenWeather does, or as it does when something is wrong. */
export const SIM_MODES = [
  'OK',
  'WRONG_KEY',
  'QUOTA',
  'SILENT',
  'HTML',
  'NO_TEMPERATURE',
  'HUGE',
  'SERVER_ERROR',
] as const;
export type SimMode = (typeof SIM_MODES)[number];
/** Collection `mode` (id `mode`) of the stand-in's stream. */
export const SimModeSchema = Type.Object({ mode: Type.Enum([...SIM_MODES]) }, closed);
