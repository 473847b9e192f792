import { type Static, Type } from 'typebox';
import { WEATHER_FAILURES } from '../domain/weather-poll.ts';
import { THRESHOLD_LIMITS_CC, WEATHER_ALERT_TYPES } from '../domain/weather-rule.ts';
import { AtMsSchema, CpIdSchema, UuidSchema } from './entities.ts';

/**
 * The weather at Central's API (protocol 7): what EV_W asks and reports, and what pages are shown. Our own figures are 1/100 degree C;
 * the description's `POST /api/weather_alert` speaks degrees and its own names.
 */

const closed = { additionalProperties: false };

export const CitySchema = Type.String({ minLength: 1, maxLength: 50, pattern: '^[^\\u0000-\\u001f,]+$' });
export const CountrySchema = Type.String({ pattern: '^[A-Z]{2}$' });
export const LocationIdSchema = Type.Integer({ minimum: 1, maximum: 2_147_483_647 });
export const WeatherAlertTypeSchema = Type.Enum([...WEATHER_ALERT_TYPES]);
export const WeatherFailureSchema = Type.Enum([...WEATHER_FAILURES]);

/** A place that OpenWeather is asked for. */
export const PlaceNameSchema = Type.Object({ city: CitySchema, country: CountrySchema }, closed);
export type PlaceName = Static<typeof PlaceNameSchema>;

const thresholdCc = Type.Integer({ minimum: THRESHOLD_LIMITS_CC.lowest, maximum: THRESHOLD_LIMITS_CC.highest });

/** `PUT /api/weather/thresholds` and its answer; `revision` is the one that was edited (409 if another was saved meanwhile). */
export const WeatherThresholdsSchema = Type.Object(
  { minCc: thresholdCc, maxCc: thresholdCc, revision: Type.Integer({ minimum: 1 }) },
  closed,
);
export type StoredThresholds = Static<typeof WeatherThresholdsSchema>;

/** `GET /api/cp_locations` (S-API-07): where the points are, what to ask for each, and what Central holds to be so. */
export const CpLocationsSchema = Type.Object(
  {
    locations: Type.Array(
      Type.Object(
        {
          locationId: LocationIdSchema,
          city: Type.String(),
          country: Type.String(),
          /** What OpenWeather is asked for: the own city unless somebody changed it (R2-56). */
          watched: Type.Object({ city: Type.String(), country: Type.String() }, closed),
          cpIds: Type.Array(CpIdSchema),
          /** The active alert of the whole location. */
          alert: Type.Optional(WeatherAlertTypeSchema),
        },
        closed,
      ),
    ),
    thresholds: WeatherThresholdsSchema,
  },
  closed,
);
export type CpLocations = Static<typeof CpLocationsSchema>;
export type CpLocation = CpLocations['locations'][number];

/** Both vocabularies of the description. */
export const REPORTED_ALERT_TYPES = ['ALERT', 'CLEAR', ...WEATHER_ALERT_TYPES, 'TEMP_NORMALIZED'] as const;

/** `POST /api/weather_alert` (S-API-08): the level of a point, or of every point of a location. The same level twice changes nothing. */
export const WeatherAlertReportSchema = Type.Object(
  {
    cp_id: Type.Optional(CpIdSchema),
    city: Type.Optional(CitySchema),
    country: Type.Optional(CountrySchema),
    /** Degrees C. */
    temperature: Type.Number({ minimum: -100, maximum: 70 }),
    alert_type: Type.Enum([...REPORTED_ALERT_TYPES]),
    /** Which city was asked for; refused (409 LOCATION_CHANGED) if it is another one by now. */
    watched: Type.Optional(PlaceNameSchema),
    feels_like: Type.Optional(Type.Number({ minimum: -150, maximum: 100 })),
    /** Percent. */
    humidity: Type.Optional(Type.Number({ minimum: 0, maximum: 100 })),
    /** Metres a second. */
    wind_speed: Type.Optional(Type.Number({ minimum: 0, maximum: 200 })),
    conditions: Type.Optional(Type.String({ maxLength: 80 })),
    simulated: Type.Optional(Type.Boolean()),
  },
  closed,
);
export type WeatherAlertReport = Static<typeof WeatherAlertReportSchema>;

export const WeatherAlertAnswerSchema = Type.Object(
  {
    status: Type.Literal('ok'),
    /** What the report changed. */
    edge: Type.Enum(['NONE', 'RAISED', 'CHANGED', 'CLEARED']),
    alert: Type.Optional(WeatherAlertTypeSchema),
    /** Points whose WEATHER hold it set or dropped. */
    cpIds: Type.Array(CpIdSchema),
  },
  closed,
);
export type WeatherAlertAnswer = Static<typeof WeatherAlertAnswerSchema>;

/** `POST /api/weather_status`: how EV_W fares, each round; a Central that hears none for 15 s says so. */
export const WeatherStatusReportSchema = Type.Object(
  {
    instanceId: UuidSchema,
    version: Type.String({ maxLength: 20 }),
    startedAtMs: AtMsSchema,
    url: Type.String({ maxLength: 200 }),
    pollEveryMs: Type.Integer({ minimum: 0, maximum: 86_400_000 }),
    /** Does OpenWeather answer? Absent: it does, or was not asked yet. */
    failure: Type.Optional(WeatherFailureSchema),
    isSimulated: Type.Boolean(),
    lastAnswerAgoMs: Type.Optional(Type.Integer({ minimum: 0 })),
    /** Cities without an answer of their own. */
    failing: Type.Array(Type.Object({ locationId: LocationIdSchema, failure: WeatherFailureSchema }, closed), {
      maxItems: 10_000,
    }),
  },
  closed,
);
export type WeatherStatusReport = Static<typeof WeatherStatusReportSchema>;

/** `PUT /api/cp_locations/:locationId`: another city to ask for; null goes back to the own one. */
export const WatchedPlaceSchema = Type.Object({ watched: Type.Union([PlaceNameSchema, Type.Null()]) }, closed);

/** Collection `weather` of the panel, by locationId: the newest observation of a location. */
export const WeatherPlaceSchema = Type.Object(
  {
    locationId: LocationIdSchema,
    city: Type.String(),
    country: Type.String(),
    watched: Type.Optional(Type.Object({ city: Type.String(), country: Type.String() }, closed)),
    pointCount: Type.Integer({ minimum: 0 }),
    temperatureCc: Type.Optional(Type.Integer()),
    feelsLikeCc: Type.Optional(Type.Integer()),
    humidityPercent: Type.Optional(Type.Integer()),
    windCmS: Type.Optional(Type.Integer()),
    conditions: Type.Optional(Type.String()),
    observedAtMs: Type.Optional(AtMsSchema),
    isSimulated: Type.Boolean(),
    alert: Type.Optional(WeatherAlertTypeSchema),
    alertSinceMs: Type.Optional(AtMsSchema),
    failure: Type.Optional(WeatherFailureSchema),
  },
  closed,
);
export type WeatherPlace = Static<typeof WeatherPlaceSchema>;

/** Collection `weatherService` (id `service`) of the panel. */
export const WeatherServiceSchema = Type.Object(
  {
    thresholds: WeatherThresholdsSchema,
    /** EV_W said something in the last 15 s. */
    isRunning: Type.Boolean(),
    seenAtMs: Type.Optional(AtMsSchema),
    isSimulated: Type.Boolean(),
    pollEveryMs: Type.Optional(Type.Integer()),
    failure: Type.Optional(WeatherFailureSchema),
    failingSinceMs: Type.Optional(AtMsSchema),
    lastAnswerAtMs: Type.Optional(AtMsSchema),
  },
  closed,
);
export type WeatherService = Static<typeof WeatherServiceSchema>;

/** `GET /api/weather`. */
export const WeatherPictureSchema = Type.Object(
  { places: Type.Array(WeatherPlaceSchema), service: WeatherServiceSchema },
  closed,
);

/** `GET /api/weather/history`: per location `[atMs, temperatureCc, 1 if simulated]`, oldest first, thinned. */
export const WeatherHistorySchema = Type.Object(
  {
    places: Type.Array(
      Type.Object({ locationId: LocationIdSchema, readings: Type.Array(Type.Array(Type.Integer())) }, closed),
    ),
  },
  closed,
);
export type WeatherHistory = Static<typeof WeatherHistorySchema>;
