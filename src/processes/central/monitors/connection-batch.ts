import type { Clock, Timer } from '../../../io/clock.ts';
import type { FactsEdge, PointChanges } from '../parts.ts';

type ConnectedEdge = FactsEdge & { kind: 'monitor-connected' };
type Waiting = { cpId: string; edge: ConnectedEdge; resolve(): void; reject(error: unknown): void };

/** Writes `monitor-connected` edges, many in one statement when many come at once (protocol 6). */
export type ConnectionBatch = {
  /** Resolves once the edge is stored; rejects with the fault of the database. */
  add(cpId: string, edge: ConnectedEdge): Promise<void>;
  stop(): void;
};

const GATHER_MS = 15;
const MAX_BATCH = 500;

/** One batch at a time: while it is being written, the next one gathers. */
export function createConnectionBatch(points: Pick<PointChanges, 'applyConnections'>, clock: Clock): ConnectionBatch {
  let waiting: Waiting[] = [];
  let timer: Timer | undefined;
  let isWriting = false;

  async function write(): Promise<void> {
    timer = undefined;
    isWriting = true;
    const batch = waiting.slice(0, MAX_BATCH);
    waiting = waiting.slice(MAX_BATCH);
    try {
      await points.applyConnections(batch.map(({ cpId, edge }) => ({ cpId, edge })));
      for (const one of batch) one.resolve();
    } catch (error) {
      // Told to each Monitor, which comes again.
      for (const one of batch) one.reject(error);
    }
    isWriting = false;
    if (waiting.length > 0) schedule(0);
  }

  function schedule(delayMs: number): void {
    if (!isWriting) timer ??= clock.setTimer(() => void write(), delayMs);
  }

  return {
    add: (cpId, edge) =>
      new Promise((resolve, reject) => {
        waiting.push({ cpId, edge, resolve, reject });
        schedule(GATHER_MS);
      }),
    stop: () => timer?.cancel(),
  };
}
