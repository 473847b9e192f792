import type { LiveReading, LiveSnapshot, PanelPoint } from '../../../messages/live-stream.ts';
import type { Scene } from '../../shared/states/scene.ts';
import { panelPoint, panelSupply, testUuid } from '../../testing/scenes.ts';
import { App } from '../app.tsx';
import { PANEL, showAs } from '../session.ts';
import { PointDialog } from './point-dialog.tsx';

const MINUTE_MS = 60_000;
const MADRID = { zone: 'MAD', city: 'Madrid', address: 'Calle de Alcalá 45' };
const SEVILLE = { zone: 'SEV', city: 'Sevilla', address: 'Avenida de la Constitución 20, frente al Archivo' };

/** One point in every state that a tile can show. */
const POINTS: readonly PanelPoint[] = [
  panelPoint('ALC1'),
  panelPoint('ALC2', { state: 'CHARGING', phase: 'CHARGING' }),
  panelPoint('ALC3', { state: 'CHARGING', phase: 'PREPARING' }),
  panelPoint('ALC4', { state: 'CHARGING', phase: 'CHARGING', pendingReasons: ['WEATHER'] }),
  panelPoint('MAD1', { ...MADRID, state: 'OUT_OF_SERVICE', reasons: ['OPERATOR', 'WEATHER'] }),
  panelPoint('MAD2', { ...MADRID, state: 'FAULTED', faultCode: 'ENGINE_SILENT' }),
  panelPoint('MAD3', { ...MADRID, state: 'FAULTED', phase: 'INTERRUPTED', faultCode: 'ENGINE_GONE' }),
  panelPoint('MAD4', { ...MADRID, state: 'OUT_OF_SERVICE', reasons: ['KEY_REVOKED'], keyState: 'REVOKED' }),
  panelPoint('SEV1', { ...SEVILLE, state: 'DISCONNECTED', lastSeenAtMs: Date.now() - 3 * MINUTE_MS }),
  panelPoint('SEV2', { ...SEVILLE, state: 'DISCONNECTED', lastSeenAtMs: undefined, keyState: 'NONE' }),
  panelPoint('SEV3', { ...SEVILLE, isRegistered: false, state: 'OUT_OF_SERVICE', reasons: ['NO_CHANNEL'] }),
  panelPoint('SEV4', { ...SEVILLE, state: 'OUT_OF_SERVICE', reasons: ['LOCAL'], maxPowerW: 350_000 }),
];

const SUPPLIES = [
  panelSupply(1, { cpId: 'ALC2', driverId: 'USR001' }),
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

const snapshot = (points: readonly PanelPoint[] = POINTS): LiveSnapshot => ({
  points: Object.fromEntries(points.map((point) => [point.cpId, point])),
  supplies: points.length > 0 ? Object.fromEntries(SUPPLIES.map((supply) => [supply.supplyId, supply])) : {},
  refusals: {},
  messages: {},
  modules: { central: { moduleId: 'central', kind: 'central', status: 'UP' } },
  drivers: {},
  orders: {
    [testUuid(50)]: {
      ...{ orderId: testUuid(50), cpId: 'ALC1', kind: 'STOP', state: 'SENT', orderedBy: 'ana' },
      orderedAtMs: Date.now() - 3_000,
    },
  },
});

const admin = () => showAs({ operatorId: 'ana', role: 'admin', expiresAtMs: Date.now() + 60 * MINUTE_MS });
const nobody = () => showAs(undefined);
const app = { feeds: { [PANEL]: snapshot() }, readings: READINGS, render: () => <App /> };

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
  ...POINTS.map(
    ({ cpId }): Scene => ({
      ...app,
      id: `point-${cpId}`,
      prepare: admin,
      render: () => (
        <main>
          <h1>{cpId}</h1>
          <PointDialog cpId={cpId} onClose={() => undefined} />
        </main>
      ),
    }),
  ),
];
