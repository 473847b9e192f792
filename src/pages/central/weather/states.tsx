import type { LiveSnapshot } from '../../../messages/live-stream.ts';
import type { WeatherPlace, WeatherService } from '../../../messages/weather-api.ts';
import type { Scene } from '../../shared/states/scene.ts';
import { panelPoint } from '../../testing/scenes.ts';
import { App } from '../app.tsx';
import { PANEL, showAs } from '../session.ts';

const NOW_MS = Date.now();
const thresholds = { minCc: 0, maxCc: 4_000, revision: 3 };

const running: WeatherService = {
  thresholds,
  isRunning: true,
  seenAtMs: NOW_MS - 1_000,
  isSimulated: false,
  pollEveryMs: 4_000,
  lastAnswerAtMs: NOW_MS - 2_000,
};

const PLACES: readonly WeatherPlace[] = [
  {
    ...{ locationId: 1, city: 'Alicante', country: 'ES', pointCount: 4, temperatureCc: 1_290, feelsLikeCc: 1_150 },
    ...{
      humidityPercent: 61,
      windCmS: 320,
      conditions: 'few clouds',
      observedAtMs: NOW_MS - 2_000,
      isSimulated: false,
    },
  },
  {
    ...{ locationId: 2, city: 'Ávila', country: 'ES', pointCount: 1, temperatureCc: -310, feelsLikeCc: -720 },
    ...{ humidityPercent: 88, windCmS: 540, conditions: 'snow', observedAtMs: NOW_MS - 2_000, isSimulated: true },
    ...{ alert: 'LOW_TEMP', alertSinceMs: NOW_MS - 60_000 },
  },
  {
    ...{ locationId: 3, city: 'San Vicente del Raspeig', country: 'ES', pointCount: 2, temperatureCc: 4_210 },
    ...{ watched: { city: 'Kuwait City', country: 'KW' }, observedAtMs: NOW_MS - 90_000, isSimulated: false },
    ...{ alert: 'HIGH_TEMP', alertSinceMs: NOW_MS - 60_000, failure: 'BAD_ANSWER' },
  },
  {
    ...{ locationId: 4, city: 'Vilallonga', country: 'ES', pointCount: 1, isSimulated: false },
    failure: 'UNKNOWN_CITY',
  },
];

const snapshot = (service: WeatherService, places: readonly WeatherPlace[] = PLACES): LiveSnapshot => ({
  points: {
    CP001: panelPoint('CP001', { locationId: 1 }),
    CP002: panelPoint('CP002', { locationId: 2, state: 'OUT_OF_SERVICE', reasons: ['WEATHER'] }),
  },
  supplies: {},
  refusals: {},
  messages: {},
  modules: { central: { moduleId: 'central', kind: 'central', status: 'UP' } },
  drivers: {},
  weather: Object.fromEntries(places.map((place) => [place.locationId, place])),
  weatherService: { service },
});

const nobody = () => showAs(undefined);
const operator = () => showAs({ operatorId: 'ana', role: 'operator', expiresAtMs: NOW_MS + 3_600_000 });

/** A cold morning and a mild day, one reading each ten minutes. */
const day = Array.from({ length: 144 }, (_, step) => [
  NOW_MS - (143 - step) * 600_000,
  Math.round(900 - 700 * Math.cos((step / 144) * 2 * Math.PI)),
  0,
]);
const history = { places: [1, 2, 3].map((locationId) => ({ locationId, readings: day })) };

const at = {
  path: '/clima',
  answer: (path: string) => (path.startsWith('/api/weather/history') ? history : undefined),
  render: () => <App />,
};
const failing: WeatherService = { ...running, failure: 'QUOTA', failingSinceMs: NOW_MS - 300_000 };

/** The weather page in every state. */
export const weatherScenes: readonly Scene[] = [
  { ...at, id: 'weather', prepare: operator, feeds: { [PANEL]: snapshot(running) } },
  { ...at, id: 'weather-public', prepare: nobody, feeds: { [PANEL]: snapshot({ ...running, isSimulated: true }) } },
  { ...at, id: 'weather-failing', prepare: operator, feeds: { [PANEL]: snapshot(failing) } },
  {
    ...{ ...at, id: 'weather-silent', prepare: operator },
    feeds: { [PANEL]: snapshot({ ...running, isRunning: false, seenAtMs: NOW_MS - 300_000 }) },
  },
  { ...at, id: 'weather-none', prepare: operator, feeds: { [PANEL]: snapshot(running, []) } },
];
