import { Type } from 'typebox';
import type { Clock } from '../../io/clock.ts';
import { createPageServer } from '../../io/http/page-server.ts';
import { isSameOrigin } from '../../io/http/same-origin.ts';
import type { HttpApp } from '../../io/http/server.ts';
import { createLiveFeed, type LiveSocket } from '../../io/live/live-feed.ts';
import type { Log } from '../../io/log.ts';
import { SIMULATED_BASE } from '../../messages/open-weather.ts';
import { type SimMode, SimModeSchema, type SimulatedPlace, SimulatedPlaceSchema } from '../../messages/weather-view.ts';
import type { WeatherSimConfig } from './config.ts';
import { SimulatedPlaces } from './simulated-places.ts';

const HOST = '127.0.0.1';
const ASKED_A_MINUTE = 100_000;
const DESCRIPTION = `A stand-in for OpenWeather's current-weather call, offline. Temperatures and failures are set here while it runs; every answer says base: "simulated".`;
const tags = ['simulation'];
const HUGE = 'x'.repeat(200_000);

const params = Type.Object({
  city: Type.String({ minLength: 1, maxLength: 50 }),
  country: Type.String({ pattern: '^[A-Z]{2}$' }),
});

/** OpenWeather's error bodies, as it writes them. */
const ERRORS = {
  WRONG_KEY: {
    cod: 401,
    message: 'Invalid API key. Please see https://openweathermap.org/faq#error401 for more info.',
  },
  QUOTA: { cod: 429, message: 'Your account is temporary blocked due to exceeding of requests limitation.' },
  SERVER_ERROR: { cod: 500, message: 'Internal server error' },
  UNKNOWN_CITY: { cod: '404', message: 'city not found' },
  NO_QUERY: { cod: '400', message: 'Nothing to geocode' },
} as const;

function currentWeather({ city, country, temperatureCc }: SimulatedPlace, nowMs: number) {
  const temp = temperatureCc / 100;
  const dt = Math.floor(nowMs / 1_000);
  const description = temp < 0 ? 'snow' : temp > 30 ? 'clear sky' : 'few clouds';
  return {
    coord: { lon: 0, lat: 0 },
    weather: [{ id: 801, main: 'Clouds', description, icon: '02d' }],
    base: SIMULATED_BASE,
    main: {
      temp,
      feels_like: Math.round((temp - 1.2) * 100) / 100,
      temp_min: temp,
      temp_max: temp,
      pressure: 1_013,
      humidity: 55,
    },
    visibility: 10_000,
    wind: { speed: 3.6, deg: 200 },
    clouds: { all: 20 },
    dt,
    sys: { country },
    timezone: 3_600,
    id: 1,
    name: city,
    cod: 200,
  };
}

/** The one call of OpenWeather's contract, and its ways to fail. */
function addOpenWeatherRoute(
  app: HttpApp,
  places: SimulatedPlaces,
  options: { keys: readonly string[]; clock: Clock },
) {
  const query = Type.Object({
    q: Type.Optional(Type.String({ maxLength: 120 })),
    appid: Type.Optional(Type.String({ maxLength: 200 })),
    units: Type.Optional(Type.String({ maxLength: 20 })),
  });
  app.get(
    '/data/2.5/weather',
    // Its document is OpenWeather's own.
    { schema: { querystring: query, hide: true }, config: { rateLimit: false } },
    async (request, reply) => {
      const { q = '', appid = '' } = request.query;
      const { mode } = places;
      if (mode === 'SILENT') return reply.hijack();
      if (mode === 'HTML') return reply.type('text/html').send('<html><body>Captive portal: log in</body></html>');
      if (mode === 'HUGE') return { main: { temp: 5 }, padding: HUGE };
      if (mode === 'NO_TEMPERATURE') return { cod: 200, base: SIMULATED_BASE, main: { temp: 'NaN' } };
      if (mode === 'WRONG_KEY' || appid === '' || (options.keys.length > 0 && !options.keys.includes(appid)))
        return reply.code(401).send(ERRORS.WRONG_KEY);
      if (mode === 'QUOTA') return reply.code(429).send(ERRORS.QUOTA);
      if (mode === 'SERVER_ERROR') return reply.code(500).send(ERRORS.SERVER_ERROR);
      const [city = '', country = ''] = q.split(',').map((part) => part.trim());
      if (city === '') return reply.code(400).send(ERRORS.NO_QUERY);
      if (!/^[A-Z]{2}$/.test(country) || /^nowhere/i.test(city)) return reply.code(404).send(ERRORS.UNKNOWN_CITY);
      return currentWeather(places.ask(city.slice(0, 50), country), options.clock.nowMs());
    },
  );
}

function addControlRoutes(app: HttpApp, places: SimulatedPlaces): void {
  const list = Type.Object({ mode: SimModeSchema.properties.mode, places: Type.Array(SimulatedPlaceSchema) });
  app.get('/api/places', { schema: { response: { 200: list }, tags } }, () => ({
    mode: places.mode,
    places: places.all(),
  }));
  app.put(
    '/api/places/:country/:city',
    {
      schema: {
        params,
        body: Type.Object({ temperatureCc: Type.Integer({ minimum: -10_000, maximum: 7_000 }) }),
        response: { 200: SimulatedPlaceSchema },
        tags,
      },
    },
    (request) => places.setTemperature(request.params.city, request.params.country, request.body.temperatureCc),
  );
  app.delete(
    '/api/places/:country/:city',
    { schema: { params, response: { 200: SimulatedPlaceSchema }, tags } },
    (request) => places.reset(request.params.city, request.params.country),
  );
  app.put('/api/mode', { schema: { body: SimModeSchema, response: { 200: SimModeSchema }, tags } }, (request) => {
    places.mode = request.body.mode satisfies SimMode;
    return { mode: places.mode };
  });
}

/** The stand-in: OpenWeather's contract, a page and an API to set it, on loopback only. */
export async function startWeatherSim(
  config: WeatherSimConfig,
  { clock, log }: { clock: Clock; log: Log },
): Promise<{ port: number; stop(): Promise<void> }> {
  const feed = createLiveFeed({ feed: 'weather', clock, upstream: () => ({ isCentralReachable: true }) });
  const places = new SimulatedPlaces({ clock, feed, folder: config.dataDir });
  const server = await createPageServer(
    { host: HOST, port: config.port },
    {
      name: 'weather-sim',
      log,
      ratePerMinute: ASKED_A_MINUTE,
      openapi: { title: 'Stand-in for OpenWeather', description: DESCRIPTION },
    },
  );
  const { app } = server;
  const keys = config.keys.split(',').map((key) => key.trim());
  addOpenWeatherRoute(app, places, { keys: keys.filter(Boolean), clock });
  addControlRoutes(app, places);
  app.get('/live', { websocket: true, schema: { hide: true } }, (socket, request) => {
    if (!isSameOrigin(request.headers)) return socket.close(4403, 'FOREIGN_ORIGIN');
    return feed.attach(socket as LiveSocket);
  });
  app.get('/', { schema: { hide: true } }, (_request, reply) => reply.redirect('/sim'));
  const { port } = await server.open('weather');
  return {
    port,
    async stop() {
      feed.stop();
      await app.close();
    },
  };
}
