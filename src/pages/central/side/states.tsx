import type {
  ChannelList,
  DriverPage,
  Load,
  Statistics,
  SupplyDetail,
  SupplyPage,
  Utilisation,
} from '../../../messages/central-history-api.ts';
import type { LiveSnapshot, PanelMessage, PanelModule, PanelOrder } from '../../../messages/live-stream.ts';
import { PANEL_MESSAGE_CODES } from '../../../messages/shown-codes.ts';
import type { Scene } from '../../shared/states/scene.ts';
import { panelPoint, panelSupply, supplyView, testUuid, ticketView } from '../../testing/scenes.ts';
import { App } from '../app.tsx';
import { closeLogin, openLogin } from '../login-state.ts';
import { closeOrder, giveOrder } from '../orders.ts';
import { PANEL, showAs } from '../session.ts';

const HOUR_MS = 3_600_000;
const nowMs = Date.now();
const LEVELS = ['info', 'warn', 'error'] as const;

/** Every message that there is, with every parameter that any of them has. */
const MESSAGES: readonly PanelMessage[] = PANEL_MESSAGE_CODES.map((code, n) => ({
  messageId: `m${n}`,
  atMs: nowMs - n * 47_000,
  level: LEVELS[n % LEVELS.length]!,
  source: 'central',
  code,
  params: {
    ...{ driverId: 'USR001', energyWh: 10_300, amountCents: 618, name: 'central-1', order: 'STOP', count: 12 },
    ...{ from: 'CHARGING', to: 'FAULTED', reason: 'UNPLUGGED', reasons: 'UNKNOWN_SUPPLY', refusal: 'CP_BUSY' },
  },
  cpId: 'CP001',
  count: n % 4 === 0 ? n + 2 : 1,
}));

const MODULES: readonly PanelModule[] = [
  { moduleId: 'central 6dc105', kind: 'central', status: 'UP', version: '0.1.0', startedAtMs: nowMs - 3 * HOUR_MS },
  { moduleId: 'kafka', kind: 'kafka', status: 'UP' },
  { moduleId: 'database', kind: 'database', status: 'UP', latencyMs: 2 },
  { moduleId: 'registry 214406', kind: 'registry', status: 'UP', version: '1', startedAtMs: nowMs - 2 * HOUR_MS },
];
const LOST_MODULES: readonly PanelModule[] = MODULES.map((module) =>
  module.kind === 'registry' || module.kind === 'kafka'
    ? { ...module, status: 'DOWN', seenAtMs: nowMs - 3 * 60_000 }
    : module,
);

/** The first of two Centrals is away, the second does its work. */
const ONE_CENTRAL_OF_TWO: readonly PanelModule[] = [
  { ...MODULES[0]!, moduleId: 'central-1', status: 'DOWN', seenAtMs: nowMs - 60_000 },
  { ...MODULES[0]!, moduleId: 'central-2' },
  ...MODULES.slice(1),
];

const POINTS = [
  panelPoint('ALC1', { state: 'CHARGING', phase: 'CHARGING' }),
  panelPoint('ALC2'),
  panelPoint('MAD1', { zone: 'MAD', state: 'FAULTED', faultCode: 'ENGINE_SILENT' }),
  panelPoint('MAD2', { zone: 'MAD', state: 'DISCONNECTED', lastSeenAtMs: nowMs - 3 * 60_000 }),
];
const OPEN = panelSupply(1, { cpId: 'ALC1', requestedAtMs: nowMs - 60_000 });

function byId<Entity>(entities: readonly Entity[], idOf: (entity: Entity) => string): Record<string, Entity> {
  return Object.fromEntries(entities.map((entity) => [idOf(entity), entity]));
}

const snapshot = (modules: readonly PanelModule[] = MODULES): LiveSnapshot => ({
  points: byId(POINTS, (point) => point.cpId),
  supplies: { [OPEN.supplyId]: OPEN },
  refusals: {
    [testUuid(70)]: {
      requestId: testUuid(70),
      cpId: 'MAD1',
      driverId: 'USR009',
      origin: 'APP',
      refusal: { code: 'CP_FAULTED' },
      atMs: nowMs - 9_000,
    },
  },
  messages: byId(MESSAGES, (message) => message.messageId),
  modules: byId(modules, (module) => module.moduleId),
  drivers: {
    a: { driverId: 'USR001', via: 'DRV001', sinceMs: nowMs - 8 * 60_000 },
    b: { driverId: 'USR004', via: 'DRV002', sinceMs: nowMs - HOUR_MS },
  },
  orders: {},
});

const ended = supplyView(2, {
  state: 'ENDED',
  requestedAtMs: nowMs - HOUR_MS,
  pluggedAtMs: nowMs - HOUR_MS + 30_000,
  endedAtMs: nowMs - HOUR_MS + 48_000,
  endReason: 'UNPLUGGED',
  energyWh: 200,
  amountCents: 5,
  ticketNumber: 52,
});
const HISTORY: SupplyPage = {
  supplies: [
    OPEN,
    ended,
    supplyView(3, { ...ended, supplyId: testUuid(3), endReason: 'FAULT', isEstimated: true, ticketNumber: 51 }),
    supplyView(4, { state: 'DENIED', refusal: { code: 'CP_OUT_OF_SERVICE', reasons: ['OPERATOR', 'WEATHER'] } }),
    supplyView(5, { ...ended, supplyId: testUuid(5), driverId: undefined, origin: 'POINT', endReason: 'PLUG_TIMEOUT' }),
  ],
  nextCursor: 'next',
  totals: { supplies: 1_284, energyWh: 12_345_678, amountCents: 482_110 },
};
const DETAIL: SupplyDetail = {
  supply: ended,
  tickets: [
    ticketView(53, { correctsTicketNumber: 52 }),
    ticketView(52, {
      isEstimated: true,
      curve: Array.from({ length: 30 }, (_, n) => [n, n < 25 ? 47_000 - n * 200 : 20_000, n * 12]),
    }),
  ],
};
const DRIVERS: DriverPage = {
  drivers: ['USR001', 'USR002', 'USR003'].map((driverId, n) => ({
    driverId,
    isErased: n === 2,
    supplies: n * 7,
    energyWh: n * 51_200,
    amountCents: n * 1_300,
    ...(n > 0 && { lastSupplyAtMs: nowMs - n * HOUR_MS }),
  })),
  total: 3,
};
const CHANNELS: ChannelList = {
  channels: ['cp:ALC1', 'cp:MAD1', 'driver:DRV001'].map((clientId, n) => ({
    clientId,
    zone: 'ALC',
    channelNumber: n,
    partition: 0,
    leaseId: testUuid(80 + n),
    startsAtMs: nowMs - 60_000,
    expiresAtMs: nowMs + 500_000,
  })),
  total: 3,
};
const ZONES = ['ALC', 'MAD', 'SEV', 'BIO', 'VLC', 'ZAZ', 'MUR', 'BCN'];
const HOURS = Array.from({ length: 24 }, (_, n) => n);
const STATISTICS: Statistics = {
  range: '24h',
  unit: 'hour',
  timeZone: 'UTC',
  fromMs: nowMs - 24 * HOUR_MS,
  computedAtMs: nowMs,
  startsMs: HOURS.map((n) => nowMs - (23 - n) * HOUR_MS),
  zones: ZONES.map((zone, place) => ({
    zone,
    energyWh: HOURS.map((n) => Math.round(40_000 * (1 + Math.sin((n + place) / 4)))),
    amountCents: HOURS.map((n) => Math.round(1_000 * (1 + Math.sin((n + place) / 4)))),
    supplies: HOURS.map((n) => Math.round(4 * (1 + Math.sin((n + place) / 4)))),
  })),
  topPoints: POINTS.map((point, n) => ({
    ...{ cpId: point.cpId, supplies: 9 - n },
    ...{ energyWh: 120_000 - n * 21_000, amountCents: 3_000 - n * 500 },
  })),
};
const LOAD: Load = {
  everyMs: 10_000,
  zones: ZONES.slice(0, 3),
  samples: Array.from({ length: 120 }, (_, n) => n)
    .filter((n) => n < 50 || n > 62)
    .map((n) => ({
      atMs: nowMs - (120 - n) * 10_000,
      powerW: [40_000 + 9_000 * Math.sin(n / 9), 22_000, 11_000 + 11_000 * Math.sin(n / 5)].map(Math.round),
      states: [5, 3, 1, n > 90 ? 2 : 1, 1],
    })),
};
/** A network that works by day, less on Sundays. */
const WEEK: Utilisation = {
  ...{ timeZone: 'UTC', fromMs: nowMs - 28 * 24 * HOUR_MS, computedAtMs: nowMs, pointCount: 6 },
  chargingS: Array.from({ length: 7 * 24 }, (_, place) => {
    const [day, hour] = [Math.floor(place / 24), place % 24];
    const share = Math.max(0, Math.sin(((hour - 5) / 17) * Math.PI)) * (day === 6 ? 0.4 : 1);
    return Math.round(share * 4.6 * 4 * 3_600);
  }),
  topPoints: POINTS.map((point, n) => ({ cpId: point.cpId, chargingS: 900_000 - n * 140_000 })),
};
const EMPTY: Statistics = { ...STATISTICS, zones: [], topPoints: [] };

const ORDER_ROWS: readonly PanelOrder[] = (['APPLIED', 'APPLIED', 'SENT', 'REFUSED', 'TIMED_OUT'] as const).map(
  (state, n) => ({
    ...{ orderId: testUuid(90), cpId: `CP00${n + 1}`, kind: 'STOP', state, orderedBy: 'operator:ana' },
    ...(state === 'REFUSED' && { code: 'SERVICE_UNAVAILABLE' }),
    orderedAtMs: nowMs - 9_000,
    ...(state !== 'SENT' && { settledAtMs: nowMs - 8_000 + n * 1_000 }),
  }),
);

function answer(path: string): unknown {
  if (path.startsWith('/api/supplies/history')) return HISTORY;
  if (path.startsWith('/api/supplies/')) return DETAIL;
  if (path.startsWith('/api/drivers')) return DRIVERS;
  if (path.startsWith('/api/channels')) return CHANNELS;
  if (path.startsWith('/api/statistics')) return STATISTICS;
  if (path.startsWith('/api/load')) return LOAD;
  if (path.startsWith('/api/utilisation')) return WEEK;
  return path.startsWith('/api/orders') ? { orderId: testUuid(90), items: ORDER_ROWS } : undefined;
}

const none: Record<string, unknown> = {
  '/api/supplies/history': { supplies: [], totals: { supplies: 0, energyWh: 0, amountCents: 0 } },
  '/api/drivers': { drivers: [], total: 0 },
  '/api/load': { ...LOAD, samples: [] },
  '/api/utilisation': { ...WEEK, chargingS: WEEK.chargingS.map(() => 0), topPoints: [] },
};
const nothing = (path: string) => (path.startsWith('/api/statistics') ? EMPTY : none[path.split('?')[0] ?? '']);

function bare(): void {
  closeLogin();
  closeOrder();
}
const admin = () => {
  bare();
  showAs({ operatorId: 'ana', role: 'admin', expiresAtMs: nowMs + HOUR_MS });
};
const nobody = () => {
  bare();
  showAs(undefined);
};
const app = { feeds: { [PANEL]: snapshot() }, render: () => <App />, answer, prepare: admin };

/** The panel's pages beside the points, in every state. */
export const sideScenes: readonly Scene[] = [
  { ...app, id: 'side', path: '/' },
  { ...app, id: 'side-one-central-of-two', path: '/', feeds: { [PANEL]: snapshot(ONE_CENTRAL_OF_TWO) } },
  { ...app, id: 'login', path: '/', prepare: () => [nobody(), openLogin()] },
  { ...app, id: 'order-results', path: '/', prepare: () => [admin(), void giveOrder('STOP', { isForAll: true })] },
  { ...app, id: 'history', path: '/recargas' },
  { ...app, id: 'history-filtered', path: '/recargas?group=ENDED&cp=CP001&from=2026-11-01', answer: nothing },
  { ...app, id: 'history-none', path: '/recargas', answer: nothing },
  { ...app, id: 'history-problem', path: '/recargas', answer: () => undefined },
  { ...app, id: 'history-public', path: '/recargas', prepare: nobody },
  { ...app, id: 'history-detail', path: `/recargas?supply=${ended.supplyId}` },
  { ...app, id: 'drivers', path: '/conductores' },
  { ...app, id: 'drivers-none', path: '/conductores', answer: nothing },
  { ...app, id: 'drivers-public', path: '/conductores', prepare: nobody },
  { ...app, id: 'charts', path: '/graficos' },
  { ...app, id: 'charts-empty', path: '/graficos', answer: nothing },
  { ...app, id: 'system', path: '/sistema' },
  { ...app, id: 'system-lost', path: '/sistema', feeds: { [PANEL]: snapshot(LOST_MODULES) } },
  { ...app, id: 'system-central-lost', path: '/sistema', upstream: { isCentralReachable: false } },
  { ...app, id: 'no-such-page', path: '/nada' },
];
