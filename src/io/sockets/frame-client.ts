import { type Clock, pause, systemClock } from '../clock.ts';
import { backOffDelayMs } from './back-off.ts';
import { type DialGate, processDialGate } from './dial-gate.ts';
import { createFrameConnection, type FrameConnection } from './frame-connection.ts';
import type { CloseReason, FrameLimits } from './frame-limits.ts';
import type { FrameHandlers } from './frame-server.ts';
import { type ClientTls, type DialAddress, type DialledSocket, TlsDialler } from './tls-dialler.ts';
import { peerOf, type TlsPeer } from './tls-peer.ts';

export type { ClientTls, DialAddress } from './tls-dialler.ts';

/** Why there is no connection, and when the next dial comes. */
export type DownReport = {
  address: DialAddress;
  reason: CloseReason | { code: 'dial-failed'; detail: unknown };
  retryInMs: number;
};

/** How a client dials and what it tells its owner. */
export type FrameClientOptions = {
  /** Tried in turn, beginning anywhere. */
  addresses: readonly DialAddress[];
  tls: ClientTls;
  /** Called once TLS and ENQ/ACK are done. */
  onConnection(connection: FrameConnection, peer: TlsPeer): FrameHandlers;
  onDown?(report: DownReport): void;
  unacknowledgedTypes?: readonly string[];
  /** First and longest pause between dials; each is jittered by half. */
  backOff?: { minMs: number; maxMs: number };
  connectTimeoutMs?: number;
  frameLimits?: Partial<FrameLimits>;
  gate?: DialGate;
  clock?: Clock;
};

/** A connection that is made again until it is stopped. */
export type FrameClient = {
  /** The open connection, if there is one. */
  connection(): FrameConnection | undefined;
  /** For the next dial: replicas come and go. */
  setAddresses(addresses: readonly DialAddress[]): void;
  /** Renewed certificate, from the next dial on. */
  setTls(tls: ClientTls): void;
  /** Drops the connection and waits at least this long: for a peer that said no. */
  redialAfter(delayMs: number): void;
  stop(): Promise<void>;
};

/** A connection that lived this long starts the back-off again from the beginning. */
const STABLE_AFTER_MS = 10_000;

const BETWEEN_ADDRESSES = { minMs: 50, maxMs: 50 };

/** Starts dialling at once and never gives up; the peer's certificate is always verified (F-49, F-50). */
export function startFrameClient(options: FrameClientOptions): FrameClient {
  const client = new DiallingClient(options);
  client.start();
  return client;
}

class DiallingClient implements FrameClient {
  readonly #options: FrameClientOptions;
  readonly #clock: Clock;
  readonly #dialler: TlsDialler;
  readonly #backOff: { minMs: number; maxMs: number };
  readonly #abort = new AbortController();
  #addresses: readonly DialAddress[];
  #turn = Math.floor(Math.random() * 1_000);
  #current: FrameConnection | undefined;
  #failures = 0;
  #leastDelayMs = 0;
  #finished: Promise<void> = Promise.resolve();

  constructor(options: FrameClientOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#backOff = options.backOff ?? { minMs: 250, maxMs: 5_000 };
    this.#dialler = new TlsDialler({
      tls: options.tls,
      timeoutMs: options.connectTimeoutMs ?? 5_000,
      clock: this.#clock,
    });
    this.#addresses = [...options.addresses];
  }

  start(): void {
    this.#finished = this.#keepConnected();
  }

  connection(): FrameConnection | undefined {
    return this.#current?.isOpen() ? this.#current : undefined;
  }

  setAddresses(addresses: readonly DialAddress[]): void {
    this.#addresses = [...addresses];
  }

  setTls(tls: ClientTls): void {
    this.#dialler.setTls(tls);
  }

  redialAfter(delayMs: number): void {
    this.#leastDelayMs = delayMs;
    void this.#current?.close();
  }

  async stop(): Promise<void> {
    this.#abort.abort();
    await this.#current?.close();
    await this.#finished;
  }

  async #keepConnected(): Promise<void> {
    const { signal } = this.#abort;
    while (!signal.aborted) {
      const address = this.#addresses[this.#turn++ % Math.max(1, this.#addresses.length)];
      if (!address) {
        await pause(this.#clock, this.#backOff.maxMs, signal);
        continue;
      }
      const reason = await this.#connectOnce(address);
      if (signal.aborted) return;
      const retryInMs = this.#nextDelayMs();
      this.#options.onDown?.({ address, reason, retryInMs });
      await pause(this.#clock, retryInMs, signal);
    }
  }

  /** With several addresses the next one is tried almost at once; the pause comes after a whole round. */
  #nextDelayMs(): number {
    this.#failures += 1;
    const count = Math.max(1, this.#addresses.length);
    const isRoundOver = this.#failures % count === 0;
    const bounds = isRoundOver ? this.#backOff : BETWEEN_ADDRESSES;
    const delayMs = Math.max(backOffDelayMs(this.#failures / count, bounds), this.#leastDelayMs);
    this.#leastDelayMs = 0;
    return delayMs;
  }

  /** Resolves when the connection is over, or could not be made. */
  async #connectOnce(address: DialAddress): Promise<DownReport['reason']> {
    const leaveGate = await (this.#options.gate ?? processDialGate).enter();
    try {
      if (this.#abort.signal.aborted) return { code: 'local' };
      const dialled = await this.#dialler.dial(address, this.#abort.signal);
      return await this.#converse(dialled, leaveGate);
    } catch (error) {
      return { code: 'dial-failed', detail: error };
    } finally {
      leaveGate();
    }
  }

  async #converse({ socket, subject }: DialledSocket, leaveGate: () => void): Promise<CloseReason> {
    const startedAtMs = this.#clock.monotonicMs();
    const over = Promise.withResolvers<CloseReason>();
    let handlers: FrameHandlers | undefined;
    const connection = createFrameConnection(socket, {
      role: 'dialler',
      clock: this.#clock,
      limits: this.#options.frameLimits,
      unacknowledgedTypes: this.#options.unacknowledgedTypes,
      onOpen: () => {
        leaveGate();
        handlers = this.#options.onConnection(connection, peerOf(socket, subject));
      },
      onMessage: (message) => handlers?.onMessage(message),
      onClose: (reason) => {
        this.#current = undefined;
        over.resolve(reason);
        handlers?.onClose(reason);
      },
    });
    this.#current = connection;
    const reason = await over.promise;
    if (handlers && this.#clock.monotonicMs() - startedAtMs >= STABLE_AFTER_MS) this.#failures = 0;
    return reason;
  }
}
