import type { Stoppable } from '../../../io/lifecycle.ts';
import type { CentralRooms } from '../central-rooms.ts';
import { endLateOrders, keepAuditLog, sweepDatabase } from './housekeeping.ts';
import { moduleList } from './modules.ts';
import { repeatWork } from './repeated-work.ts';
import { ReplicaLife } from './replica-life.ts';
import { ReplicaWatch } from './replica-watch.ts';
import { applyDueDeadlines } from './supply-deadlines.ts';

const DUE_EVERY_MS = 500;
const BEAT_EVERY_MS = 1_000;
const MODULES_EVERY_MS = 2_000;
const SWEEP_EVERY_MS = 30_000;
const AUDIT_LOG_EVERY_MS = 12 * 60 * 60_000;
const RELOAD_EVERY_MS = 2_000;
const RELOADS_AFTER_OUTAGE = 2;
const DISOWNED_EVERY_MS = 5_000;
const WEATHER_EVERY_MS = 2_000;
const WEATHER_READ_EVERY_MS = 30_000;

/** Everything that happens because time passes (protocol 6). `newZones` fills while the picture meets zones. */
export function startTimers(rooms: CentralRooms, zones: { newZones: Set<string>; knownZones: Set<string> }): Stoppable {
  const { database, points, clock, log, audit, picture, late, kafka } = rooms;
  const watch = new ReplicaWatch({ audit, own: rooms.replica, say: (message) => picture.sayHere(message) });
  const life = new ReplicaLife({
    database,
    clock,
    log,
    replica: rooms.replica,
    points,
    onReplicas: (found) => {
      late.replicas = found;
      picture.setLiveReplicas(new Set(found.filter((one) => one.isAlive).map((one) => one.replicaId)));
      watch.note(found);
    },
  });
  const beat = async () => {
    const wasUp = late.isDatabaseUp;
    await life.beat().finally(() => {
      late.isDatabaseUp = life.isDatabaseUp;
      if (wasUp === life.isDatabaseUp) return;
      tellDatabase(rooms);
      if (life.isDatabaseUp) reloads = RELOADS_AFTER_OUTAGE;
    });
  };
  const showModules = async () => {
    const health = { isBrokerUp: kafka.isUp, isDatabaseUp: late.isDatabaseUp, replicas: late.replicas };
    picture.setModules([...(await moduleList(database, clock, health)), ...rooms.weather.view.modules()]);
  };
  // Notices were lost with the connection, and some more until it listens again.
  let reloads = 0;
  const reload = async () => {
    if (reloads === 0) return;
    await picture.load();
    reloads -= 1;
  };
  const reconnect = reconnectDisowned(rooms);
  const addZones = async () => {
    for (const zone of zones.newZones) {
      if (!zones.knownZones.has(zone)) await late.channels?.addZone(zone);
      zones.knownZones.add(zone);
      zones.newZones.delete(zone);
    }
  };
  const zoning = repeatWork(rooms, 'zones', { everyMs: DUE_EVERY_MS, work: addZones });
  const jobs = [
    repeatWork(rooms, 'deadlines', { everyMs: DUE_EVERY_MS, work: () => applyDueDeadlines(rooms) }),
    repeatWork(rooms, 'beat', { everyMs: BEAT_EVERY_MS, work: beat }),
    repeatWork(rooms, 'orders', {
      everyMs: DUE_EVERY_MS,
      work: () => endLateOrders({ database, audit, nowMs: clock.nowMs(), show: (order) => picture.showOrder(order) }),
    }),
    repeatWork(rooms, 'modules', { everyMs: MODULES_EVERY_MS, work: showModules }),
    repeatWork(rooms, 'reload', { everyMs: RELOAD_EVERY_MS, work: reload }),
    repeatWork(rooms, 'disowned monitors', { everyMs: DISOWNED_EVERY_MS, work: reconnect }),
    repeatWork(rooms, 'audit log', { everyMs: AUDIT_LOG_EVERY_MS, work: () => keepAuditLog(rooms) }),
    repeatWork(rooms, 'weather', { everyMs: WEATHER_EVERY_MS, work: async () => rooms.weather.tick() }),
    repeatWork(rooms, 'weather places', { everyMs: WEATHER_READ_EVERY_MS, work: () => rooms.weather.load() }),
    repeatWork(rooms, 'housekeeping', { everyMs: SWEEP_EVERY_MS, work: () => sweepDatabase(database) }),
  ];
  return {
    async stop() {
      // Not waited for: it may wait for a broker that is away, and ends with the connection, which is closed after this.
      void zoning.stop();
      await Promise.all(jobs.map((job) => job.stop()));
    },
  };
}

/**
 * Another replica has taken this one for dead and ended its Monitors, though their sockets are here: seen twice in a row,
 * they are dropped, and come back with a new epoch.
 */
function reconnectDisowned({ picture, late, log }: CentralRooms): () => Promise<void> {
  let suspects = new Set<string>();
  return async () => {
    const disowned = [...picture.points()]
      .filter((point) => point.state === 'DISCONNECTED' && late.monitors?.isConnected(point.cpId))
      .map((point) => point.cpId);
    for (const cpId of disowned) {
      if (!suspects.has(cpId)) continue;
      log.info({ cpId }, 'this monitor counts as lost though it is here: it shall come again');
      late.monitors?.drop(cpId, 'DISOWNED');
    }
    suspects = new Set(disowned.filter((cpId) => !suspects.has(cpId)));
  };
}

function tellDatabase({ picture, late, log }: CentralRooms): void {
  const isUp = late.isDatabaseUp;
  const code = isUp ? 'DATABASE_BACK' : 'DATABASE_LOST';
  log.warn({ isUp }, isUp ? 'the database answers' : 'the database does not answer');
  picture.sayHere({ level: isUp ? 'info' : 'error', source: 'database', code, params: {} });
}
