import type { Audit } from '../../io/audit/audit.ts';
import { startClientChannel } from '../../io/channels/client-channel.ts';
import { KafkaConnection, type KafkaFigures } from '../../io/channels/kafka.ts';
import { brokerList, kafkaSecurity } from '../../io/channels/kafka-login.ts';
import { type Clock, pause } from '../../io/clock.ts';
import type { Log } from '../../io/log.ts';
import { newRandomId } from '../../io/new-id.ts';
import { dialAddress } from '../../io/sockets/dial-address.ts';
import { createDialGate } from '../../io/sockets/dial-gate.ts';
import { startFrameClient } from '../../io/sockets/frame-client.ts';
import type { StartChannel } from '../engine/central-channel.ts';
import { openEngineJournal } from '../engine/engine-records.ts';
import type { DialCentral } from '../monitor/report-to-central.ts';
import type { FleetConfig } from './config.ts';
import { openFleetCredentials } from './fleet-credentials.ts';
import { type SharedParts, startVirtualPoint, type VirtualPoint } from './virtual-point.ts';

/** How far the points are. */
export type FleetStatus = {
  points: number;
  registered: number;
  connected: number;
  engineOk: number;
  channelUp: number;
  charging: number;
  unacknowledged: number;
  kafka: KafkaFigures | undefined;
};

export type Fleet = { status(): FleetStatus; readonly points: readonly VirtualPoint[]; stop(): Promise<void> };

/** The outside of a fleet; the last two are for tests, which have no broker. */
export type FleetParts = {
  clock: Clock;
  log: Log;
  audit: Audit;
  caPem: string;
  dialCentral?: DialCentral;
  startChannel?: StartChannel;
};

/** Points started at once, and the pause after them: timers of 10,000 points must not all fall due together. */
const WAVE = 25;
const WAVE_PAUSE_MS = 10;
const REGISTRATIONS_AT_ONCE = 8;
const PRESS_EVERY_MS = 200;
const SECONDS_ON_THE_WAY = 2;
const LOG_LINES = 4;
const PRICES_E4 = [4_500, 5_200, 3_900, 6_150] as const;
const POWERS_W = [22_000, 50_000, 11_000, 150_000] as const;

/** Many charging points in one process: one Kafka connection, one journal, one gate for handshakes (architecture, Fleet). */
export async function startFleet(config: FleetConfig, parts: FleetParts): Promise<Fleet> {
  const { clock, log, audit } = parts;
  const stopping = new AbortController();
  const credentials = openFleetCredentials(config.dataDir);
  const journal = await openEngineJournal({ folder: `${config.dataDir}/journal`, clock });
  let kafka: KafkaConnection | undefined;
  const address = { brokers: brokerList(config.brokers), clientId: 'ev-fleet', ...kafkaSecurity(config, parts.caPem) };
  const shared: SharedParts = {
    ...{ clock, log, audit, journal, caPem: parts.caPem, registryUrl: config.registryUrl },
    kafka: {
      open() {
        kafka ??= new KafkaConnection({ ...address, clock, log });
        return kafka;
      },
      close: async () => undefined,
    },
    startChannel: parts.startChannel ?? startClientChannel,
    dialCentral: parts.dialCentral ?? startFrameClient,
    enrolmentToken: () => config.enrolmentToken || undefined,
    registrationGate: createDialGate(REGISTRATIONS_AT_ONCE),
  };
  const points: VirtualPoint[] = [];
  const launching = launch(config, { shared, credentials, points, signal: stopping.signal });
  const pressing = clock.setRepeating(startPresser(config, points), PRESS_EVERY_MS);
  return {
    points,
    status: () => statusOf(points, kafka),
    async stop() {
      stopping.abort();
      pressing.cancel();
      await launching;
      await Promise.all(points.map((point) => point.stop()));
      await kafka?.close();
      await journal.stop();
      await credentials.stop();
    },
  };
}

type Launch = {
  shared: SharedParts;
  credentials: ReturnType<typeof openFleetCredentials>;
  points: VirtualPoint[];
  signal: AbortSignal;
};

async function launch(config: FleetConfig, { shared, credentials, points, signal }: Launch): Promise<void> {
  const zones = config.zones.split(',');
  const vehicle = { batteryWh: config.batteryWh, levelPercentAtPlug: 20, maxPowerW: 150_000 };
  for (let index = 0; index < config.cps && !signal.aborted; index += 1) {
    const cpId = `${config.prefix}${String(index + 1).padStart(5, '0')}`;
    const point = startVirtualPoint({
      ...{ cpId, shared, credentials: credentials.of(cpId) },
      description: {
        ...{
          zone: zones[index % zones.length],
          city: 'Alicante',
          country: 'ES',
          address: `Plaza virtual ${index + 1}`,
        },
        ...{ priceE4PerKwh: PRICES_E4[index % PRICES_E4.length], maxPowerW: POWERS_W[index % POWERS_W.length] },
      },
      monitorSettings: {
        ...{ centralAddresses: config.centralSockets.map(dialAddress), healthPeriodMs: config.healthPeriodMs },
        ...{ centralLostMs: 6_000, centralAuditMs: 15_000, logLines: LOG_LINES },
      },
      engineSettings: {
        ...{ ownBrokers: config.brokers, vehicle, speed: config.speed, logLines: LOG_LINES },
        ...{ autoPlugMs: config.autoPlugMs, autoUnplugMs: config.autoUnplugMs },
      },
    });
    points.push(point);
    if (index % WAVE === WAVE - 1) await pause(shared.clock, WAVE_PAUSE_MS, signal);
  }
}

/** Presses the start buttons in turn, not too many a second, and no more while two seconds' worth are not yet charging. */
function startPresser(config: FleetConfig, points: readonly VirtualPoint[]): () => void {
  let turn = 0;
  const atOnce = Math.max(1, Math.round((config.startsPerSecond * PRESS_EVERY_MS) / 1_000));
  return () => {
    const count = Math.min(config.charging, points.length);
    const onTheWay = points.reduce((sum, { engine }) => sum + Number(isOnTheWay(engine)), 0);
    if (onTheWay >= config.startsPerSecond * SECONDS_ON_THE_WAY) return;
    for (let looked = 0, pressed = 0; looked < count && pressed < atOnce; looked += 1) {
      const point = points[turn++ % count];
      if (point && isFree(point) && point.engine.start(newRandomId()) === undefined) pressed += 1;
    }
  };
}

/** Central hears of a channel with the next health answer: before that a request would only be refused. */
function isFree({ engine, monitor }: VirtualPoint): boolean {
  return engine.isIdle && (monitor.pointState ?? 'AVAILABLE') === 'AVAILABLE';
}

function isOnTheWay(engine: VirtualPoint['engine']): boolean {
  return engine.isChannelUp && !engine.isIdle && !engine.isCharging;
}

function statusOf(points: readonly VirtualPoint[], kafka: KafkaConnection | undefined): FleetStatus {
  const count = (is: (point: VirtualPoint) => boolean) => points.filter(is).length;
  return {
    points: points.length,
    registered: count(({ monitor }) => monitor.isRegistered),
    connected: count(({ monitor }) => monitor.isConnected),
    engineOk: count(({ monitor }) => monitor.isEngineOk),
    channelUp: count(({ engine }) => engine.isChannelUp),
    charging: count(({ engine }) => engine.isCharging),
    unacknowledged: points.reduce((sum, { engine }) => sum + engine.unacknowledgedCount, 0),
    kafka: kafka?.figures,
  };
}
