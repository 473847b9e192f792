import type { Clock } from '../../../io/clock.ts';
import type { Log } from '../../../io/log.ts';
import type { Database } from '../../../io/postgres/database.ts';
import { dueSupplies } from '../../../io/postgres/supplies.ts';
import type { PointChanges } from '../parts.ts';

const AT_ONCE = 8;

/** Tells the domain of every due timer, whoever set it (F-15); one that another replica was faster with changes nothing. */
export async function applyDueDeadlines(parts: {
  database: Database;
  points: PointChanges;
  clock: Clock;
  log: Log;
}): Promise<void> {
  const due = await dueSupplies(parts.database, parts.clock.nowMs());
  const waiting = [...due];
  const worker = async () => {
    for (let one = waiting.shift(); one; one = waiting.shift()) {
      try {
        const event = { kind: 'deadline', supplyId: one.supplyId } as const;
        await parts.points.apply(one.cpId, { event }, { entity: 'central' });
      } catch (error) {
        // One supply that cannot be decided must not keep the others waiting.
        parts.log.error({ err: error, supplyId: one.supplyId }, 'a due supply could not be decided');
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}
