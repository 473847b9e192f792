import { error as errors } from '../../io/audit/audit-events.ts';
import { startCentralChannels } from '../../io/channels/central-channels.ts';
import type { CentralChannels } from '../../io/channels/central-contract.ts';
import { startCentralLive } from '../../io/channels/central-live.ts';
import { pause } from '../../io/clock.ts';
import { idFromName } from '../../io/crypto/tokens.ts';
import type { Stoppable } from '../../io/lifecycle.ts';
import { newRandomId } from '../../io/new-id.ts';
import { livingNamesake, type Replica, signInReplica, signOutReplica } from '../../io/postgres/central-replicas.ts';
import { createLeaseStore } from '../../io/postgres/channel-leases.ts';
import { isDatabaseUnavailable } from '../../io/postgres/database.ts';
import { NOTICES } from '../../io/postgres/notices.ts';
import { recentOrders } from '../../io/postgres/operator-orders.ts';
import { zones } from '../../io/postgres/points-picture.ts';
import { driverToCentral } from '../../messages/driver-central.ts';
import { engineToCentral } from '../../messages/engine-central.ts';
import { compileCatalogue } from '../../messages/validators.ts';
import { type CentralParts, type CentralRooms, createRooms } from './central-rooms.ts';
import { type CentralConfig, replicaPlace, supplyPolicy } from './config.ts';
import { createHandlers } from './handlers/catalogue.ts';
import { hello } from './handlers/hello.ts';
import { createRejectedRecords } from './rejected-records.ts';
import { takeNews } from './replicas/incoming-news.ts';
import { startTimers } from './timers/start-timers.ts';

const VERSION = '0.1.0';
const RETRY_MS = 500;
const RECENT_ORDERS = 200;

/** What a test may set beside the configuration. */
export type CentralOptions = {
  /** Consumer group; tests on a shared broker have their own. */
  groupId?: string;
  leaseLengthMs?: number;
  policy?: Partial<ReturnType<typeof supplyPolicy>>;
};

export type RunningCentral = Stoppable & { rooms: CentralRooms };

/**
 * Starts Central: waits for the database, begins to read the channels as soon as there is a broker, and goes on by itself
 * whichever of the two is killed (D-19, F-02). Resolves before the broker is there; `rooms.late.channels.ready` tells.
 */
export async function startCentral(
  config: CentralConfig,
  parts: CentralParts,
  options: CentralOptions = {},
): Promise<RunningCentral> {
  const { clock, database, kafka, log } = parts;
  const replica = {
    replicaId: newRandomId(),
    ...replicaPlace(config),
    version: VERSION,
    startedAtMs: clock.nowMs(),
  };
  const newZones = new Set<string>();
  const policy = { ...supplyPolicy(config), ...options.policy };
  const rooms = createRooms(parts, { replica, policy, onZone: (zone) => newZones.add(zone) });
  const started: Stoppable[] = [];
  const stop = async () => {
    for (const part of started.splice(0).reverse()) await part.stop();
    await stopRooms(rooms);
  };
  try {
    await signIn(parts, replica);
    started.push(await listenForChanges(rooms));
    await whenDatabaseAnswers(parts, () => rooms.picture.load());
    await whenDatabaseAnswers(parts, () => rooms.weather.load());
    await rooms.sessions.refresh();
    await whenDatabaseAnswers(parts, () => showRecentOrders(rooms));
    started.push(listenToReplicas(rooms));
    const keys = await parts.startKeys(rooms);
    rooms.late.keys = keys;
    started.push(keys);
    if (parts.startMonitors) {
      const monitors = await parts.startMonitors(rooms);
      rooms.late.monitors = monitors;
      started.push(monitors);
    }
    const known = await whenDatabaseAnswers(parts, () => zones(database));
    const channels = startChannels(rooms, { config, options, zones: known });
    rooms.late.channels = channels;
    started.push(channels, startTimers(rooms, { newZones, knownZones: new Set(known) }));
    const forgetKafka = kafka.onStateChange((isUp) => tellKafka(rooms, isUp));
    started.push({ stop: forgetKafka });
    if (parts.startApi) started.push(await parts.startApi(rooms));
  } catch (error) {
    await stop();
    throw error;
  }
  log.info({ replica: config.replicaName, points: [...rooms.picture.points()].length }, 'Central has its picture');
  return { rooms, stop };
}

function startChannels(
  rooms: CentralRooms,
  start: { config: CentralConfig; options: CentralOptions; zones: readonly string[] },
): CentralChannels {
  const { kafka, database, trust, clock, log, audit, late } = rooms;
  const channelsOf = () => {
    if (!late.channels) throw new Error('the channels are not open yet');
    return late.channels;
  };
  const handlerParts = { ...rooms, channels: channelsOf };
  const handlers = createHandlers(handlerParts);
  return startCentralChannels({
    kafka,
    replicaId: idFromName(start.config.replicaName),
    groupId: start.options.groupId,
    leaseLengthMs: start.options.leaseLengthMs,
    zones: start.zones,
    identity: rooms.identity,
    leases: createLeaseStore(database),
    keys: rooms.late.keys!,
    secrets: trust.sealed,
    validators: { point: compileCatalogue(engineToCentral), driver: compileCatalogue(driverToCentral) },
    onMessage: (delivery) => handlers.handle(delivery),
    onHello: (delivery) => hello(delivery, handlerParts),
    onExpired: (delivery) => handlers.handleExpired(delivery),
    onRejected: createRejectedRecords({ database, audit, clock }),
    onRevoked: () => void rooms.readings.flush(),
    onAssigned: rooms.hearAnew,
    clock,
    log,
  });
}

/** What came of the orders of before a restart stays in sight. */
async function showRecentOrders({ database, picture }: CentralRooms): Promise<void> {
  picture.takeOver({ orders: (await recentOrders(database, RECENT_ORDERS)).toReversed() });
}

function hasCompany({ late, replica }: CentralRooms): boolean {
  return late.replicas.some((one) => one.isAlive && one.replicaId !== replica.replicaId);
}

/** The talk with the other replicas; what they said before is in the database, or of no interest any more. */
function listenToReplicas(rooms: CentralRooms): Stoppable {
  const { kafka, trust, replica, clock, log, audit, database, sessions, weather } = rooms;
  const readAgain = async () => {
    sessions.readSoon();
    weather.readSoon();
    await showRecentOrders(rooms);
  };
  return startCentralLive({
    ...{ kafka, seal: trust.replicaSeal, replicaId: replica.replicaId, clock, log },
    take: () => rooms.news.take({ withReadings: hasCompany(rooms) }),
    onNews: (news) => takeNews(rooms, news),
    onPositioned: () => {
      readAgain().catch((error: unknown) => log.warn({ err: error }, 'recent orders are not shown'));
    },
    onRejected: createRejectedRecords({ database, audit, clock }),
  });
}

/** Waits while another Central of the same name lives: they would take each other's partitions away. */
async function signIn(parts: CentralParts, replica: Replica): Promise<void> {
  for (let isTold = false; ; isTold = true) {
    const namesake = await whenDatabaseAnswers(parts, () => livingNamesake(parts.database, replica));
    if (namesake === undefined || parts.stopping.aborted) break;
    if (!isTold) parts.log.error(`CENTRAL_REPLICA_NAME is taken by ${namesake}: each Central needs a name of its own`);
    await pause(parts.clock, RETRY_MS, parts.stopping);
  }
  await whenDatabaseAnswers(parts, () => signInReplica(parts.database, replica));
}

/** Other writers of points tell by NOTIFY; what this replica wrote itself it has read already. */
async function listenForChanges({ database, picture, replica, weather }: CentralRooms): Promise<Stoppable> {
  const listening = await Promise.all([
    database.listen(NOTICES.factsChanged, (payload) => {
      const [replicaId, ...cpIds] = payload.split(' ');
      if (replicaId === undefined || replicaId === replica.replicaId) return;
      picture.noteReplica(replicaId);
      picture.refresh(cpIds);
    }),
    database.listen(NOTICES.pointChanged, (cpId) => {
      picture.refresh([cpId]);
      weather.readSoon();
    }),
    database.listen(NOTICES.weatherChanged, (payload) => {
      if (payload.split(' ')[1] !== replica.replicaId) weather.readSoon();
    }),
    database.listen(NOTICES.keysChanged, (cpId) => picture.refresh([cpId])),
  ]);
  return { stop: async () => void (await Promise.all(listening.map((one) => one.stop()))) };
}

function tellKafka({ picture, audit, log }: CentralRooms, isUp: boolean): void {
  log.info({ isUp }, isUp ? 'the broker answers' : 'the broker does not answer');
  picture.sayHere({
    level: isUp ? 'info' : 'error',
    source: 'kafka',
    code: isUp ? 'KAFKA_BACK' : 'KAFKA_LOST',
    params: {},
  });
  if (!isUp) audit.record(errors.connectionFailed({ entity: 'central' }, { target: 'kafka', cause: 'no answer' }));
}

async function whenDatabaseAnswers<T>(parts: CentralParts, work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (parts.stopping.aborted || !isDatabaseUnavailable(error)) throw error;
      parts.log.debug({ err: error }, 'waiting for the database');
      await pause(parts.clock, RETRY_MS, parts.stopping);
    }
  }
}

async function stopRooms(rooms: CentralRooms): Promise<void> {
  rooms.sessions.stop();
  rooms.status.stop();
  await rooms.outbox.stop();
  await rooms.notifier.stop();
  await rooms.readings.stop();
  rooms.weather.stop();
  rooms.picture.stop();
  try {
    await signOutReplica(rooms.database, rooms.replica.replicaId);
  } catch (error) {
    // Its heartbeat will be old in five seconds anyway.
    rooms.log.debug({ err: error }, 'could not sign out');
  }
}
