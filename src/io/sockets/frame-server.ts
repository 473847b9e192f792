import type { AddressInfo, Socket } from 'node:net';
import { createServer, type TLSSocket, type TlsOptions } from 'node:tls';
import { type Clock, systemClock } from '../clock.ts';
import { createAddressRate } from './address-rate.ts';
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
  port: number;
  connectionCount(): number;
  /** New connections use the renewed certificate; the old ones stay. */
  setTls(tls: ServerTls): void;
  /** Stops listening and closes every connection. */
  stop(): Promise<void>;
};

/** Listens with TLS 1.3 only. Rejects with the listen error (EADDRINUSE, EACCES). */
export async function startFrameServer(options: FrameServerOptions): Promise<FrameServer> {
  const limits = { ...DEFAULT_SERVER_LIMITS, ...options.limits };
  const clock = options.clock ?? systemClock;
  const rate = createAddressRate({ perSecond: limits.perAddressPerSecond, burst: limits.burstPerAddress, clock });
  const connections = new Set<FrameConnection>();
  const sockets = new Set<Socket>();
  const turnAway = (turnedAway: TurnedAway) => options.onTurnedAway?.(turnedAway);
  const server = createServer({
    ...tlsOptions(options.tls),
    minVersion: 'TLSv1.3',
    ca: options.clientCaPem,
    requestCert: options.clientCaPem !== undefined,
    rejectUnauthorized: true,
    handshakeTimeout: limits.handshakeTimeoutMs,
    sessionTimeout: 3_600,
  });

  server.on('connection', (socket: Socket) => {
    const address = plainAddress(socket.remoteAddress) ?? '';
    const why = reasonToTurnAway(address);
    if (why) {
      socket.destroy();
      return turnAway({ address, why });
    }
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.on('tlsClientError', (error, socket) => {
    turnAway({ address: plainAddress(socket.remoteAddress) ?? '', why: 'tls', detail: error.message });
  });
  server.on('secureConnection', (socket) => serve(socket));

  function reasonToTurnAway(address: string): TurnedAway['why'] | undefined {
    if (options.isAddressAllowed && !options.isAddressAllowed(address)) return 'address-not-allowed';
    if (sockets.size >= limits.maxConnections) return 'too-many-connections';
    return rate.isAllowed(address) ? undefined : 'address-rate';
  }

  function serve(socket: TLSSocket): void {
    socket.setNoDelay(true);
    let handlers: FrameHandlers | undefined;
    const connection = createFrameConnection(socket, {
      role: 'listener',
      clock,
      limits: options.frameLimits,
      unacknowledgedTypes: options.unacknowledgedTypes,
      onOpen: () => {
        handlers = options.onConnection(connection, peerOf(socket));
      },
      onMessage: (message) => handlers?.onMessage(message),
      onClose: (reason) => {
        connections.delete(connection);
        handlers?.onClose(reason);
      },
    });
    connections.add(connection);
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: options.host, port: options.port, backlog: 2_048 }, () => {
      server.off('error', reject);
      resolve();
    });
  });

  return {
    port: (server.address() as AddressInfo).port,
    connectionCount: () => connections.size,
    setTls: (tls) => server.setSecureContext({ ...tlsOptions(tls), minVersion: 'TLSv1.3', ca: options.clientCaPem }),
    async stop() {
      const isClosed = new Promise<void>((resolve) => server.close(() => resolve()));
      await Promise.all([...connections].map((connection) => connection.close()));
      for (const socket of sockets) socket.destroy();
      await isClosed;
    },
  };
}

function tlsOptions(tls: ServerTls): TlsOptions {
  return { cert: tls.certificatePem, key: tls.privateKeyPem, ticketKeys: tls.ticketKeys };
}
