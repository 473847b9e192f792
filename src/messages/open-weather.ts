import { Type } from 'typebox';

/**
 * OpenWeather's current-weather call (`GET /data/2.5/weather?q=CITY,COUNTRY&units=metric&appid=KEY`), as far as it is used.
 * Only the temperature is needed (R2-64); the rest is left out where it makes no sense.
 */
export const CurrentWeatherSchema = Type.Object({
  base: Type.Optional(Type.Unknown()),
  main: Type.Object({
    temp: Type.Number(),
    feels_like: Type.Optional(Type.Unknown()),
    humidity: Type.Optional(Type.Unknown()),
  }),
  wind: Type.Optional(Type.Object({ speed: Type.Optional(Type.Unknown()) })),
  weather: Type.Optional(Type.Array(Type.Object({ description: Type.Optional(Type.Unknown()) }))),
});

/** What the stand-in says in `base`, where OpenWeather says `stations`: whoever reads it marks the figures. */
export const SIMULATED_BASE = 'simulated';
