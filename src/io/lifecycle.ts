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

type Part = { name: string; part: Stoppable };

/**
 * Starts, waits for SIGTERM or SIGINT, stops the parts in reverse and exits: 0 after an orderly stop, 1 after a
 * failed start, an uncaught error or a missed deadline. A second signal exits at once (130).
 */
export async function runProcess(options: ProcessOptions): Promise<void> {
  const { name, log } = options;
  const host = options.host ?? thisProcess;
  const clock = options.clock ?? systemClock;
  const health = createHealth();
  const parts: Part[] = [];
  const abort = new AbortController();
  let exitCode = 0;

  const stopRequested = new Promise<void>((resolve) => {
    abort.signal.addEventListener('abort', () => resolve(), { once: true });
  });
  const requestStop = (reason: string) => {
    if (abort.signal.aborted) return;
    log.info({ reason }, `${name} stops`);
    health.setPhase('stopping');
    abort.abort();
  };
  const onSignal = (signal: string) => {
    if (abort.signal.aborted) return host.exit(130);
    requestStop(signal);
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
  for (const [event, listener] of listeners) host.on(event, listener);

  try {
    const started = await options.start({
      addPart: (partName, part) => parts.push({ name: partName, part }),
      health,
      stopping: abort.signal,
      requestStop,
    });
    if (started) parts.push({ name, part: started });
    if (!abort.signal.aborted) {
      health.setPhase('running');
      log.info(`${name} is running`);
    }
  } catch (error) {
    // A start that was cut short by a stop is no fault.
    if (!abort.signal.aborted) {
      exitCode = 1;
      log.fatal({ err: error }, `${name} could not start`);
      requestStop('start failed');
    }
  }
  await stopRequested;
  const isClean = await stopParts({ parts, log, clock, deadlineMs: options.stopDeadlineMs ?? 10_000 });
  for (const [event, listener] of listeners) host.off(event, listener);
  host.exit(isClean ? exitCode : 1);
}

type StopOptions = { parts: Part[]; log: Log; clock: Clock; deadlineMs: number };

/** True if every part stopped without an error before the deadline. */
async function stopParts({ parts, log, clock, deadlineMs }: StopOptions): Promise<boolean> {
  let isClean = true;
  let current = '';
  const inReverse = (async () => {
    for (const { name, part } of parts.splice(0).reverse()) {
      current = name;
      try {
        await part.stop();
      } catch (error) {
        // The parts below still have to be stopped.
        isClean = false;
        log.error({ err: error, part: name }, 'a part failed to stop');
      }
    }
    return true;
  })();
  const deadline = Promise.withResolvers<boolean>();
  const timer = clock.setTimer(() => deadline.resolve(false), deadlineMs);
  const isInTime = await Promise.race([inReverse, deadline.promise]);
  timer.cancel();
  if (!isInTime) log.error({ part: current, deadlineMs }, 'stop deadline missed');
  return isInTime && isClean;
}
