import type { SupplyPolicy } from '../../domain/supply.ts';
import type { Audit } from '../../io/audit/audit.ts';
import type { CentralChannels } from '../../io/channels/central-contract.ts';
import type { KafkaConnection } from '../../io/channels/kafka.ts';
import type { PointKeySource } from '../../io/channels/lease-store.ts';
import type { Clock } from '../../io/clock.ts';
import type { CentralIdentity } from '../../io/crypto/driver-handshake.ts';
import type { Passwords } from '../../io/crypto/password.ts';
import type { Stoppable } from '../../io/lifecycle.ts';
import type { Log } from '../../io/log.ts';
import type { Replica, SeenReplica } from '../../io/postgres/central-replicas.ts';
import type { Database } from '../../io/postgres/database.ts';
import type { NetworkTrust } from '../../io/postgres/network-trust.ts';
import { type DriverSessions, startDriverSessions } from './drivers/driver-sessions.ts';
import { createSignIn, type SignIn } from './drivers/sign-in.ts';
import type { MonitorLinks, PointChanges } from './parts.ts';
import { type CentralPicture, createPicture } from './picture/central-picture.ts';
import { type StatusPublication, startStatusPublication } from './picture/status-publication.ts';
import { afterCommit } from './points/after-commit.ts';
import { createEngineHellos, type EngineHellos } from './points/engine-hello.ts';
import { type FactsNotifier, startFactsNotifier } from './points/facts-notifier.ts';
import { type OutboxSender, startOutboxSender } from './points/outbox-sender.ts';
import { createPointChanges } from './points/point-changes.ts';
import type { PointParts } from './points/point-parts.ts';
import { createSupplyRequests, type SupplyRequests } from './points/supply-requests.ts';
import { type LiveReadings, startLiveReadings } from './readings/live-readings.ts';
import { createOutgoingNews, type OutgoingNews } from './replicas/outgoing-news.ts';
import { CentralWeather } from './weather/weather.ts';

/** What Central stands on; picked by main.ts or by a test. */
export type CentralParts = {
  clock: Clock;
  log: Log;
  audit: Audit;
  database: Database;
  kafka: KafkaConnection;
  passwords: Passwords;
  trust: NetworkTrust;
  identity(): CentralIdentity;
  /** Aborts when the process begins to stop. */
  stopping: AbortSignal;
  startKeys(rooms: CentralRooms): Promise<PointKeySource & Stoppable>;
  /** The sockets of Monitors; absent in tests that need none. */
  startMonitors?(rooms: CentralRooms): Promise<MonitorLinks & Stoppable>;
  /** REST and live stream; absent in tests that need none. */
  startApi?(rooms: CentralRooms): Promise<Stoppable>;
};

/** Central's rooms, wired to each other. What comes later (channels, Monitors) is asked for when it is needed. */
export type CentralRooms = CentralParts & {
  replica: Replica;
  policy: SupplyPolicy;
  readings: LiveReadings;
  /** What the other replicas are to be told. */
  news: OutgoingNews;
  picture: CentralPicture;
  status: StatusPublication;
  outbox: OutboxSender;
  notifier: FactsNotifier;
  points: PointChanges;
  requests: SupplyRequests;
  hellos: EngineHellos;
  sessions: DriverSessions;
  signIn: SignIn;
  weather: CentralWeather;
  /** What was started so far and may be needed by the others. */
  late: {
    channels?: CentralChannels;
    monitors?: MonitorLinks;
    keys?: PointKeySource;
    isDatabaseUp: boolean;
    /** All Centrals that live, or did within the hour, by their heartbeats. */
    replicas: readonly SeenReplica[];
  };
  /** Since when this replica hears the channels; now, while it does not. */
  listeningSinceMs(): number;
  /** It hears more of them from now on: silence before was no client's (D-09). */
  hearAnew(): void;
};

type RoomOptions = { replica: Replica; policy: SupplyPolicy; onZone(zone: string): void };

/** Builds the rooms; nothing is asked of the outside yet. */
export function createRooms(parts: CentralParts, options: RoomOptions): CentralRooms {
  const { clock, log, database, audit, kafka } = parts;
  const { replica, policy } = options;
  const { replicaId } = replica;
  const late: CentralRooms['late'] = { isDatabaseUp: true, replicas: [] };
  const readings = startLiveReadings({ database, clock, log });
  const news = createOutgoingNews(replicaId, readings);
  const { status, picture } = createView(parts, { ...options, readings, news, late });
  const outbox = startOutboxSender({
    database,
    clock,
    log,
    replicaId,
    channels: () => late.channels,
    monitors: () => late.monitors,
  });
  const notifier = startFactsNotifier({ database, clock, log, replicaId });
  const listening = new Listening(clock, kafka, () => late.channels?.isReading === true);
  const listeningSinceMs = () => listening.sinceMs();
  const newestReading = (supplyId: string) => readings.newest(supplyId);
  const pointParts: PointParts = {
    database,
    clock,
    log,
    audit,
    replicaId,
    policy,
    newestReading,
    listeningSinceMs,
    onCommitted: (committed) => afterCommit({ picture, notifier, outbox, audit, clock }, committed),
  };
  const sessions = startDriverSessions({
    database,
    clock,
    log,
    picture,
    readings,
    news,
    channels: () => late.channels,
  });
  return {
    ...parts,
    replica,
    policy,
    readings,
    news,
    picture,
    status,
    outbox,
    notifier,
    points: createPointChanges(pointParts, (cpIds) => {
      picture.refresh(cpIds);
      notifier.changed(cpIds);
    }),
    requests: createSupplyRequests(pointParts),
    hellos: createEngineHellos(pointParts),
    sessions,
    signIn: createSignIn({
      database,
      clock,
      audit,
      passwords: parts.passwords,
      newestReading,
      plugTimeoutMs: policy.plugTimeoutMs,
      onChange: () => sessions.changed(),
    }),
    weather: new CentralWeather({ database, clock, log, audit, picture, outbox, notifier, news, replicaId }),
    late,
    listeningSinceMs,
    hearAnew: () => listening.beginAnew(),
  };
}

/** The picture, and its way to drivers. */
function createView(
  { database, clock, log, kafka }: CentralParts,
  options: RoomOptions & Pick<CentralRooms, 'readings' | 'news' | 'late'>,
): Pick<CentralRooms, 'status' | 'picture'> {
  const { replica, policy, readings, news, late } = options;
  const status = startStatusPublication({
    clock,
    log,
    publish: async (zone, points) => {
      if (!late.channels?.isReading) throw new Error('the channels are not open yet');
      await late.channels.publishStatus(zone, 'points-changed', { points });
    },
  });
  const picture = createPicture({
    database,
    clock,
    log,
    replicaId: replica.replicaId,
    readings,
    news,
    plugTimeoutMs: policy.plugTimeoutMs,
    upstream: () => ({ isCentralReachable: true, isBrokerUp: kafka.isUp, isDatabaseUp: late.isDatabaseUp }),
    onCard: (card) => status.put(card),
    onZone: options.onZone,
  });
  return { status, picture };
}

/** Remembers since when records have been read without a break: before that, silence was Central's own (D-09). */
class Listening {
  readonly #clock: Clock;
  readonly #isReading: () => boolean;
  readonly #kafka: KafkaConnection;
  #sinceMs: number | undefined;

  constructor(clock: Clock, kafka: KafkaConnection, isReading: () => boolean) {
    this.#clock = clock;
    this.#kafka = kafka;
    this.#isReading = isReading;
    kafka.onStateChange(() => {
      this.#sinceMs = undefined;
    });
  }

  beginAnew(): void {
    this.#sinceMs = undefined;
  }

  sinceMs(): number {
    const nowMs = this.#clock.nowMs();
    if (!this.#isReading() || !this.#kafka.isUp) this.#sinceMs = undefined;
    else this.#sinceMs ??= nowMs;
    return this.#sinceMs ?? nowMs;
  }
}
