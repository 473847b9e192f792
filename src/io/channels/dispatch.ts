import { type Clock, pause, type Timer } from '../clock.ts';
import type { Log } from '../log.ts';
import type { DispatchLimits } from './central-contract.ts';
import type { PartitionOf } from './kafka-group.ts';
import { type IncomingRecord, partitionKey } from './kafka-records.ts';

/** One record under way. `isForgotten`: its partition is somebody else's now, so its work need not begin. */
export type Task = { record: IncomingRecord; readonly isForgotten: boolean };

/** What work resolves with that ended without being done: whoever reads next does it again. */
export const GIVEN_UP = 'GIVEN_UP';

export type DispatchOptions = {
  limits: DispatchLimits;
  clock: Clock;
  log: Log;
  /** Records of the same series are worked on one after the other, in order. */
  seriesOf(record: IncomingRecord): string;
  /** Must not fail: whoever does the work decides what a failure means. A plain return means done at once. */
  work(task: Task): undefined | Promise<unknown>;
  commit(offsets: Array<PartitionOf & { nextOffset: bigint }>): Promise<void>;
  /** There is room again after `isOpen` was false. */
  onDrained(): void;
};

const STOP_POLL_MS = 10;

type Place = PartitionOf & {
  /** In the order of their offsets. */
  unfinished: Set<bigint>;
  nextOffset: bigint;
  committed: bigint;
  isForgotten: boolean;
};
type QueuedTask = { record: IncomingRecord; place: Place };
type Series = { key: string; queue: QueuedTask[]; isRunning: boolean };

/**
 * In series per client, in parallel across clients; commits the lowest finished offset of each partition, so that
 * one slow client delays nobody else (F-34) and nothing unfinished is ever committed over (F-12).
 */
export class Dispatch {
  readonly #options: DispatchOptions;
  readonly #places = new Map<string, Place>();
  readonly #series = new Map<string, Series>();
  readonly #waiting: Series[] = [];
  readonly #commitTimer: Timer;
  #running = 0;
  #queued = 0;
  #wasFull = false;
  #isStopped = false;
  #committing: Promise<void> = Promise.resolve();

  constructor(options: DispatchOptions) {
    this.#options = options;
    this.#commitTimer = options.clock.setRepeating(() => void this.commitFinished(), options.limits.commitEveryMs);
  }

  get queued(): number {
    return this.#queued;
  }

  get running(): number {
    return this.#running;
  }

  /** Whether more may be read. */
  isOpen(): boolean {
    const isFull = this.#queued >= this.#options.limits.maxQueued;
    if (isFull) this.#wasFull = true;
    return !isFull && !this.#isStopped;
  }

  accept(records: IncomingRecord[]): void {
    if (this.#isStopped) return;
    const { topic, partition, offset } = records[0]!;
    const key = partitionKey(topic, partition);
    let place = this.#places.get(key);
    if (!place) {
      place = { topic, partition, unfinished: new Set(), nextOffset: offset, committed: offset, isForgotten: false };
      this.#places.set(key, place);
    }
    for (const record of records) {
      place.unfinished.add(record.offset);
      place.nextOffset = record.offset + 1n;
      this.#enqueue({ record, place });
    }
  }

  /** Drops what has not begun on these partitions and never commits them again. */
  forget(partitions: readonly PartitionOf[]): void {
    for (const { topic, partition } of partitions) {
      const key = partitionKey(topic, partition);
      const place = this.#places.get(key);
      if (place) place.isForgotten = true;
      this.#places.delete(key);
    }
  }

  /** Commits what is finished; a failure is tried again a second later. */
  commitFinished(): Promise<void> {
    this.#committing = this.#committing.then(async () => {
      const due = [...this.#places.values()]
        .map((place) => ({ place, nextOffset: lowestUnfinished(place) }))
        .filter(({ place, nextOffset }) => nextOffset > place.committed);
      if (due.length === 0) return;
      try {
        await this.#options.commit(
          due.map(({ place, nextOffset }) => ({ topic: place.topic, partition: place.partition, nextOffset })),
        );
        for (const { place, nextOffset } of due) place.committed = nextOffset;
      } catch (error) {
        this.#options.log.debug({ err: error }, 'offsets not committed yet');
      }
    });
    return this.#committing;
  }

  /** Begins nothing new, waits a while for what is at work, commits what is finished. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#commitTimer.cancel();
    for (const series of this.#series.values()) {
      this.#queued -= series.queue.length;
      series.queue.length = 0;
    }
    this.#waiting.length = 0;
    const { clock, limits } = this.#options;
    const untilMs = clock.monotonicMs() + limits.stopWithinMs;
    while (this.#running > 0 && clock.monotonicMs() < untilMs) await pause(clock, STOP_POLL_MS);
    await this.commitFinished();
  }

  #enqueue(task: QueuedTask): void {
    const key = this.#options.seriesOf(task.record);
    let series = this.#series.get(key);
    if (!series) {
      // Nothing of this client is under way: what is done at once needs no queue.
      if (this.#running < this.#options.limits.parallel) {
        const working = this.#begin(task);
        if (!working) return;
        series = { key, queue: [], isRunning: true };
        this.#series.set(key, series);
        this.#running += 1;
        void this.#continue(series, working);
        return;
      }
      series = { key, queue: [], isRunning: false };
      this.#series.set(key, series);
      this.#waiting.push(series);
    }
    series.queue.push(task);
    this.#queued += 1;
  }

  #begin(task: QueuedTask): Promise<void> | undefined {
    const { record, place } = task;
    if (place.isForgotten) return undefined;
    const working = this.#options.work({
      record,
      get isForgotten() {
        return place.isForgotten;
      },
    });
    if (!working) {
      place.unfinished.delete(record.offset);
      return undefined;
    }
    return working.then((outcome) => {
      if (outcome !== GIVEN_UP) place.unfinished.delete(record.offset);
    });
  }

  async #continue(series: Series, first: Promise<void>): Promise<void> {
    await first;
    for (let task = series.queue.shift(); task; task = series.queue.shift()) {
      this.#queued -= 1;
      const working = this.#begin(task);
      if (working) await working;
    }
    this.#series.delete(series.key);
    this.#running -= 1;
    this.#startWaiting();
    if (this.#wasFull && this.#queued < this.#options.limits.maxQueued / 2) {
      this.#wasFull = false;
      this.#options.onDrained();
    }
  }

  #startWaiting(): void {
    const next = this.#waiting.shift();
    if (!next) return;
    next.isRunning = true;
    this.#running += 1;
    void this.#continue(next, Promise.resolve());
  }
}

function lowestUnfinished(place: Place): bigint {
  for (const offset of place.unfinished) return offset;
  return place.nextOffset;
}
