import { type Clock, pause } from '../../../io/clock.ts';
import { createDialGate } from '../../../io/sockets/dial-gate.ts';
import type { Actor, FactsEdge, PointChanges } from '../parts.ts';

type Edge = FactsEdge & { kind: 'monitor-lost' | 'engine-health' };

/** Edges of the points on their way to the database: in series per point, until they are stored. */
export type EdgeQueue = {
  put(cpId: string, edge: Edge, actor: Actor): void;
  /** Edges not yet stored. */
  readonly waitingCount: number;
  stop(): void;
};

/** Transactions at once: ten thousand Monitors lost together must leave connections to everybody else. */
const MAX_AT_ONCE = 6;
const RETRY_MS = { first: 100, longest: 2_000 };

/**
 * An edge is told once by the Monitor and must not be lost while the database is away. A newer health replaces one that
 * still waits: only the last level counts. A fault that waiting does not cure is told and dropped.
 */
export function createEdgeQueue(parts: {
  points: Pick<PointChanges, 'apply'>;
  clock: Clock;
  onFault(cpId: string, edge: Edge, error: unknown): void;
}): EdgeQueue {
  const queues = new Map<string, { edge: Edge; actor: Actor }[]>();
  const abort = new AbortController();
  const gate = createDialGate(MAX_AT_ONCE);

  async function drain(cpId: string, queue: { edge: Edge; actor: Actor }[]): Promise<void> {
    let delayMs = RETRY_MS.first;
    for (let next = queue[0]; next && !abort.signal.aborted; next = queue[0]) {
      const { edge, actor } = next;
      const leave = await gate.enter();
      try {
        await parts.points.apply(cpId, { edge }, actor);
        delayMs = RETRY_MS.first;
      } catch (error) {
        if (canRetry(error)) {
          leave();
          await pause(parts.clock, delayMs, abort.signal);
          delayMs = Math.min(delayMs * 2, RETRY_MS.longest);
          continue;
        }
        parts.onFault(cpId, edge, error);
      } finally {
        leave();
      }
      if (queue[0] === next) queue.shift();
    }
    queues.delete(cpId);
  }

  return {
    put(cpId, edge, actor) {
      const queue = queues.get(cpId);
      if (!queue) {
        const started = [{ edge, actor }];
        queues.set(cpId, started);
        return void drain(cpId, started);
      }
      const last = queue.at(-1);
      const isReplaced = queue.length > 1 && last?.edge.kind === 'engine-health' && edge.kind === 'engine-health';
      if (isReplaced) queue.pop();
      queue.push({ edge, actor });
    },
    get waitingCount() {
      let count = 0;
      for (const queue of queues.values()) count += queue.length;
      return count;
    },
    stop: () => abort.abort(),
  };
}

function canRetry(error: unknown): boolean {
  return error instanceof Error && 'canRetry' in error && error.canRetry === true;
}
