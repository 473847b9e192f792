import type { SimulatedPlace, WatchedLocation, WeatherMonitorView } from '../../messages/weather-view.ts';
import type { Scene } from '../shared/states/scene.ts';
import { WEATHER } from './actions.ts';
import { App } from './app.tsx';

const NOW_MS = Date.now();

const monitor: WeatherMonitorView = {
  source: 'https://api.openweathermap.org',
  key: 'ENVIRONMENT',
  lastAnswerAtMs: NOW_MS - 2_000,
  isSimulated: false,
  pollEveryMs: 4_000,
  isCentralReachable: true,
  thresholds: { minCc: 0, maxCc: 4_000, revision: 1 },
  mayChange: true,
};

function place(change: Partial<WatchedLocation> & { locationId: number; city: string }): WatchedLocation {
  const country = 'ES';
  return {
    ...{ country, watched: { city: change.city, country }, cpIds: ['CP001'], isSimulated: false, isReported: true },
    ...{ temperatureCc: 1_290, observedAtMs: NOW_MS - 2_000, ...change },
  };
}

const places: Record<string, WatchedLocation> = {
  1: place({ locationId: 1, city: 'Alicante' }),
  2: place({ locationId: 2, city: 'Ávila', temperatureCc: -310, alert: 'LOW_TEMP', cpIds: ['CP002', 'CP003'] }),
  3: place({ locationId: 3, city: 'Sevilla', temperatureCc: 4_210, alert: 'HIGH_TEMP' }),
  4: {
    ...place({ locationId: 4, city: 'San Vicente del Raspeig', watched: { city: 'Kiruna', country: 'SE' } }),
    failure: 'UNKNOWN_CITY',
    isReported: false,
  },
};

const failing: WeatherMonitorView = {
  ...monitor,
  failure: 'QUOTA',
  pausedUntilMs: NOW_MS + 60_000,
  isCentralReachable: false,
};

const simulated: Record<string, SimulatedPlace> = {
  'alicante,ES': { city: 'Alicante', country: 'ES', temperatureCc: 1_710, isSet: false, askedAtMs: NOW_MS - 1_000 },
  'ávila,ES': { city: 'Ávila', country: 'ES', temperatureCc: -500, isSet: true, askedAtMs: NOW_MS - 1_000 },
};

/** Every visual state of EV_W's page and of the stand-in's (`/__states`). */
export const scenes: readonly Scene[] = [
  { id: 'monitor', feeds: { [WEATHER]: { monitor: { monitor }, places } }, render: () => <App /> },
  {
    id: 'monitor-failing',
    feeds: { [WEATHER]: { monitor: { monitor: failing }, places } },
    upstream: { isCentralReachable: false },
    dataAgeMs: 48_000,
    render: () => <App />,
  },
  { id: 'monitor-loading', feeds: {}, render: () => <App /> },
  {
    id: 'monitor-offline',
    link: 'OFFLINE',
    feeds: { [WEATHER]: { monitor: { monitor }, places } },
    render: () => <App />,
  },
  { id: 'monitor-empty', feeds: { [WEATHER]: { monitor: { monitor }, places: {} } }, render: () => <App /> },
  {
    id: 'simulator',
    feeds: { [WEATHER]: { mode: { mode: { mode: 'OK' } }, places: simulated } },
    path: '/sim',
    render: () => <App />,
  },
  {
    id: 'simulator-failing',
    feeds: { [WEATHER]: { mode: { mode: { mode: 'WRONG_KEY' } }, places: {} } },
    path: '/sim',
    render: () => <App />,
  },
];
