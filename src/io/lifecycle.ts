import { type Clock, systemClock } from './clock.ts';
import { createHealth, type Health } from './health.ts';
import type { Log } from './log.ts';

/** Something that was started and can be stopped. */
export type Stoppable = { stop(): void | Promise<void> };

/** What `start` is given: where it registers what it started. */
export type RunningProcess = {
  /** Stopped in reverse order of registration, each once. */
  addPart(name: string, part: Stoppable): void;
  health: Health;
  /** Aborts when the process begins to stop; waits of the start should end with it. */
  stopping: AbortSignal;
  /** Begins an orderly stop, as SIGTERM would. */
  requestStop(reason: string): void;
};

/** The outside of the process; tests pass their own. */
export type ProcessHost = {
  on(event: string, listener: (...args: never[]) => void): unknown;
  off(event: string, listener: (...args: never[]) => void): unknown;
  exit(code: number): void;
};

/** One process from its first line to its exit. */
export type ProcessOptions = {
  name: string;
  log: Log;
  /** May return what it started, which then counts as the last part. */
  start(running: RunningProcess): Promise<Stoppable | undefined>;
  /** For all parts together; then the process exits with 1. */
  stopDeadlineMs?: number;
  clock?: Clock;
  host?: ProcessHost;
};

const thisProcess: ProcessHost = {
  on: (event, listener) => process.on(event, listener as (...args: unknown[]) => void),
  off: (event, listener) => process.off(event, listener as (...args: unknown[]) => void),
  exit: (code) => process.exit(code),
};

/**
 * Starts, waits for SIGTERM or SIGINT, stops the parts in reverse and exits: 0 after an orderly stop, 1 after a
 * failed start, an uncaught error or a missed deadline. A second signal exits at once (130).
 */
export async function runProcess(options: ProcessOptions): Promise<void> {
  const host = options.host ?? thisProcess;
  const running = new Running(options);
  const listeners = listenersOf(running, host, options);
  for (const [event, listener] of listeners) host.on(event, listener);
  const isStarted = await running.begin();
  await running.whenStopping();
  const isClean = await running.stopParts();
  for (const [event, listener] of listeners) host.off(event, listener);
  host.exit(isStarted && isClean ? 0 : 1);
}

function listenersOf(running: Running, host: ProcessHost, { name, log }: ProcessOptions) {
  const onSignal = (signal: string) => {
    if (running.stopping.aborted) host.exit(130);
    else running.requestStop(signal);
  };
  const onUncaught = (error: unknown) => {
    log.fatal({ err: error }, `${name} ends on an error that nothing caught`);
    host.exit(1);
  };
  const listeners: [string, (...args: never[]) => void][] = [
    ['SIGTERM', onSignal],
    ['SIGINT', onSignal],
    ['uncaughtException', onUncaught],
    ['unhandledRejection', onUncaught],
  ];
  return listeners;
}

class Running implements RunningProcess {
  readonly health = createHealth();
  readonly #options: ProcessOptions;
  readonly #clock: Clock;
  readonly #abort = new AbortController();
  readonly #stopRequested = Promise.withResolvers<void>();
  readonly #parts: { name: string; part: Stoppable }[] = [];

  constructor(options: ProcessOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
  }

  get stopping(): AbortSignal {
    return this.#abort.signal;
  }

  addPart(name: string, part: Stoppable): void {
    this.#parts.push({ name, part });
  }

  requestStop(reason: string): void {
    if (this.#abort.signal.aborted) return;
    this.#options.log.info({ reason }, `${this.#options.name} stops`);
    this.health.setPhase('stopping');
    this.#abort.abort();
    this.#stopRequested.resolve();
  }

  whenStopping(): Promise<void> {
    return this.#stopRequested.promise;
  }

  /** False if the start failed; one that was cut short by a stop is no failure. */
  async begin(): Promise<boolean> {
    const { name, log, start } = this.#options;
    try {
      const started = await start(this);
      if (started) this.addPart(name, started);
    } catch (error) {
      if (this.stopping.aborted) return true;
      log.fatal({ err: error }, `${name} could not start`);
      this.requestStop('start failed');
      return false;
    }
    if (!this.stopping.aborted) {
      this.health.setPhase('running');
      log.info(`${name} is running`);
    }
    return true;
  }

  /** True if every part stopped without an error before the deadline. */
  async stopParts(): Promise<boolean> {
    const { log, stopDeadlineMs = 10_000 } = this.#options;
    const late = Promise.withResolvers<'late'>();
    const timer = this.#clock.setTimer(() => late.resolve('late'), stopDeadlineMs);
    const outcome = await Promise.race([this.#stopInReverse(), late.promise]);
    timer.cancel();
    if (outcome === 'late') log.error({ waitingFor: this.#parts.at(-1)?.name, stopDeadlineMs }, 'stop deadline missed');
    return outcome === 'clean';
  }

  async #stopInReverse(): Promise<'clean' | 'faulty'> {
    let outcome: 'clean' | 'faulty' = 'clean';
    for (let last = this.#parts.at(-1); last; last = this.#parts.at(-1)) {
      try {
        await last.part.stop();
      } catch (error) {
        // The parts below still have to be stopped.
        outcome = 'faulty';
        this.#options.log.error({ err: error, part: last.name }, 'a part failed to stop');
      }
      this.#parts.pop();
    }
    return outcome;
  }
}
