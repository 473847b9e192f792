import { DEFAULT_LIVENESS, isLost, startWatch, sweep, watchedMs } from '../../../domain/liveness.ts';
import type { Clock, Timer } from '../../../io/clock.ts';
import type { MonitorSession } from './monitor-session.ts';

/** Who is in, by point; and the sweep that finds the silent ones. */
export class MonitorRoster {
  readonly #sessions = new Map<string, MonitorSession>();
  readonly #clock: Clock;
  readonly #timer: Timer;
  #watch: ReturnType<typeof startWatch>;

  constructor(options: { clock: Clock; heartbeatMs: number; onSilent(session: MonitorSession): void }) {
    const { clock, heartbeatMs } = options;
    const sweepEveryMs = Math.max(20, Math.min(250, heartbeatMs / 2));
    const policy = { ...DEFAULT_LIVENESS, periodMs: heartbeatMs };
    this.#clock = clock;
    this.#watch = startWatch(clock.monotonicMs());
    this.#timer = clock.setRepeating(() => {
      this.#watch = sweep(this.#watch, sweepEveryMs, clock.monotonicMs());
      const nowMs = this.watchedNowMs();
      for (const session of this.#sessions.values()) {
        if (session.isJoined && isLost(policy, session.heardWatchedMs, nowMs)) options.onSilent(session);
      }
    }, sweepEveryMs);
  }

  /** Now, without the spans in which this process stood still. */
  watchedNowMs(): number {
    return watchedMs(this.#watch, this.#clock.monotonicMs());
  }

  /** The session of a point, joined or on its way in. */
  of(cpId: string): MonitorSession | undefined {
    return this.#sessions.get(cpId);
  }

  joined(cpId: string): MonitorSession | undefined {
    const session = this.#sessions.get(cpId);
    return session?.isJoined ? session : undefined;
  }

  isCurrent(session: MonitorSession): boolean {
    return this.#sessions.get(session.cpId) === session;
  }

  enter(session: MonitorSession): void {
    this.#sessions.set(session.cpId, session);
  }

  /** False: another session has its place already. */
  leave(session: MonitorSession): boolean {
    return this.isCurrent(session) && this.#sessions.delete(session.cpId);
  }

  get size(): number {
    return this.#sessions.size;
  }

  stop(): void {
    this.#timer.cancel();
  }
}
