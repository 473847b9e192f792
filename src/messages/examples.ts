import type { CentralLive } from './central-live.ts';
import type { ChannelOffered, ChannelWanted } from './channel-negotiation.ts';
import type { CentralToDriver, CentralToStatus, DriverToCentral } from './driver-central.ts';
import type { CentralToEngine, EngineSupply, EngineToCentral, PointIdentity } from './engine-central.ts';
import type { PointCard, PointWeather, SupplyView, TicketView } from './entities.ts';
import type { CentralToMonitor, MonitorToCentral } from './monitor-central.ts';
import type { EngineToMonitor, MonitorToEngine } from './monitor-engine.ts';

/** One valid example of each message: fixtures, documents and tests all use these. */

const supplyId = '0199b7f0-5e1a-7c3d-9f00-00000000a052';
const requestId = '3f0c6c1e-9b1d-4f5e-8b57-5f3d1c2a7b10';
const leaseId = '6d0f7a52-51c8-4a0b-9d4f-0a5b8f7f1d22';
const keyId = 'c1a5f2e4-77a0-4c1f-8f0e-2d9b6e0f4c33';
const bootId = 'a3b8d0c6-1d2e-4f3a-9b4c-5d6e7f8a9b0c';
const sessionToken = 'q7v1mZ0x2Jc9Yt4Lr8Nw3Kb6Hf5Gd1Sa0Pe7Uo2Ii4A';
const proof = 'Zb3kq9XyT1vWm5Lc7Rn0Jd2Hs4Gf6Pa8Ue1Oi3Qw5Et';
const keyBase64 = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=';
const requestedAtMs = 1_767_906_500_000;

const point: PointIdentity = {
  cpId: 'CP001',
  zone: 'ALC',
  address: 'C/ Italia 5',
  city: 'Alicante',
  country: 'ES',
  priceE4PerKwh: 2_500,
  maxPowerW: 50_000,
};

const engineSupply: EngineSupply = {
  supplyId,
  requestId,
  driverId: 'USR001',
  origin: 'APP',
  priceE4PerKwh: 2_500,
  phase: 'ENDED',
  acceptedAtMs: requestedAtMs + 40,
  authorisedAtMs: requestedAtMs + 90,
  pluggedAtMs: requestedAtMs + 4_000,
  endedAtMs: requestedAtMs + 22_000,
  energyWh: 200,
  sequence: 18,
  endReason: 'UNPLUGGED',
  curve: [
    [0, 0, 0],
    [18, 47_000, 200],
  ],
};

const supply: SupplyView = {
  supplyId,
  requestId,
  cpId: 'CP001',
  driverId: 'USR001',
  origin: 'APP',
  state: 'CHARGING',
  version: 3,
  priceE4PerKwh: 2_500,
  requestedAtMs,
  authorisedAtMs: requestedAtMs + 90,
  pluggedAtMs: requestedAtMs + 4_000,
  energyWh: 120,
  powerW: 47_000,
  amountCents: 3,
  isEstimated: false,
};

const ticket: TicketView = {
  ticketNumber: 52,
  supplyId,
  cpId: 'CP001',
  address: 'C/ Italia 5, Alicante',
  driverId: 'USR001',
  requestedAtMs,
  pluggedAtMs: requestedAtMs + 4_000,
  endedAtMs: requestedAtMs + 22_000,
  issuedAtMs: requestedAtMs + 22_100,
  energyWh: 200,
  priceE4PerKwh: 2_500,
  amountCents: 5,
  endReason: 'UNPLUGGED',
  isEstimated: false,
};

const weather: PointWeather = { celsius: 2, isSimulated: false, nearAlert: 'LOW_TEMP' };
const card: PointCard = { ...point, state: 'AVAILABLE', reasons: [], version: 7, weather };
const state = {
  driverId: 'USR001',
  openSupply: supply,
  interruptedSupplies: [],
  unreadTickets: [ticket],
  balanceCents: -5,
  history: [ticket],
};

const bytes32 = 'h3Xq9mZ0x2Jc9Yt4Lr8Nw3Kb6Hf5Gd1Sa0Pe7Uo2Ii4';

export const channelNegotiationExamples: {
  'channel-wanted': ChannelWanted;
  'channel-offered': ChannelOffered;
  'renew-lease': object;
} = {
  'channel-wanted': { clientId: 'driver:DRV001', bootId, agreement: { publicKey: bytes32, nonce: bytes32 } },
  'channel-offered': {
    ...{ leaseId, topic: 'ALC_3', partition: 1, fromOffset: '17', expiresInMs: 600_000, serverTimeMs: requestedAtMs },
    agreement: {
      publicKey: bytes32,
      certificatePem: '-----BEGIN CERTIFICATE-----\n...\n-----END CERTIFICATE-----\n',
      signature: `${bytes32}${bytes32}`,
    },
  },
  'renew-lease': {},
};

export const engineToCentralExamples: EngineToCentral = {
  hello: {
    bootId,
    sequence: 4,
    isLocalHold: false,
    openSupply: { ...engineSupply, phase: 'CHARGING', endReason: undefined, endedAtMs: undefined },
    unacknowledged: [engineSupply],
  },
  'supply-requested': { requestId },
  'supply-accepted': { supplyId },
  'supply-declined': { supplyId, code: 'BUSY' },
  'supply-started': {
    supply: {
      ...engineSupply,
      phase: 'CHARGING',
      energyWh: 0,
      sequence: 0,
      endReason: undefined,
      endedAtMs: undefined,
      curve: undefined,
    },
  },
  'meter-reading': { supplyId, sequence: 12, energyWh: 120, powerW: 47_000, measuredAtMs: requestedAtMs + 16_000 },
  'supply-ended': { supply: engineSupply },
  'local-hold': { bootId, sequence: 5, isHeld: true },
};

export const centralToEngineExamples: CentralToEngine = {
  'hello-answered': {
    leaseId,
    point,
    holds: ['OPERATOR'],
    openSupply: { supplyId, state: 'CHARGING' },
    acknowledgedSupplyIds: [supplyId],
    policy: { plugTimeoutMs: 120_000, monitorLoss: 'continue' },
  },
  'start-supply': {
    supplyId,
    requestId,
    driverId: 'USR001',
    origin: 'APP',
    priceE4PerKwh: 2_500,
    expiresAtMs: requestedAtMs + 5_000,
  },
  'supply-authorised': { supplyId, plugDeadlineAtMs: requestedAtMs + 120_000 },
  'cancel-supply': { supplyId, reason: 'CANCELLED' },
  'stop-supply': { supplyId, reason: 'DRIVER_STOP' },
  'supply-closed': { supplyId, ticketNumber: 52, energyWh: 200, amountCents: 5, endReason: 'UNPLUGGED' },
  'supply-refused': { requestId, refusal: { code: 'CP_OUT_OF_SERVICE', reasons: ['OPERATOR'] } },
  'point-updated': { point, holds: [], version: 8 },
};

export const driverToCentralExamples: DriverToCentral = {
  hello: { bootId },
  login: { driverId: 'USR001', password: 'correct horse battery', address: '127.0.0.1' },
  'register-driver': { driverId: 'USR001', name: 'Ana', email: 'ana@example.org', password: 'correct horse battery' },
  'resume-session': { sessionToken },
  logout: { sessionToken },
  'supply-requested': { requestId, sessionToken, cpId: 'CP001', origin: 'APP' },
  'stop-requested': { sessionToken, supplyId },
  'tickets-received': { sessionToken, ticketNumbers: [52] },
  'ticket-read': { sessionToken, ticketNumber: 52 },
  'history-wanted': { sessionToken, beforeTicketNumber: 52 },
  'personal-data-wanted': { sessionToken, address: '10.0.0.7' },
};

export const centralToDriverExamples: CentralToDriver = {
  'hello-answered': { leaseId, statusOffsets: { Status_ALC: '17' }, pointCount: 3 },
  'points-chunk': { points: [card], isLast: true },
  'login-accepted': { sessionToken, expiresAtMs: requestedAtMs + 3_600_000, state },
  'login-refused': { code: 'LOCKED', retryAfterMs: 60_000 },
  'driver-registered': { driverId: 'USR001' },
  'registration-refused': { code: 'DRIVER_EXISTS' },
  'session-resumed': { expiresAtMs: requestedAtMs + 3_600_000, state },
  'session-refused': { sessionToken, code: 'SESSION_EXPIRED' },
  'supply-updated': { driverId: 'USR001', supply },
  'request-refused': { driverId: 'USR001', requestId, refusal: { code: 'CP_BUSY' } },
  'ticket-issued': { driverId: 'USR001', ticket, balanceCents: -5 },
  'supply-readings': {
    readings: [
      {
        supplyId,
        driverId: 'USR001',
        powerW: 47_000,
        energyWh: 120,
        amountCents: 3,
        measuredAtMs: requestedAtMs + 16_000,
      },
    ],
  },
  'history-answered': { driverId: 'USR001', tickets: [ticket], hasMore: false },
  'personal-data-answered': {
    ...{ driverId: 'USR001', name: 'Ana', email: 'ana@example.org', balanceCents: -31, createdAtMs: requestedAtMs },
    logins: [
      { address: '10.0.0.7', createdAtMs: requestedAtMs, lastUsedAtMs: requestedAtMs, expiresAtMs: requestedAtMs },
    ],
  },
};

export const centralToStatusExamples: CentralToStatus = {
  'points-changed': { points: [card] },
  'central-alive': { replicaId: bootId, atMs: requestedAtMs },
};

export const monitorToCentralExamples: MonitorToCentral = {
  authenticate: { cpId: 'CP001', secret: sessionToken, instanceId: bootId, intent: 'CONNECT', keyId },
  'key-installed': { keyId },
  'monitor-beat': { isEngineOk: true, isChannelUp: true },
  'new-key-wanted': {},
};

export const centralToMonitorExamples: CentralToMonitor = {
  authenticated: {
    epoch: 3,
    serverTimeMs: requestedAtMs,
    point,
    brokers: '127.0.0.1:9092',
    heartbeatMs: 1_000,
    key: { keyId, keyBase64 },
    isKeyRevoked: false,
    centralSockets: ['10.0.0.1:8020', '10.0.0.2:8020'],
  },
  refused: { code: 'BAD_CREDENTIALS', retryAfterMs: 1_000 },
  'install-key': { key: { keyId, keyBase64 } },
  'key-revoked': { keyId },
  'stop-supply': { supplyId, reason: 'KEY_REVOKED' },
  'central-beat': { serverTimeMs: requestedAtMs, centralSockets: ['10.0.0.1:8020', '10.0.0.2:8020'] },
  'point-status': { point, state: 'AVAILABLE', holds: [], version: 7, weather },
};

export const engineToMonitorExamples: EngineToMonitor = {
  'engine-hello': { bootId, proof },
  'key-installed': { keyId },
  'health-answer': { sequence: 9, ok: true, isChannelUp: true, keyId },
};

export const monitorToEngineExamples: MonitorToEngine = {
  'engine-welcomed': { cpId: 'CP001', point, healthPeriodMs: 1_000 },
  'engine-refused': { code: 'BAD_PAIRING' },
  'install-key': { key: { keyId, keyBase64 }, point, brokers: '127.0.0.1:9092' },
  'key-revoked': { keyId },
  'health-question': { sequence: 9, isCentralReachable: true },
  'stop-supply': { supplyId, reason: 'FAULT' },
};

export const centralLiveExamples: CentralLive = {
  'replica-news': {
    replicaId: bootId,
    readings: [[supplyId, 12, 120, 47_000, requestedAtMs + 16_000, requestedAtMs + 16_040]],
    messages: [
      {
        ...{ messageId: requestId, atMs: requestedAtMs, level: 'info', source: 'CP001', cpId: 'CP001', count: 1 },
        ...{ code: 'SUPPLY_STARTED', params: { driverId: 'USR001' } },
      },
    ],
    orders: [
      {
        ...{ orderId: requestId, cpId: 'CP001', kind: 'STOP', state: 'APPLIED', orderedBy: 'operator:ana' },
        ...{ orderedAtMs: requestedAtMs, settledAtMs: requestedAtMs + 300 },
      },
    ],
    refusals: [{ requestId, cpId: 'CP001', origin: 'APP', refusal: { code: 'CP_BUSY' }, atMs: requestedAtMs }],
    haveLoginsChanged: true,
  },
};
