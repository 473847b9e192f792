import type { BatchLine } from '../../domain/batch.ts';
import type { BatchView } from '../../messages/batches.ts';
import type { PointCard, SupplyView, TicketView } from '../../messages/entities.ts';
import type { DriverMe, LiveSnapshot } from '../../messages/live-stream.ts';
import type { Scene } from '../shared/states/scene.ts';
import { driverMe, pointCard, supplyView, testUuid, ticketView } from '../testing/scenes.ts';
import { App } from './app.tsx';
import { ChargeSheet } from './points/charge-sheet.tsx';
import { ME, POINTS, showAs } from './session.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const now = Date.now();

const cards: readonly PointCard[] = [
  pointCard('CP001', { latitude: 38.3452, longitude: -0.4953 }),
  pointCard('CP002', { state: 'CHARGING', latitude: 38.3852, longitude: -0.5133, address: 'Gran Vía 2' }),
  pointCard('CP003', {
    state: 'OUT_OF_SERVICE',
    reasons: ['OPERATOR', 'KEY_REVOKED'],
    latitude: 38.27,
    longitude: -0.7,
  }),
  pointCard('CP004', { state: 'FAULTED', zone: 'MAD', city: 'Madrid', latitude: 40.4189, longitude: -3.6962 }),
  pointCard('CP005', { state: 'DISCONNECTED', address: 'Avenida de la Constitución 20, frente al Archivo de Indias' }),
  pointCard('CP006', {
    zone: 'MAD',
    city: 'Madrid',
    maxPowerW: 350_000,
    priceE4PerKwh: 5_425,
    latitude: 40.42,
    longitude: -3.7,
  }),
  pointCard('CP007', {
    ...{ state: 'OUT_OF_SERVICE', reasons: ['WEATHER'], latitude: 40.66, longitude: -4.68 },
    weather: { celsius: -3, isSimulated: false, alert: 'LOW_TEMP' },
  }),
  pointCard('CP008', {
    ...{ zone: 'SEV', city: 'Sevilla', latitude: 37.3891, longitude: -5.9845 },
    weather: { celsius: 21, isSimulated: false },
  }),
];

const nearlyColdPoint = pointCard('CP010', { weather: { celsius: 1, isSimulated: false, nearAlert: 'LOW_TEMP' } });
const nearlyHotPoint = pointCard('CP011', { weather: { celsius: 39, isSimulated: false, nearAlert: 'HIGH_TEMP' } });

const curve = Array.from({ length: 60 }, (_, second) => [
  second,
  Math.round(second < 12 ? (50_000 * second) / 12 : 50_000 - Math.max(0, second - 40) * 900),
  Math.round(second * 11.5),
]);

const ticketCurve = Array.from({ length: 19 }, (_, second) => [
  second,
  Math.min(47_200, second * 16_000),
  Math.round(second * 13.1),
]);

const charging: SupplyView = supplyView(1, { pluggedAtMs: now - MINUTE_MS, energyWh: 680, amountCents: 17 });
const tickets: readonly TicketView[] = [
  ticketView(54, { curve: ticketCurve, authorisedAtMs: now - 38_000 }),
  ticketView(53, {
    readAtMs: now,
    isEstimated: true,
    endReason: 'FAULT',
    pluggedAtMs: now - DAY_MS - 240_000,
    endedAtMs: now - DAY_MS,
  }),
  ticketView(52, { readAtMs: now, energyWh: 0, amountCents: 0, pluggedAtMs: undefined, endReason: 'PLUG_TIMEOUT' }),
  ticketView(40, { readAtMs: now, cpId: 'MAD2', address: 'Gran Vía 2, Madrid', endedAtMs: now - 40 * DAY_MS }),
];
const read = tickets.map((ticket) => ({ ...ticket, readAtMs: now }));

type Parts = {
  me?: Partial<DriverMe>;
  tickets?: readonly TicketView[];
  batches?: readonly BatchView[];
  points?: readonly PointCard[];
};

function feedsOf(parts: Parts): Readonly<Record<string, LiveSnapshot>> {
  return {
    [POINTS]: { points: Object.fromEntries((parts.points ?? cards).map((card) => [card.cpId, card])) },
    [ME]: {
      me: { me: driverMe(parts.me) },
      tickets: Object.fromEntries((parts.tickets ?? read).map((ticket) => [String(ticket.ticketNumber), ticket])),
      batches: Object.fromEntries((parts.batches ?? []).map((batch) => [batch.batchId, batch])),
    },
  };
}

function line(n: number, change: Partial<BatchLine>): BatchView['lines'][number] {
  return {
    line: n,
    cpId: `CP00${n}`,
    requestId: testUuid(100 + n),
    state: 'WAITING',
    ...change,
  } as BatchView['lines'][number];
}

function batchView(change: Partial<BatchView> = {}): BatchView {
  return {
    ...{ batchId: testUuid(7), driverId: 'USR001', createdAtMs: now, state: 'RUNNING', nextAtMs: now },
    lines: [
      line(1, { state: 'DONE', energyWh: 200, amountCents: 5, endReason: 'UNPLUGGED' }),
      line(2, { state: 'DENIED', refusal: { code: 'CP_FAULTED' } }),
      line(3, { state: 'INVALID', cpId: 'esto no es' }),
      line(4, { state: 'INTERRUPTED', supplyState: 'INTERRUPTED' }),
      line(5, { state: 'OPEN', supplyId: charging.supplyId, supplyState: 'CHARGING' }),
      line(6, {}),
      line(7, { state: 'SKIPPED' }),
    ],
    ...change,
  };
}

const over = batchView({
  state: 'FINISHED',
  finishedAtMs: now,
  lines: batchView().lines.filter(({ line: n }) => n < 5),
});
/** Cancelled while a line charges: that charge runs on as any other. */
const cancelled = batchView({
  state: 'CANCELLED',
  lines: batchView().lines.map((one) => (one.state === 'WAITING' ? { ...one, state: 'SKIPPED' as const } : one)),
});
const betweenTwo = batchView({ nextAtMs: now + 4_000, lines: batchView().lines.filter(({ line: n }) => n !== 5) });
const answerCurve = (path: string) => (path.endsWith('/curve') ? { points: curve } : undefined);
const me = (change: Partial<DriverMe>): { feeds: Scene['feeds'] } => ({ feeds: feedsOf({ me: change }) });
const plain = { feeds: feedsOf({}), prepare: () => showAs('SIGNED_IN'), render: () => <App />, answer: answerCurve };
const atCharge = { ...plain, path: '/recarga' };
const running = me({ openSupply: charging, readingAtMs: now });
const alone = { upstream: { isCentralReachable: false, isBrokerUp: true }, dataAgeMs: 48_000 };
const preparing = supplyView(2, {
  ...{ state: 'PREPARING', pluggedAtMs: undefined, plugDeadlineAtMs: now + 5 * MINUTE_MS, energyWh: 0, amountCents: 0 },
});
const out = (status: Parameters<typeof showAs>[0], code?: string) => () =>
  showAs(status, code === undefined ? undefined : { isOk: false, status: 503, code, params: {} });

/** Every visual state of the driver's app (`/__states`). */
export const scenes: readonly Scene[] = [
  { ...plain, id: 'sign-in', prepare: out('SIGNED_OUT') },
  { ...plain, id: 'sign-in-again', prepare: out('SIGNED_OUT', 'LOGIN_REQUIRED') },
  { ...plain, id: 'unreachable', prepare: out('UNREACHABLE', 'CENTRAL_UNREACHABLE') },
  { ...plain, id: 'points' },
  { ...plain, id: 'points-all', path: '/?all=1' },
  { ...plain, id: 'points-map', path: '/?all=1&view=map' },
  { ...plain, id: 'points-no-match', path: '/?q=nada' },
  { ...plain, id: 'points-none', feeds: feedsOf({ points: [] }) },
  { ...plain, id: 'points-loading', feeds: {} },
  { ...plain, ...running, id: 'points-charging', path: '/?all=1' },
  { ...plain, id: 'points-reconnecting', link: 'RECONNECTING', path: '/?all=1' },
  { ...plain, id: 'points-offline', link: 'OFFLINE', path: '/?all=1' },
  { ...plain, ...alone, id: 'points-central-lost', path: '/?all=1' },
  { ...plain, ...alone, id: 'points-broker-lost', upstream: { isCentralReachable: false, isBrokerUp: false } },
  { ...plain, id: 'charge-sheet', render: () => <ChargeSheet point={cards[7]!} onClose={() => undefined} /> },
  {
    ...plain,
    id: 'charge-sheet-cold',
    render: () => <ChargeSheet point={nearlyColdPoint} onClose={() => undefined} />,
  },
  { ...plain, id: 'charge-sheet-hot', render: () => <ChargeSheet point={nearlyHotPoint} onClose={() => undefined} /> },
  { ...plain, id: 'charge-sheet-gone', render: () => <ChargeSheet point={cards[1]!} onClose={() => undefined} /> },
  { ...atCharge, id: 'charge-none' },
  { ...atCharge, id: 'charge-none-ever', feeds: feedsOf({ tickets: [] }) },
  {
    ...atCharge,
    ...me({ pendingRequest: { requestId: testUuid(3), cpId: 'CP001', sentAtMs: now - 3_000 } }),
    id: 'charge-pending',
  },
  {
    ...atCharge,
    ...me({ lastRefusal: { cpId: 'CP003', refusal: { code: 'CP_OUT_OF_SERVICE', reasons: ['OPERATOR'] }, atMs: now } }),
    id: 'charge-refused',
  },
  {
    ...atCharge,
    ...me({ openSupply: { ...preparing, state: 'REQUESTED', authorisedAtMs: undefined } }),
    id: 'charge-requested',
  },
  { ...atCharge, ...me({ openSupply: preparing }), id: 'charge-plug-in' },
  {
    ...atCharge,
    ...me({ openSupply: { ...charging, pluggedAtMs: now - 1_000, energyWh: 0, powerW: 0, amountCents: 0 } }),
    ...{ id: 'charge-first-reading', answer: () => ({ points: [] }) },
  },
  { ...atCharge, ...running, id: 'charge-running' },
  { ...atCharge, ...me({ openSupply: charging, readingAtMs: now - 5 * MINUTE_MS }), id: 'charge-stale' },
  { ...atCharge, ...alone, ...me({ openSupply: charging, readingAtMs: now - 48_000 }), id: 'charge-central-lost' },
  { ...atCharge, ...me({ openSupply: { ...charging, cpId: 'CP005' }, readingAtMs: now }), id: 'charge-no-supervision' },
  { ...atCharge, ...me({ openSupply: { ...charging, state: 'ENDING' }, readingAtMs: now }), id: 'charge-closing' },
  { ...atCharge, ...me({ interruptedSupplies: [{ ...charging, state: 'INTERRUPTED' }] }), id: 'charge-interrupted' },
  { ...atCharge, id: 'ticket', feeds: feedsOf({ tickets }) },
  { ...atCharge, id: 'tickets-unread', feeds: feedsOf({ tickets: tickets.map(({ readAtMs: _, ...rest }) => rest) }) },
  { ...plain, id: 'history', path: '/historial', feeds: feedsOf({ tickets }) },
  { ...plain, id: 'history-none', path: '/historial', feeds: feedsOf({ tickets: [] }) },
  { ...plain, id: 'history-ticket-estimated', path: '/historial/53' },
  { ...plain, id: 'history-ticket-missing', path: '/historial/9', answer: () => ({ tickets: [], hasMore: false }) },
  { ...plain, id: 'more', path: '/mas' },
  { ...plain, id: 'messages', path: '/mas/mensajes', feeds: feedsOf({ tickets, me: { openSupply: charging } }) },
  { ...plain, id: 'batch-new', path: '/mas/lote', prepare: draft('CP001\nCP004\n\nesto no es\nCP999') },
  { ...plain, id: 'batch-empty', path: '/mas/lote', prepare: draft('') },
  {
    ...plain,
    ...{ id: 'batch-running', path: '/mas/lote' },
    feeds: feedsOf({ batches: [batchView()], me: { openSupply: charging, readingAtMs: now } }),
  },
  { ...plain, id: 'batch-next', path: '/mas/lote', feeds: feedsOf({ batches: [betweenTwo] }) },
  { ...plain, id: 'batch-paused', path: '/mas/lote', feeds: feedsOf({ batches: [batchView({ state: 'PAUSED' })] }) },
  {
    ...{ ...plain, id: 'batch-cancelled', path: '/mas/lote' },
    feeds: feedsOf({ batches: [cancelled], me: { openSupply: charging, readingAtMs: now } }),
  },
  { ...plain, id: 'batch-over', path: '/mas/lote', feeds: feedsOf({ batches: [over] }) },
  { ...plain, id: 'not-found', path: '/nada' },
];

function draft(text: string): () => void {
  return () => {
    sessionStorage.setItem('ev.batchDraft', text);
    showAs('SIGNED_IN');
  };
}
