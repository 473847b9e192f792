import type { TLSSocket } from 'node:tls';
import { plainAddress } from './ip-address.ts';
import { PAIRING_EXPORT_LABEL } from './pairing.ts';

/** Who is at the other end of a TLS connection. */
export type TlsPeer = {
  address: string;
  port: number;
  /** Common name of the verified certificate (`cp:CP001`); undefined if it presented none. */
  subject?: string;
  /** The TLS session was resumed, which saves the full handshake. */
  isResumed?: boolean;
  /** 32 bytes that only the two ends of this connection can know, for `pairing.ts`. */
  exportPairingMaterial(): Buffer;
};

/** Reads the peer of a socket whose handshake is done; of a resumed session a client must know the subject itself. */
export function peerOf(socket: TLSSocket, knownSubject?: string): TlsPeer {
  return {
    address: plainAddress(socket.remoteAddress) ?? '',
    port: socket.remotePort ?? 0,
    subject: knownSubject ?? commonNameOf(socket),
    isResumed: socket.isSessionReused(),
    exportPairingMaterial: () => socket.exportKeyingMaterial(32, PAIRING_EXPORT_LABEL, Buffer.alloc(0)),
  };
}

/** Common name of a verified certificate; Node shows a client none when the session was resumed. */
export function commonNameOf(socket: TLSSocket): string | undefined {
  if (!socket.authorized) return undefined;
  const name: unknown = socket.getPeerCertificate().subject?.CN;
  return typeof name === 'string' ? name : undefined;
}
