import type { Stoppable } from '../../../io/lifecycle.ts';
import type { Replica } from '../../../io/postgres/central-replicas.ts';
import type { CentralRooms } from '../central-rooms.ts';
import { endLateOrders, sweepDatabase } from './housekeeping.ts';
import { moduleList } from './modules.ts';
import { repeatWork } from './repeated-work.ts';
import { ReplicaLife } from './replica-life.ts';
import { applyDueDeadlines } from './supply-deadlines.ts';

const DUE_EVERY_MS = 500;
const BEAT_EVERY_MS = 1_000;
const MODULES_EVERY_MS = 2_000;
const SWEEP_EVERY_MS = 30_000;

/** Everything that happens because time passes (protocol 6). `newZones` fills while the picture meets zones. */
export function startTimers(rooms: CentralRooms, zones: { newZones: Set<string>; knownZones: Set<string> }): Stoppable {
  const { database, points, clock, log, audit, picture, late, kafka } = rooms;
  let replicas: readonly Replica[] = [rooms.replica];
  const life = new ReplicaLife({
    database,
    clock,
    log,
    replica: rooms.replica,
    points,
    onReplicas: (found) => {
      replicas = found;
      picture.setLiveReplicas(new Set(found.map((one) => one.replicaId)));
    },
  });
  const beat = async () => {
    const wasUp = late.isDatabaseUp;
    await life.beat().finally(() => {
      late.isDatabaseUp = life.isDatabaseUp;
      if (wasUp !== life.isDatabaseUp) tellDatabase(rooms);
    });
  };
  const showModules = async () => {
    const health = { isBrokerUp: kafka.isUp, isDatabaseUp: late.isDatabaseUp, replicas };
    picture.setModules(await moduleList(database, health));
  };
  const addZones = async () => {
    for (const zone of zones.newZones) {
      if (!zones.knownZones.has(zone)) await late.channels?.addZone(zone);
      zones.knownZones.add(zone);
      zones.newZones.delete(zone);
    }
  };
  const jobs = [
    repeatWork(rooms, 'deadlines', { everyMs: DUE_EVERY_MS, work: () => applyDueDeadlines(rooms) }),
    repeatWork(rooms, 'beat', { everyMs: BEAT_EVERY_MS, work: beat }),
    repeatWork(rooms, 'orders', {
      everyMs: DUE_EVERY_MS,
      work: () => endLateOrders({ database, audit, nowMs: clock.nowMs(), show: (order) => picture.showOrder(order) }),
    }),
    repeatWork(rooms, 'modules', { everyMs: MODULES_EVERY_MS, work: showModules }),
    repeatWork(rooms, 'zones', { everyMs: DUE_EVERY_MS, work: addZones }),
    repeatWork(rooms, 'housekeeping', { everyMs: SWEEP_EVERY_MS, work: () => sweepDatabase(database) }),
  ];
  return { stop: async () => void (await Promise.all(jobs.map((job) => job.stop()))) };
}

function tellDatabase({ picture, late, log }: CentralRooms): void {
  const isUp = late.isDatabaseUp;
  const code = isUp ? 'DATABASE_BACK' : 'DATABASE_LOST';
  log.warn({ isUp }, isUp ? 'the database answers' : 'the database does not answer');
  picture.say({ level: isUp ? 'info' : 'error', source: 'database', code, params: {} });
}
