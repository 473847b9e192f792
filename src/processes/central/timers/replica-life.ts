import type { Clock } from '../../../io/clock.ts';
import type { Log } from '../../../io/log.ts';
import { beatReplica, type Replica, type SeenReplica } from '../../../io/postgres/central-replicas.ts';
import { orphanedMonitors } from '../../../io/postgres/charging-points.ts';
import type { Database } from '../../../io/postgres/database.ts';
import type { PointChanges } from '../parts.ts';

export type ReplicaLifeParts = {
  database: Database;
  clock: Clock;
  log: Log;
  replica: Replica;
  points: PointChanges;
  onReplicas(replicas: readonly SeenReplica[]): void;
};

/** One's own beats must have been regular for so long before others are judged by theirs. */
const STEADY_MS = 10_000;
const BEAT_LATE_MS = 3_000;
const ORPHANS_EVERY_MS = 5_000;

/** Says each second that this replica lives, learns who else does, and ends the Monitors of those that died (F-27, F-29). */
export class ReplicaLife {
  readonly #parts: ReplicaLifeParts;
  #steadySinceMs: number | undefined;
  #beatAtMs = 0;
  #orphansAtMs = 0;
  isDatabaseUp = true;

  constructor(parts: ReplicaLifeParts) {
    this.#parts = parts;
  }

  async beat(): Promise<void> {
    const { database, clock, replica, onReplicas } = this.#parts;
    try {
      const replicas = await beatReplica(database, replica);
      const nowMs = clock.monotonicMs();
      if (this.#steadySinceMs === undefined || nowMs - this.#beatAtMs > BEAT_LATE_MS) this.#steadySinceMs = nowMs;
      this.#beatAtMs = nowMs;
      this.isDatabaseUp = true;
      onReplicas(replicas);
      if (nowMs - this.#steadySinceMs >= STEADY_MS && nowMs - this.#orphansAtMs >= ORPHANS_EVERY_MS) {
        this.#orphansAtMs = nowMs;
        await this.#endOrphans();
      }
    } catch (error) {
      this.isDatabaseUp = false;
      throw error;
    }
  }

  async #endOrphans(): Promise<void> {
    const { database, points, log } = this.#parts;
    for (const { cpId, epoch } of await orphanedMonitors(database)) {
      log.info({ cpId }, 'the replica of this monitor is dead');
      await points.apply(cpId, { edge: { kind: 'monitor-lost', epoch } }, { entity: 'central' });
    }
  }
}
