import type { Clock } from '../../io/clock.ts';
import type { Log } from '../../io/log.ts';
import type { FrameConnection } from '../../io/sockets/frame-connection.ts';
import { frameMessage, type MessageOf, messageReader } from '../../io/sockets/frame-messages.ts';
import type { FrameHandlers } from '../../io/sockets/frame-server.ts';
import { pairingProof } from '../../io/sockets/pairing.ts';
import type { TlsPeer } from '../../io/sockets/tls-peer.ts';
import { type EngineToMonitor, type MonitorToEngine, monitorToEngine } from '../../messages/monitor-engine.ts';

const readMonitorMessage = messageReader(monitorToEngine);
type FromMonitor = MessageOf<typeof monitorToEngine>;

/** Dials the Monitor again and again until it is stopped: over TLS, or, in a fleet, in memory. */
export type DialMonitor = (onConnection: (connection: FrameConnection, peer: TlsPeer) => FrameHandlers) => {
  stop(): Promise<void>;
};

export type MonitorLinkParts = {
  bootId: string;
  pairingToken: string;
  clock: Clock;
  log: Log;
  dial: DialMonitor;
  /** The point's id as the Monitor's certificate says it; false: not the point this engine belongs to. */
  identify(cpId: string): boolean;
  keyId(): string | undefined;
  answerHealth(question: MonitorToEngine['health-question']): EngineToMonitor['health-answer'];
  onInstallKey(order: MonitorToEngine['install-key']): void;
  onKeyRevoked(order: MonitorToEngine['key-revoked']): void;
  onStopSupply(order: MonitorToEngine['stop-supply']): void;
  onPaired(welcome: MonitorToEngine['engine-welcomed'], address: string): void;
  onRefused(code: string, address: string): void;
  onClosed(wasPaired: boolean): void;
};

const SUBJECT_PREFIX = 'cp:';

/** The engine's half of the talk with its Monitor: proves the pairing, answers for its health, takes keys and orders. */
export class MonitorLink {
  readonly #parts: MonitorLinkParts;
  readonly #dialling: { stop(): Promise<void> };
  #paired: FrameConnection | undefined;

  constructor(parts: MonitorLinkParts) {
    this.#parts = parts;
    this.#dialling = parts.dial((connection, peer) => this.#begin(connection, peer));
  }

  get isPaired(): boolean {
    return this.#paired !== undefined;
  }

  stop(): Promise<void> {
    return this.#dialling.stop();
  }

  #begin(connection: FrameConnection, peer: TlsPeer): FrameHandlers {
    const { bootId, pairingToken, log } = this.#parts;
    const cpId = peer.subject?.startsWith(SUBJECT_PREFIX) ? peer.subject.slice(SUBJECT_PREFIX.length) : undefined;
    if (cpId === undefined || !this.#parts.identify(cpId)) {
      log.error({ subject: peer.subject }, 'this Monitor belongs to another charging point');
      this.#parts.onRefused('OTHER_POINT', peer.address);
      connection.destroy('other point');
    } else {
      const exportedMaterial = peer.exportPairingMaterial();
      const keyId = this.#parts.keyId();
      this.#send(connection, 'engine-hello', {
        bootId,
        proof: pairingProof({ token: pairingToken, side: 'engine', exportedMaterial }),
        ...(keyId === undefined ? {} : { keyId }),
      });
    }
    return {
      onMessage: (raw) => this.#take(raw, { connection, address: peer.address }),
      onClose: () => {
        const wasPaired = this.#paired === connection;
        if (wasPaired) this.#paired = undefined;
        this.#parts.onClosed(wasPaired);
      },
    };
  }

  #take(raw: unknown, { connection, address }: { connection: FrameConnection; address: string }) {
    const message = readMonitorMessage(raw);
    if (message.type === undefined) {
      this.#parts.log.warn({ problem: message.problem, type: message.given }, 'the Monitor said something unknown');
      const isFromNewer = message.isUnknownType && this.#paired === connection;
      return isFromNewer ? undefined : connection.destroy('invalid message');
    }
    switch (message.type) {
      case 'engine-welcomed':
        this.#paired = connection;
        return this.#parts.onPaired(message.body, address);
      case 'engine-refused':
        return this.#parts.onRefused(message.body.code, address);
      default:
        return this.#paired === connection ? this.#obey(message, connection) : connection.destroy('not welcomed');
    }
  }

  #obey(message: Exclude<FromMonitor, { type: 'engine-welcomed' | 'engine-refused' }>, connection: FrameConnection) {
    const { clock } = this.#parts;
    switch (message.type) {
      case 'health-question':
        connection.sendBeat(
          frameMessage('health-answer', this.#parts.answerHealth(message.body), { nowMs: clock.nowMs() }),
        );
        return;
      case 'install-key':
        this.#parts.onInstallKey(message.body);
        return this.#send(connection, 'key-installed', { keyId: message.body.key.keyId });
      case 'key-revoked':
        return this.#parts.onKeyRevoked(message.body);
      case 'stop-supply':
        return this.#parts.onStopSupply(message.body);
      default:
        return message satisfies never;
    }
  }

  #send<T extends keyof EngineToMonitor>(connection: FrameConnection, type: T, body: EngineToMonitor[T]): void {
    connection
      .send(frameMessage(type, body, { nowMs: this.#parts.clock.nowMs() }))
      // The link has gone meanwhile: the next one begins with hello.
      .catch((fault: unknown) => this.#parts.log.debug({ err: fault, type }, 'not sent to the Monitor'));
  }
}
