import { type Clock, pause, systemClock } from '../clock.ts';
import { backOffDelayMs } from './back-off.ts';
import { type DialGate, processDialGate } from './dial-gate.ts';
import { createFrameConnection, type FrameConnection } from './frame-connection.ts';
import type { CloseReason, FrameLimits } from './frame-limits.ts';
import type { FrameHandlers } from './frame-server.ts';
import { type ClientTls, createTlsDialler, type DialAddress } from './tls-dialler.ts';
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

/** Starts dialling at once and never gives up; the peer's certificate is always verified (F-49, F-50). */
export function startFrameClient(options: FrameClientOptions): FrameClient {
  const clock = options.clock ?? systemClock;
  const gate = options.gate ?? processDialGate;
  const backOff = options.backOff ?? { minMs: 250, maxMs: 5_000 };
  const abort = new AbortController();
  const dialler = createTlsDialler({ tls: options.tls, timeoutMs: options.connectTimeoutMs ?? 5_000, clock });
  let addresses = [...options.addresses];
  let turn = Math.floor(Math.random() * Math.max(1, addresses.length));
  let open: FrameConnection | undefined;
  let current: FrameConnection | undefined;
  let failures = 0;
  let leastDelayMs = 0;

  /** Resolves when the connection is over. */
  async function connectOnce(address: DialAddress): Promise<DownReport['reason']> {
    const leave = await gate.enter();
    try {
      if (abort.signal.aborted) return { code: 'local' };
      const socket = await dialler.dial(address, abort.signal);
      const startedAtMs = clock.monotonicMs();
      const over = Promise.withResolvers<CloseReason>();
      let handlers: FrameHandlers | undefined;
      const connection = createFrameConnection(socket, {
        role: 'dialler',
        clock,
        limits: options.frameLimits,
        unacknowledgedTypes: options.unacknowledgedTypes,
        onOpen: () => {
          leave();
          open = connection;
          handlers = options.onConnection(connection, peerOf(socket));
        },
        onMessage: (message) => handlers?.onMessage(message),
        onClose: (reason) => {
          if (open === connection) open = undefined;
          handlers?.onClose(reason);
          over.resolve(reason);
        },
      });
      current = connection;
      const reason = await over.promise;
      if (handlers && clock.monotonicMs() - startedAtMs >= STABLE_AFTER_MS) failures = 0;
      return reason;
    } catch (error) {
      return { code: 'dial-failed', detail: error };
    } finally {
      current = undefined;
      leave();
    }
  }

  async function keepConnected(): Promise<void> {
    while (!abort.signal.aborted) {
      const address = addresses[turn % Math.max(1, addresses.length)];
      turn += 1;
      if (!address) {
        await pause(clock, backOff.maxMs, abort.signal);
        continue;
      }
      const reason = await connectOnce(address);
      if (abort.signal.aborted) return;
      // With several addresses the next one is tried at once; the pause comes after a whole round.
      const isRoundOver = ++failures % Math.max(1, addresses.length) === 0;
      const round = Math.floor(failures / Math.max(1, addresses.length));
      const delayMs = isRoundOver ? backOffDelayMs(round, backOff) : backOffDelayMs(1, { minMs: 50, maxMs: 50 });
      const retryInMs = Math.max(delayMs, leastDelayMs);
      leastDelayMs = 0;
      options.onDown?.({ address, reason, retryInMs });
      await pause(clock, retryInMs, abort.signal);
    }
  }

  const finished = keepConnected();
  return {
    connection: () => open,
    setAddresses(next) {
      addresses = [...next];
    },
    setTls: (tls) => dialler.setTls(tls),
    redialAfter(delayMs) {
      leastDelayMs = delayMs;
      void current?.close();
    },
    async stop() {
      abort.abort();
      await current?.close();
      await finished;
    },
  };
}
