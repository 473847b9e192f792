import type { AddressInfo, Socket } from 'node:net';
import { createServer, type Server, type TLSSocket, type TlsOptions } from 'node:tls';
import { type Clock, systemClock } from '../clock.ts';
import { type AddressRate, createAddressRate } from './address-rate.ts';
import { createFrameConnection, type FrameConnection } from './frame-connection.ts';
import type { CloseReason, FrameLimits } from './frame-limits.ts';
import { plainAddress } from './ip-address.ts';
import { peerOf, type TlsPeer } from './tls-peer.ts';

/** What the owner of a server does with one connection. */
export type FrameHandlers = {
  onMessage(message: unknown): void | Promise<void>;
  onClose(reason: CloseReason): void;
};

/** Certificates of a TLS server; `ticketKeys` (48 bytes) let clients resume at any replica that shares them. */
export type ServerTls = { certificatePem: string; privateKeyPem: string; ticketKeys?: Buffer };

/** Why a connection was turned away before it counted. */
export type TurnedAway = {
  address: string;
  why: 'too-many-connections' | 'address-rate' | 'address-not-allowed' | 'tls';
  detail?: string;
};

/** How a server listens and what it tells its owner. */
export type FrameServerOptions = {
  host: string;
  /** 0 for any free port. */
  port: number;
  tls: ServerTls;
  /** With it, clients must present a certificate of this authority, and its name is `peer.subject`. */
  clientCaPem?: string;
  /** Called once ENQ/ACK is done. */
  onConnection(connection: FrameConnection, peer: TlsPeer): FrameHandlers;
  onTurnedAway?(turnedAway: TurnedAway): void;
  isAddressAllowed?(address: string): boolean;
  unacknowledgedTypes?: readonly string[];
  limits?: Partial<FrameServerLimits>;
  frameLimits?: Partial<FrameLimits>;
  clock?: Clock;
};

/** Bounds of one server. */
export type FrameServerLimits = {
  maxConnections: number;
  handshakeTimeoutMs: number;
  /** New connections of one address a second, after a burst of `burstPerAddress`. */
  perAddressPerSecond: number;
  burstPerAddress: number;
};

const DEFAULT_SERVER_LIMITS: FrameServerLimits = {
  maxConnections: 20_000,
  handshakeTimeoutMs: 10_000,
  perAddressPerSecond: 500,
  burstPerAddress: 2_000,
};

/** A listening server. */
export type FrameServer = {
  readonly port: number;
  connectionCount(): number;
  /** New connections use the renewed certificate; the old ones stay. */
  setTls(tls: ServerTls): void;
  /** Stops listening and closes every connection. */
  stop(): Promise<void>;
};

/** Listens with TLS 1.3 only. Rejects with the listen error (EADDRINUSE, EACCES). */
export async function startFrameServer(options: FrameServerOptions): Promise<FrameServer> {
  const server = new TlsFrameServer(options);
  await server.listen();
  return server;
}

class TlsFrameServer implements FrameServer {
  readonly #options: FrameServerOptions;
  readonly #limits: FrameServerLimits;
  readonly #clock: Clock;
  readonly #rate: AddressRate;
  readonly #server: Server;
  readonly #connections = new Set<FrameConnection>();
  readonly #sockets = new Set<Socket>();

  constructor(options: FrameServerOptions) {
    this.#options = options;
    this.#limits = { ...DEFAULT_SERVER_LIMITS, ...options.limits };
    this.#clock = options.clock ?? systemClock;
    this.#rate = createAddressRate({
      perSecond: this.#limits.perAddressPerSecond,
      burst: this.#limits.burstPerAddress,
      clock: this.#clock,
    });
    this.#server = createServer({
      ...this.#secureContext(options.tls),
      ticketKeys: options.tls.ticketKeys,
      requestCert: options.clientCaPem !== undefined,
      rejectUnauthorized: true,
      handshakeTimeout: this.#limits.handshakeTimeoutMs,
      sessionTimeout: 3_600,
    });
    this.#server.on('connection', (socket: Socket) => this.#admit(socket));
    this.#server.on('tlsClientError', (error, socket) => {
      this.#turnAway({ address: plainAddress(socket.remoteAddress) ?? '', why: 'tls', detail: error.message });
      // Node tells of a handshake that takes too long, and leaves the socket open.
      socket.destroy();
    });
    this.#server.on('secureConnection', (socket) => this.#serve(socket));
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  listen(): Promise<void> {
    const { host, port } = this.#options;
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen({ host, port, backlog: 2_048 }, () => {
        this.#server.off('error', reject);
        resolve();
      });
    });
  }

  connectionCount(): number {
    return this.#connections.size;
  }

  setTls(tls: ServerTls): void {
    this.#server.setSecureContext(this.#secureContext(tls));
    if (tls.ticketKeys) this.#server.setTicketKeys(tls.ticketKeys);
  }

  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    const isClosed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    await Promise.all([...this.#connections].map((connection) => connection.close()));
    for (const socket of this.#sockets) socket.destroy();
    await isClosed;
  }

  #secureContext(tls: ServerTls): TlsOptions {
    const { clientCaPem } = this.#options;
    return { cert: tls.certificatePem, key: tls.privateKeyPem, ca: clientCaPem, minVersion: 'TLSv1.3' };
  }

  #admit(socket: Socket): void {
    const address = plainAddress(socket.remoteAddress) ?? '';
    const why = this.#whyTurnAway(address);
    if (why) {
      socket.destroy();
      this.#turnAway({ address, why });
      return;
    }
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
  }

  #whyTurnAway(address: string): TurnedAway['why'] | undefined {
    if (this.#options.isAddressAllowed && !this.#options.isAddressAllowed(address)) return 'address-not-allowed';
    if (this.#sockets.size >= this.#limits.maxConnections) return 'too-many-connections';
    return this.#rate.isAllowed(address) ? undefined : 'address-rate';
  }

  #turnAway(turnedAway: TurnedAway): void {
    this.#options.onTurnedAway?.(turnedAway);
  }

  #serve(socket: TLSSocket): void {
    socket.setNoDelay(true);
    let handlers: FrameHandlers | undefined;
    const connection = createFrameConnection(socket, {
      role: 'listener',
      clock: this.#clock,
      limits: this.#options.frameLimits,
      unacknowledgedTypes: this.#options.unacknowledgedTypes,
      onOpen: () => {
        handlers = this.#options.onConnection(connection, peerOf(socket));
      },
      onMessage: (message) => handlers?.onMessage(message),
      onClose: (reason) => {
        this.#connections.delete(connection);
        handlers?.onClose(reason);
      },
    });
    this.#connections.add(connection);
  }
}
