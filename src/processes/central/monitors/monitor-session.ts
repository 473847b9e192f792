import type { Clock } from '../../../io/clock.ts';
import type { PointLogin } from '../../../io/postgres/credentials.ts';
import type { FrameConnection } from '../../../io/sockets/frame-connection.ts';
import { frameMessage } from '../../../io/sockets/frame-messages.ts';
import type { CentralToMonitor, MonitorToCentral } from '../../../messages/monitor-central.ts';
import type { Actor } from '../parts.ts';

/** Central speaks once in this many heartbeats of a Monitor (protocol 2.4). */
const BEATS_PER_ANSWER = 3;

type Health = MonitorToCentral['monitor-beat'];
type EngineFacts = Pick<Health, 'isEngineOk' | 'isChannelUp' | 'code'>;

/** One authenticated Monitor on its socket. */
export class MonitorSession {
  readonly cpId: string;
  readonly instanceId: string;
  /** By which it came in. */
  readonly credentialId: string;
  readonly epoch: number;
  readonly actor: Actor;
  readonly #connection: FrameConnection;
  readonly #clock: Clock;
  readonly #centralSockets: () => string[];
  /** On the watch's scale, for the sweep; and by the wall clock, for the page. */
  heardWatchedMs: number;
  lastSeenAtMs: number;
  #health: EngineFacts;
  #beats = 0;
  #isJoined = false;
  #status: CentralToMonitor['point-status'] | undefined;

  constructor(
    connection: FrameConnection,
    of: {
      login: PointLogin;
      instanceId: string;
      epoch: number;
      actor: Actor;
      heardWatchedMs: number;
      clock: Clock;
      centralSockets(): string[];
    },
  ) {
    this.#connection = connection;
    this.#clock = of.clock;
    this.#centralSockets = of.centralSockets;
    this.cpId = of.login.cpId;
    this.credentialId = of.login.credentialId;
    this.instanceId = of.instanceId;
    this.epoch = of.epoch;
    this.actor = of.actor;
    this.heardWatchedMs = of.heardWatchedMs;
    this.lastSeenAtMs = of.clock.nowMs();
    this.#health = {
      isEngineOk: of.login.isEngineOk,
      isChannelUp: of.login.isChannelUp,
      ...(of.login.engineFaultCode !== undefined && { code: of.login.engineFaultCode }),
    };
  }

  heard(watchedMs: number): void {
    this.heardWatchedMs = watchedMs;
    this.lastSeenAtMs = this.#clock.nowMs();
  }

  /**
   * Takes a heartbeat; what is news in it, measured against what the database holds. Of a Monitor that is starting, only
   * its own life counts: its engine is as good as it was, but nothing new may start before it has spoken (D-08).
   */
  takeBeat(told: Health): EngineFacts | undefined {
    this.#beats = (this.#beats + 1) % BEATS_PER_ANSWER;
    if (this.#beats === 0) this.#beat();
    const known = this.#health;
    const beat = told.isStarting ? { ...known, isChannelUp: false } : told;
    const code = beat.isEngineOk ? undefined : beat.code;
    const isSame =
      beat.isEngineOk === known.isEngineOk && beat.isChannelUp === known.isChannelUp && code === known.code;
    if (isSame) return undefined;
    const { isEngineOk, isChannelUp } = beat;
    this.#health = { isEngineOk, isChannelUp, ...(code === undefined ? {} : { code }) };
    return this.#health;
  }

  #beat(): void {
    const body = { serverTimeMs: this.#clock.nowMs(), centralSockets: this.#centralSockets() };
    this.#connection.sendBeat(this.#envelope('central-beat', body));
  }

  /** What Central shows of the point; kept until the Monitor was told that it is in. An older version changes nothing. */
  tellStatus(status: CentralToMonitor['point-status']): void {
    const known = this.#status;
    // An equal version may tell what only time did; the same words again tell nothing.
    if (known && (status.version < known.version || JSON.stringify(status) === JSON.stringify(known))) return;
    this.#status = status;
    if (this.#isJoined) void this.send('point-status', status);
  }

  /** Answers `authenticate`: only now may anything else be sent. */
  async join(answer: CentralToMonitor['authenticated'], correlationId: string): Promise<void> {
    this.#isJoined = true;
    void this.#deliver({ ...this.#envelope('authenticated', answer), correlationId });
    if (this.#status) await this.send('point-status', this.#status);
  }

  get isJoined(): boolean {
    return this.#isJoined;
  }

  /** Resolves true once the Monitor has it, false if the socket went first or its queue is full. */
  send(type: string, body: unknown): Promise<boolean> {
    return this.#deliver(this.#envelope(type, body));
  }

  async #deliver(message: object): Promise<boolean> {
    try {
      await this.#connection.send(message);
      return true;
    } catch {
      // The socket has gone: its own closing is handled where sockets close, and levels are told again.
      return false;
    }
  }

  /** Says why, then closes. */
  async refuse(code: CentralToMonitor['refused']['code']): Promise<void> {
    void this.send('refused', { code });
    await this.#connection.close();
  }

  destroy(reason: string): void {
    this.#connection.destroy(reason);
  }

  #envelope(type: string, body: unknown) {
    return frameMessage(type, body, { nowMs: this.#clock.nowMs() });
  }
}
