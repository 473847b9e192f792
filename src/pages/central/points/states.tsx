import type { LiveReading, LiveSnapshot, PanelPoint } from '../../../messages/live-stream.ts';
import type { WeatherPlace, WeatherService } from '../../../messages/weather-api.ts';
import { rememberReadings } from '../../shared/live/reading-history.ts';
import type { Scene } from '../../shared/states/scene.ts';
import { panelPoint, panelSupply, testUuid } from '../../testing/scenes.ts';
import { App } from '../app.tsx';
import { PANEL, showAs } from '../session.ts';
import { clearSelection, selectAll } from './selection.ts';

const MINUTE_MS = 60_000;
const MADRID = {
  ...{ zone: 'MAD', city: 'Madrid', address: 'Calle de Alcalá 45' },
  ...{ latitude: 40.4189, longitude: -3.6962 },
};
const SEVILLE = { zone: 'SEV', city: 'Sevilla', address: 'Avenida de la Constitución 20, frente al Archivo' };
const ALICANTE = { latitude: 38.3452, longitude: -0.4953 };

/** One point in every state that a tile can show. */
const POINTS: readonly PanelPoint[] = [
  panelPoint('ALC1', { ...ALICANTE, locationId: 1, revision: 3, weather: { celsius: 12, isSimulated: false } }),
  panelPoint('ALC2', { latitude: 38.2699, longitude: -0.6983, state: 'CHARGING', phase: 'CHARGING' }),
  panelPoint('ALC3', { state: 'CHARGING', phase: 'PREPARING' }),
  panelPoint('ALC4', { state: 'CHARGING', phase: 'CHARGING', pendingReasons: ['WEATHER'] }),
  panelPoint('MAD1', {
    ...MADRID,
    locationId: 2,
    weather: { celsius: -3, isSimulated: true, alert: 'LOW_TEMP' },
    state: 'OUT_OF_SERVICE',
    reasons: ['OPERATOR', 'WEATHER'],
  }),
  panelPoint('MAD2', { ...MADRID, state: 'FAULTED', faultCode: 'ENGINE_SILENT' }),
  panelPoint('MAD3', { ...MADRID, state: 'FAULTED', phase: 'INTERRUPTED', faultCode: 'ENGINE_GONE' }),
  panelPoint('MAD4', { ...MADRID, state: 'OUT_OF_SERVICE', reasons: ['KEY_REVOKED'], keyState: 'REVOKED' }),
  panelPoint('SEV1', { ...SEVILLE, state: 'DISCONNECTED', lastSeenAtMs: Date.now() - 3 * MINUTE_MS }),
  panelPoint('SEV2', { ...SEVILLE, state: 'DISCONNECTED', lastSeenAtMs: undefined, keyState: 'NONE' }),
  panelPoint('SEV3', { ...SEVILLE, isRegistered: false, state: 'OUT_OF_SERVICE', reasons: ['NO_CHANNEL'] }),
  panelPoint('SEV4', {
    ...SEVILLE,
    latitude: 37.3891,
    longitude: -5.9845,
    state: 'OUT_OF_SERVICE',
    reasons: ['LOCAL'],
    maxPowerW: 350_000,
  }),
];

const SUPPLIES = [
  panelSupply(1, { cpId: 'ALC2', driverId: 'USR001', pluggedAtMs: Date.now() - 12 * MINUTE_MS }),
  panelSupply(2, {
    ...{ cpId: 'ALC3', driverId: 'USR002', state: 'PREPARING', energyWh: 0, powerW: 0, amountCents: 0 },
    plugDeadlineAtMs: Date.now() + 45_000,
  }),
  panelSupply(3, { cpId: 'ALC4', driverId: undefined, origin: 'POINT', energyWh: 10_300, amountCents: 258 }),
  panelSupply(4, { cpId: 'MAD3', driverId: 'USR004', state: 'INTERRUPTED', energyWh: 5_120, amountCents: 128 }),
];

const READINGS: readonly LiveReading[] = [
  [1, 47_230, 312, 8],
  [3, 21_900, 10_310, 258],
];

const PLACES: readonly WeatherPlace[] = [
  {
    ...{ locationId: 1, city: 'Alicante', country: 'ES', pointCount: 4, temperatureCc: 1_200, isSimulated: false },
    observedAtMs: Date.now() - 2_000,
  },
  {
    ...{ locationId: 2, city: 'Madrid', country: 'ES', pointCount: 1, temperatureCc: -310, isSimulated: true },
    ...{ alert: 'LOW_TEMP', alertSinceMs: Date.now() - MINUTE_MS, observedAtMs: Date.now() - 2_000 },
  },
];
const WEATHER: WeatherService = {
  ...{ thresholds: { minCc: 0, maxCc: 4_000, revision: 3 }, isRunning: true, isSimulated: false, pollEveryMs: 4_000 },
  seenAtMs: Date.now() - 1_000,
};

/** A mild day that ends below the limit: Central's readings of each ten minutes, the last ones simulated. */
const DAY = Array.from({ length: 144 }, (_, step) => [
  Date.now() - (143 - step) * 10 * MINUTE_MS,
  Math.round(500 - 800 * Math.cos((step / 110) * 2 * Math.PI)),
  step > 135 ? 1 : 0,
]);
/** Ten minutes of a charge that began before the page was opened. */
const BEFORE = Array.from({ length: 60 }, (_, step) => [
  Date.now() - (72 - step) * 10_000,
  Math.min(47_230, step * 9_000),
  Math.round((step / 60) * 250),
]);

function answer(path: string): unknown {
  if (path.startsWith('/api/weather/history')) return { places: [{ locationId: 1, readings: DAY }] };
  if (path === `/api/supplies/${testUuid(1)}/curve`) return { supplyId: testUuid(1), samples: BEFORE };
  return undefined;
}

const snapshot = (points: readonly PanelPoint[] = POINTS): LiveSnapshot => ({
  points: Object.fromEntries(points.map((point) => [point.cpId, point])),
  supplies: points.length > 0 ? Object.fromEntries(SUPPLIES.map((supply) => [supply.supplyId, supply])) : {},
  refusals: {},
  messages: {},
  modules: { central: { moduleId: 'central', kind: 'central', status: 'UP' } },
  drivers: {},
  weather: Object.fromEntries(PLACES.map((place) => [place.locationId, place])),
  weatherService: { service: WEATHER },
  orders: {
    [testUuid(50)]: {
      ...{ orderId: testUuid(50), cpId: 'ALC1', kind: 'STOP', state: 'SENT', orderedBy: 'ana' },
      orderedAtMs: Date.now() - 3_000,
    },
  },
});

/** The last two minutes of a charge: flat, then down a little. */
function rememberCurves(): void {
  const nowMs = performance.now();
  for (const [index, powerW, energyWh] of READINGS) {
    const past = Array.from({ length: 120 }, (_, second) => ({
      atMs: nowMs - (120 - second) * 1_000,
      powerW: Math.round(powerW * (1 - Math.max(0, second - 90) / 200)),
      energyWh: Math.round(energyWh * (0.8 + (0.2 * second) / 120)),
    }));
    rememberReadings(PANEL, index, past);
  }
}

const admin = () => {
  rememberCurves();
  clearSelection();
  showAs({ operatorId: 'ana', role: 'admin', expiresAtMs: Date.now() + 60 * MINUTE_MS });
};
const nobody = () => {
  rememberCurves();
  showAs(undefined);
};
const app = { feeds: { [PANEL]: snapshot() }, readings: READINGS, answer, render: () => <App /> };

/** The points of the panel in every state. */
export const pointScenes: readonly Scene[] = [
  { ...app, id: 'points', prepare: nobody },
  { ...app, id: 'points-operator', prepare: admin },
  { ...app, id: 'points-filtered', prepare: nobody, path: '/?state=FAULTED,DISCONNECTED' },
  { ...app, id: 'points-no-match', prepare: nobody, path: '/?q=nada' },
  { ...app, id: 'points-late', prepare: nobody, readingAgeMs: 12_000 },
  { ...app, id: 'points-reconnecting', prepare: admin, link: 'RECONNECTING' },
  { ...app, id: 'points-offline', prepare: admin, link: 'OFFLINE' },
  { ...app, id: 'points-central-lost', prepare: admin, upstream: { isCentralReachable: false } },
  { ...app, id: 'points-none', prepare: admin, feeds: { [PANEL]: snapshot([]) } },
  { ...app, id: 'points-loading', prepare: nobody, feeds: {} },
  { ...app, id: 'points-cards', prepare: nobody, path: '/?view=cards' },
  { ...app, id: 'points-table', prepare: nobody, path: '/?view=table' },
  {
    ...{ ...app, id: 'points-table-selected', path: '/?view=table&state=CHARGING,OUT_OF_SERVICE,DISCONNECTED' },
    prepare: () => [admin(), selectAll(['ALC2', 'MAD1', 'SEV1'], true)],
  },
  { ...app, id: 'points-map', prepare: nobody, path: '/mapa' },
  { ...app, id: 'points-filters', prepare: admin, path: '/?zone=MAD&kw=11' },
  { ...app, id: 'points-folded', prepare: nobody, path: '/?folded=ALC,SEV' },
  { ...app, id: 'points-attention-first', prepare: nobody, path: '/?sort=attention' },
  { ...app, id: 'point-gone', prepare: admin, path: '/?cp=NONE1' },
  { ...app, id: 'point-weather', prepare: admin, path: '/?cp=ALC1&detail=weather' },
  { ...app, id: 'point-weather-alert', prepare: nobody, path: '/?cp=MAD1&detail=weather' },
  { ...app, id: 'point-data', prepare: admin, path: '/?cp=ALC1&detail=data' },
  { ...app, id: 'point-data-public', prepare: nobody, path: '/?cp=ALC1&detail=data' },
  { ...app, id: 'point-security', prepare: admin, path: '/?cp=ALC1&detail=security' },
  { ...app, id: 'point-public', prepare: nobody, path: '/?cp=ALC2' },
  ...POINTS.map(({ cpId }): Scene => ({ ...app, id: `point-${cpId}`, prepare: admin, path: `/?cp=${cpId}` })),
];
