import { systemClock } from '../io/clock.ts';
import { newRandomId } from '../io/new-id.ts';
import { type FrameClient, startFrameClient } from '../io/sockets/frame-client.ts';
import type { FrameConnection } from '../io/sockets/frame-connection.ts';
import type { CloseReason } from '../io/sockets/frame-limits.ts';
import { frameMessage } from '../io/sockets/frame-messages.ts';
import {
  type CentralToMonitor,
  centralToMonitor,
  MONITOR_BEATS,
  type MonitorToCentral,
} from '../messages/monitor-central.ts';
import { compileCatalogue } from '../messages/validators.ts';
import { until } from './until.ts';

/** One frame from Central, checked against its schema. */
export type FrameFromCentral = { type: string; body: unknown };

const validators = compileCatalogue(centralToMonitor);

/** A Monitor's socket in the hands of a test: says what it is told to, keeps all that it hears. */
export class TestMonitor {
  readonly heard: FrameFromCentral[] = [];
  readonly closings: CloseReason['code'][] = [];
  /** Said on every connection; a test may change it in between. */
  greeting: Partial<MonitorToCentral['authenticate']>;
  /** What each beat says until it is told otherwise: a level, as a real Monitor's. */
  #health: MonitorToCentral['monitor-beat'] = { isEngineOk: true, isChannelUp: true };
  readonly #client: FrameClient;
  #connection: FrameConnection | undefined;
  #connections = 0;

  constructor(
    place: { port: number; caPem: string },
    greeting: Partial<MonitorToCentral['authenticate']> | undefined,
    options: { beatEveryMs?: number } = {},
  ) {
    this.greeting = { instanceId: newRandomId(), intent: 'CONNECT', ...greeting };
    let beating: { cancel(): void } | undefined;
    this.#client = startFrameClient({
      addresses: [{ host: '127.0.0.1', port: place.port }],
      tls: { caPem: place.caPem },
      backOff: { minMs: 20, maxMs: 100 },
      unacknowledgedTypes: MONITOR_BEATS,
      onConnection: (connection) => {
        this.#connection = connection;
        this.#connections += 1;
        if (greeting) this.say('authenticate', this.greeting);
        return {
          onMessage: (raw) => {
            const { type, body: said } = raw as FrameFromCentral;
            if (!validators.get(type)?.isValid(said)) throw new Error(`Central said ${JSON.stringify(raw)}`);
            this.heard.push({ type, body: said });
            if (type === 'authenticated' && options.beatEveryMs !== undefined) {
              beating = systemClock.setRepeating(() => this.beat(), options.beatEveryMs);
            }
          },
          onClose: (reason) => {
            beating?.cancel();
            this.closings.push(reason.code);
          },
        };
      },
    });
  }

  get connectionCount(): number {
    return this.#connections;
  }

  say(type: string, body: unknown): void {
    this.#connection?.send(frameMessage(type, body, { nowMs: Date.now() })).catch(() => undefined);
  }

  /** A beat at once, and what the next ones say too. */
  beat(health = this.#health): void {
    this.#health = health;
    this.#connection?.sendBeat(frameMessage('monitor-beat', health, { nowMs: Date.now() }));
  }

  /** The body of the `count`-th message of that type. */
  async next<Type extends keyof CentralToMonitor>(type: Type, count = 1): Promise<CentralToMonitor[Type]> {
    const found = () => this.heard.filter((frame) => frame.type === type);
    await until(
      `${count} ${type}; heard ${JSON.stringify(this.heard.map((one) => one.type))}`,
      () => found().length >= count,
    );
    return found()[count - 1]?.body as CentralToMonitor[Type];
  }

  async closed(count = 1): Promise<void> {
    await until(`${count} closings`, () => this.closings.length >= count);
  }

  /** Like a cut cable's end or a killed process: no EOT. */
  break(): void {
    this.#connection?.destroy('test');
  }

  async stop(): Promise<void> {
    await this.#client.stop();
  }
}
