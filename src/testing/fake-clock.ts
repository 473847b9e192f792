/** Time that moves only when a test says so. */
export interface FakeClock {
  nowMs(): number;
  /** Runs once, `delayMs` from now; the returned function takes it back. */
  after(delayMs: number, run: () => void): () => void;
  /** Runs every `periodMs`, first after one period; the returned function ends it. */
  every(periodMs: number, run: () => void): () => void;
  /** Moves on and runs everything due on the way, in order of time, then of entry. */
  advance(spanMs: number): void;
}

interface Timer {
  readonly atMs: number;
  readonly order: number;
  readonly run: () => void;
}

/** A clock that stands at `startMs`. */
export function createFakeClock(startMs = 1_750_000_000_000): FakeClock {
  let nowMs = startMs;
  let count = 0;
  const heap: Timer[] = [];
  const cancelled = new Set<Timer>();

  const after = (delayMs: number, run: () => void): (() => void) => {
    count += 1;
    const timer = { atMs: nowMs + Math.max(0, delayMs), order: count, run };
    push(heap, timer);
    return () => cancelled.add(timer);
  };
  return {
    nowMs: () => nowMs,
    after,
    every: (periodMs, run) => {
      let stop = (): void => undefined;
      const again = (): void => {
        stop = after(periodMs, () => {
          again();
          run();
        });
      };
      again();
      return () => stop();
    },
    advance: (spanMs) => {
      const untilMs = nowMs + spanMs;
      for (let timer = heap[0]; timer !== undefined && timer.atMs <= untilMs; timer = heap[0]) {
        pop(heap);
        nowMs = Math.max(nowMs, timer.atMs);
        if (!cancelled.delete(timer)) timer.run();
      }
      nowMs = untilMs;
    },
  };
}

function isBefore(one: Timer, other: Timer): boolean {
  return one.atMs < other.atMs || (one.atMs === other.atMs && one.order < other.order);
}

function push(heap: Timer[], timer: Timer): void {
  let at = heap.push(timer) - 1;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (isBefore(heap[parent]!, timer)) break;
    heap[at] = heap[parent]!;
    at = parent;
  }
  heap[at] = timer;
}

function pop(heap: Timer[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  let at = 0;
  for (let child = 1; child < heap.length; child = 2 * at + 1) {
    if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child += 1;
    if (isBefore(last, heap[child]!)) break;
    heap[at] = heap[child]!;
    at = child;
  }
  heap[at] = last;
}
