import type { EngineView, MonitorView, Upstream } from '../../messages/live-stream.ts';
import type { Scene } from '../shared/states/scene.ts';
import { engineView, monitorView, testUuid } from '../testing/scenes.ts';
import { ENGINE, MONITOR } from './actions.ts';
import { App } from './app.tsx';

const now = Date.now();
const up: Upstream = { isCentralReachable: true, isEngineReachable: true, isMonitorReachable: true, isBrokerUp: true };

const supply: NonNullable<EngineView['supply']> = {
  ...{ supplyId: testUuid(1), requestId: testUuid(2), driverId: 'USR001', origin: 'APP', priceE4PerKwh: 2_500 },
  ...{ energyWh: 312, powerW: 47_230, amountCents: 8, pluggedAtMs: now - 24_000 },
  curve: Array.from({ length: 24 }, (_, second) => [second, second < 3 ? second * 15_000 : 47_230, second * 13]),
};
const asked = { ...supply, energyWh: 0, powerW: 0, amountCents: 0, pluggedAtMs: undefined, curve: undefined };
const nothingYet = { energyWh: 0, powerW: 0, amountCents: 0, pluggedAtMs: now - 1_000, curve: [[0, 0, 0]] };
const ticket: NonNullable<EngineView['lastTicket']> = {
  ...{ supplyId: testUuid(3), ticketNumber: 52, energyWh: 200, amountCents: 5, priceE4PerKwh: 2_500 },
  ...{ pluggedAtMs: now - 618_000, endedAtMs: now - 600_000, endReason: 'UNPLUGGED', driverId: 'USR001' },
  isAcknowledged: true,
};
const log: EngineView['log'] = [
  { atMs: now - 90_000, code: 'MONITOR_PAIRED', params: { address: '127.0.0.1' } },
  { atMs: now - 80_000, code: 'CHANNEL_UP', params: {} },
  { atMs: now - 60_000, code: 'FAULT_ON', params: {} },
  { atMs: now - 50_000, code: 'SUPPLY_ENDED', params: { reason: 'FAULT', energyWh: 200 } },
];
const plain = { speed: 1, autoPlugMs: 0, autoUnplugMs: 0, isLinkCut: false };

type Rest = { upstream?: Partial<Upstream>; monitor?: Partial<MonitorView>; link?: Scene['link'] };

/** A process behind the page that is gone leaves its last picture; of what is only far from it the page still hears. */
function ageOf({ upstream }: Rest): { dataAgeMs?: number } {
  const isGone = upstream?.isEngineReachable === false || upstream?.isMonitorReachable === false;
  return isGone ? { dataAgeMs: 48_000 } : {};
}

function engineScene(id: string, change: Partial<EngineView>, rest: Rest = {}): Scene {
  return {
    id: `engine-${id}`,
    feeds: {
      [ENGINE]: { engine: { engine: engineView({ log, ...change }) } },
      [MONITOR]: { monitor: { monitor: monitorView(rest.monitor) } },
    },
    upstream: { ...up, ...rest.upstream },
    ...ageOf(rest),
    ...(rest.link ? { link: rest.link } : {}),
    render: () => <App />,
  };
}

const engineScenes: readonly Scene[] = [
  engineScene('idle', {}),
  engineScene('idle-warm', {}, { monitor: { weather: { celsius: 21, isSimulated: false } } }),
  engineScene('idle-ticket', { lastTicket: ticket }),
  engineScene('refused', { lastRefusal: { refusal: { code: 'CP_BUSY' }, atMs: now } }),
  engineScene('asking', { phase: 'REQUESTING' }),
  engineScene('plug', { phase: 'AUTHORISED', supply: { ...asked, plugDeadlineAtMs: now + 95_000 } }),
  engineScene('charging', { phase: 'CHARGING', supply }),
  engineScene('charging-first-second', { phase: 'CHARGING', supply: { ...supply, ...nothingYet } }),
  engineScene('charging-anonymous-simulated', {
    phase: 'CHARGING',
    supply: { ...supply, driverId: undefined, origin: 'POINT' },
    simulation: { speed: 10, autoPlugMs: 2_000, autoUnplugMs: 30_000, isLinkCut: true },
    isChannelUp: false,
  }),
  engineScene(
    'charging-no-central',
    { phase: 'CHARGING', supply, isCentralReachable: false },
    { upstream: { isCentralReachable: false } },
  ),
  engineScene('charging-no-monitor', { phase: 'CHARGING', supply, isMonitorPresent: false }),
  engineScene('ticket', { lastTicket: { ...ticket, endedAtMs: now - 4_000, pluggedAtMs: now - 22_000 } }),
  engineScene('no-central', {
    ...{ isCentralReachable: false, startBlockedBy: 'NO_CENTRAL', unacknowledgedCount: 1 },
    lastTicket: { ...ticket, isAcknowledged: false, ticketNumber: undefined },
  }),
  engineScene('no-broker', { isChannelUp: false, startBlockedBy: 'NO_CHANNEL' }, { upstream: { isBrokerUp: false } }),
  engineScene('no-monitor', { isMonitorPresent: false, startBlockedBy: 'NO_MONITOR' }),
  engineScene(
    'not-registered',
    { isMonitorPresent: false, hasKey: false, keyId: undefined, startBlockedBy: 'NO_MONITOR' },
    { monitor: { isRegistered: false } },
  ),
  engineScene('out-everything', {
    ...{ holds: ['OPERATOR', 'WEATHER', 'LOCAL'], isLocalHold: true, startBlockedBy: 'LOCAL_HOLD' },
  }),
  engineScene(
    'out-cold',
    { holds: ['WEATHER'], startBlockedBy: 'OUT_OF_SERVICE' },
    { monitor: { holds: ['WEATHER'], weather: { celsius: -3, isSimulated: false, alert: 'LOW_TEMP' } } },
  ),
  engineScene('key-revoked', {
    ...{ holds: ['KEY_REVOKED'], hasKey: false, keyId: undefined, isChannelUp: false, startBlockedBy: 'NO_KEY' },
  }),
  engineScene('faulted', {
    ...{ isFaulted: true, faultCode: 'FAULT_KEY', startBlockedBy: 'FAULTED' },
    lastTicket: { ...ticket, endReason: 'FAULT' },
  }),
  engineScene('journal-full', {
    ...{ isFaulted: true, faultCode: 'JOURNAL_UNWRITABLE', isJournalWritable: false, startBlockedBy: 'FAULTED' },
  }),
  engineScene('recovered', { lastTicket: { ...ticket, endReason: 'ENGINE_RESTART' } }),
  engineScene('recovered-unsent', {
    ...{ unacknowledgedCount: 1, simulation: plain },
    lastTicket: { ...ticket, ticketNumber: undefined, isAcknowledged: false, endReason: 'ENGINE_RESTART' },
  }),
  engineScene('stopped', { phase: 'CHARGING', supply }, { upstream: { isEngineReachable: false } }),
  engineScene('offline', { phase: 'CHARGING', supply }, { link: 'OFFLINE' }),
  { id: 'engine-never-seen', feeds: { [ENGINE]: { engine: {} } }, upstream: up, render: () => <App /> },
  { id: 'engine-loading', feeds: {}, render: () => <App /> },
];

const noEngine = { isPaired: false, isOk: false, isChannelUp: false, missedInARow: 0, code: 'NO_ENGINE', strip: [] };
const noKey = { isInstalled: false, isRevoked: false };

function monitorScene(id: string, change: Partial<MonitorView>, rest: Rest = {}): Scene {
  return {
    id: `monitor-${id}`,
    path: '/monitor',
    feeds: { [ENGINE]: { engine: {} }, [MONITOR]: { monitor: { monitor: monitorView({ log, ...change }) } } },
    upstream: { ...up, ...rest.upstream },
    ...ageOf(rest),
    ...(rest.link ? { link: rest.link } : {}),
    render: () => <App />,
  };
}

const monitorScenes: readonly Scene[] = [
  monitorScene('ok', { registryCall: { atMs: now - 90_000 } }),
  monitorScene('starting', {
    ...{ isRegistered: false, registeredAtMs: undefined, central: { isConnected: false }, key: noKey },
    ...{ engine: noEngine, state: 'DISCONNECTED', registryCall: { atMs: now - 4_000, code: 'REGISTRY_UNREACHABLE' } },
  }),
  monitorScene('engine-ko', {
    state: 'FAULTED',
    engine: {
      ...{ isPaired: true, isOk: false, isChannelUp: false, code: 'ENGINE_SILENT', missedInARow: 9 },
      ...{ latencyMs: 3, latencyAverageMs: 2.4, latencyMaxMs: 9, koSinceMs: now - 9_000 },
      strip: Array.from({ length: 60 }, (_, second) => (second < 50 ? 'OK' : 'MISSED')),
    },
  }),
  monitorScene('central-lost', {
    state: 'DISCONNECTED',
    central: {
      ...{ isConnected: false, address: '127.0.0.1:8020', lastSeenAtMs: now - 48_000 },
      retryAtMs: now + 4_000,
    },
  }),
  monitorScene('refused', {
    ...{ state: 'DISCONNECTED', key: noKey, engine: { ...monitorView().engine, isChannelUp: false } },
    central: { isConnected: false, refusal: 'RETIRED', retryAtMs: now + 50_000 },
  }),
  monitorScene('key-revoked', {
    ...{ state: 'OUT_OF_SERVICE', holds: ['KEY_REVOKED'], key: { isInstalled: false, isRevoked: true } },
    engine: { ...monitorView().engine, isChannelUp: false },
  }),
  monitorScene('stopped', {}, { upstream: { isMonitorReachable: false } }),
  { id: 'monitor-loading', path: '/monitor', feeds: {}, render: () => <App /> },
];

/** Every visual state of a point's pages (`/__states`). */
export const scenes: readonly Scene[] = [...engineScenes, ...monitorScenes];
