import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { describe, it } from 'node:test';
import { createFakeClock } from '../testing/fake-clock.ts';
import { ioClockOf } from '../testing/io-clock.ts';
import { pause } from './clock.ts';
import { createHealth } from './health.ts';
import { type ProcessOptions, type RunningProcess, runProcess } from './lifecycle.ts';
import { createLog } from './log.ts';

function hosted(options: Partial<ProcessOptions> & Pick<ProcessOptions, 'start'>) {
  const events = new EventEmitter();
  const exits: number[] = [];
  const fake = createFakeClock();
  const host = {
    on: (event: string, listener: (...args: never[]) => void) => events.on(event, listener as () => void),
    off: (event: string, listener: (...args: never[]) => void) => events.off(event, listener as () => void),
    exit: (code: number) => void exits.push(code),
  };
  const log = createLog('test', { level: 'silent' });
  const done = runProcess({ name: 'test', log, host, clock: ioClockOf(fake), ...options });
  return { events, exits, fake, done };
}

describe('lifecycle', () => {
  it('stops the parts in reverse on SIGTERM and exits with 0', async () => {
    const stopped: string[] = [];
    let running: RunningProcess | undefined;
    const { events, exits, done } = hosted({
      start: async (process) => {
        running = process;
        process.addPart('pool', { stop: () => void stopped.push('pool') });
        process.addPart('server', { stop: async () => void stopped.push('server') });
        return { stop: () => void stopped.push('main') };
      },
    });
    await Promise.resolve();
    await Promise.resolve();
    assert.equal(running?.health.report().isReady, true);
    events.emit('SIGTERM', 'SIGTERM');
    await done;
    assert.deepEqual([stopped, exits], [['main', 'server', 'pool'], [0]]);
    assert.equal(running?.stopping.aborted, true);
    assert.deepEqual(events.eventNames(), []);
  });

  it('stops what it had when a start fails, and exits with 1', async () => {
    const stopped: string[] = [];
    const { exits, done } = hosted({
      start: async (process) => {
        process.addPart('pool', { stop: () => void stopped.push('pool') });
        throw new Error('no database');
      },
    });
    await done;
    assert.deepEqual([stopped, exits], [['pool'], [1]]);
  });

  it('stops during the start, without calling that a failure', async () => {
    const { events, exits, done } = hosted({
      start: async ({ stopping }) => {
        await new Promise<void>((resolve) => stopping.addEventListener('abort', () => resolve()));
        throw new Error('given up');
      },
    });
    events.emit('SIGINT', 'SIGINT');
    await done;
    assert.deepEqual(exits, [0]);
  });

  it('goes on stopping when a part fails, and exits with 1', async () => {
    const stopped: string[] = [];
    const { events, exits, done } = hosted({
      start: async (process) => {
        process.addPart('pool', { stop: () => void stopped.push('pool') });
        return { stop: () => Promise.reject(new Error('stuck')) };
      },
    });
    events.emit('SIGTERM', 'SIGTERM');
    await done;
    assert.deepEqual([stopped, exits], [['pool'], [1]]);
  });

  it('waits for no part beyond the deadline, and not at all after a second signal', async () => {
    const { events, exits, fake, done } = hosted({
      start: async () => ({ stop: () => new Promise(() => {}) }),
      stopDeadlineMs: 10_000,
    });
    events.emit('SIGTERM', 'SIGTERM');
    events.emit('SIGTERM', 'SIGTERM');
    assert.deepEqual(exits, [130]);
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
    fake.advance(10_000);
    await done;
    assert.deepEqual(exits, [130, 1]);
  });

  it('exits with 1 on an error that nothing caught', () => {
    const { events, exits } = hosted({ start: async () => undefined });
    events.emit('uncaughtException', new Error('bug'));
    events.emit('unhandledRejection', new Error('bug'));
    assert.deepEqual(exits, [1, 1]);
  });
});

describe('health', () => {
  it('is ready only while running with every check OK, and live unless a liveness check fails', () => {
    const health = createHealth();
    let isUp = true;
    health.addCheck('postgres', 'readiness', () => ({ isOk: isUp, detail: isUp ? undefined : 'no connection' }));
    assert.equal(health.report().isReady, false, 'still starting');
    health.setPhase('running');
    assert.equal(health.report().isReady, true);
    isUp = false;
    assert.deepEqual([health.report().isReady, health.report().isLive], [false, true]);
    health.addCheck('loop', 'liveness', () => {
      throw new Error('stuck');
    });
    const { isLive, checks } = health.report();
    assert.deepEqual([isLive, checks.at(-1)?.detail], [false, 'stuck']);
  });
});

describe('clock', () => {
  it('pauses until the time is over or the signal aborts', async () => {
    const fake = createFakeClock();
    const abort = new AbortController();
    const ended: string[] = [];
    const long = pause(ioClockOf(fake), 1_000, abort.signal).then(() => ended.push('long'));
    const short = pause(ioClockOf(fake), 10).then(() => ended.push('short'));
    fake.advance(10);
    await short;
    abort.abort();
    await long;
    await pause(ioClockOf(fake), 1_000, abort.signal);
    assert.deepEqual(ended, ['short', 'long']);
  });
});
