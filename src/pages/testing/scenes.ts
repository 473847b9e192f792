import type { PointCard, SupplyView, TicketView } from '../../messages/entities.ts';
import type { DriverMe, EngineView, MonitorView, PanelPoint, PanelSupply } from '../../messages/live-stream.ts';
import type { RegistryPoint } from '../../messages/registry-api.ts';

const MINUTE_MS = 60_000;
const PLACE = { zone: 'ALC', city: 'Alicante', country: 'ES', address: 'C/ Italia 5' };

/** A UUID that a reader of a test can tell from the next. */
export function testUuid(n: number): string {
  return `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;
}

export function panelPoint(cpId: string, change: Partial<PanelPoint> = {}): PanelPoint {
  return {
    ...pointCard(cpId),
    pendingReasons: [],
    stateSinceMs: Date.now() - 5 * MINUTE_MS,
    lastSeenAtMs: Date.now(),
    isRegistered: true,
    keyState: 'ACTIVE',
    ...change,
  };
}

export function supplyView(n: number, change: Partial<SupplyView> = {}): SupplyView {
  return {
    supplyId: testUuid(n),
    requestId: testUuid(1_000 + n),
    cpId: 'CP001',
    driverId: 'USR001',
    origin: 'APP',
    state: 'CHARGING',
    version: 3,
    priceE4PerKwh: 2_500,
    requestedAtMs: Date.now() - 40_000,
    authorisedAtMs: Date.now() - 38_000,
    pluggedAtMs: Date.now() - 24_000,
    energyWh: 312,
    powerW: 47_230,
    amountCents: 8,
    isEstimated: false,
    ...change,
  };
}

export function panelSupply(n: number, change: Partial<SupplyView> = {}): PanelSupply {
  return { ...supplyView(n, change), readingIndex: n };
}

export function ticketView(ticketNumber: number, change: Partial<TicketView> = {}): TicketView {
  const endedAtMs = Date.now() - 2_000;
  return {
    ticketNumber,
    supplyId: testUuid(ticketNumber),
    cpId: 'CP001',
    address: 'C/ Italia 5, Alicante',
    driverId: 'USR001',
    requestedAtMs: endedAtMs - 40_000,
    pluggedAtMs: endedAtMs - 18_000,
    endedAtMs,
    issuedAtMs: endedAtMs + 200,
    energyWh: 236,
    priceE4PerKwh: 2_500,
    amountCents: 6,
    endReason: 'UNPLUGGED',
    isEstimated: false,
    ...change,
  };
}

export function pointCard(cpId: string, change: Partial<PointCard> = {}): PointCard {
  return {
    ...{ cpId, ...PLACE, priceE4PerKwh: 2_500, maxPowerW: 50_000 },
    ...{ state: 'AVAILABLE', reasons: [], version: 1 },
    ...change,
  };
}

export function driverMe(change: Partial<DriverMe> = {}): DriverMe {
  return {
    driverId: 'USR001',
    balanceCents: -412,
    interruptedSupplies: [],
    sessionExpiresAtMs: Date.now() + 60 * MINUTE_MS,
    ...change,
  };
}

export function engineView(change: Partial<EngineView> = {}): EngineView {
  return {
    cpId: 'CP001',
    zone: 'ALC',
    address: 'C/ Italia 5',
    city: 'Alicante',
    priceE4PerKwh: 2_500,
    maxPowerW: 50_000,
    bootId: testUuid(9),
    phase: 'IDLE',
    isLocalHold: false,
    holds: [],
    isFaulted: false,
    isMonitorPresent: true,
    isCentralReachable: true,
    isChannelUp: true,
    hasKey: true,
    keyId: testUuid(8),
    isJournalWritable: true,
    simulation: { speed: 1, autoPlugMs: 0, autoUnplugMs: 0, isLinkCut: false },
    unacknowledgedCount: 0,
    log: [],
    ...change,
  };
}

export function monitorView(change: Partial<MonitorView> = {}): MonitorView {
  const atMs = Date.now();
  return {
    cpId: 'CP001',
    isRegistered: true,
    registeredAtMs: atMs - 90 * MINUTE_MS,
    central: { isConnected: true, address: '127.0.0.1:8020', lastSeenAtMs: atMs },
    engine: {
      isPaired: true,
      isOk: true,
      isChannelUp: true,
      latencyMs: 2,
      latencyAverageMs: 2.4,
      latencyMaxMs: 9,
      missedInARow: 0,
      strip: Array.from({ length: 60 }, (_, second) => (second === 41 ? 'MISSED' : second === 42 ? 'KO' : 'OK')),
    },
    key: { keyId: testUuid(8), isInstalled: true, isRevoked: false, issuedAtMs: atMs - 80 * MINUTE_MS },
    state: 'AVAILABLE',
    holds: [],
    log: [],
    ...change,
  };
}

export function registryPoint(cpId: string, change: Partial<RegistryPoint> = {}): RegistryPoint {
  const atMs = Date.now();
  return {
    ...{ cpId, ...PLACE, priceE4PerKwh: 2_500, maxPowerW: 50_000 },
    status: 'REGISTERED',
    isRegistered: true,
    isRetired: false,
    registeredAtMs: atMs - 90 * 24 * 60 * MINUTE_MS,
    credentialIssuedAtMs: atMs - 80 * 24 * 60 * MINUTE_MS,
    authenticatedAtMs: atMs - 3 * MINUTE_MS,
    revision: 1,
    ...change,
  };
}
