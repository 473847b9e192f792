import type { TLSSocket } from 'node:tls';
import { plainAddress } from './ip-address.ts';
import { PAIRING_EXPORT_LABEL } from './pairing.ts';

/** Who is at the other end of a TLS connection. */
export type TlsPeer = {
  address: string;
  port: number;
  /** Common name of the verified certificate (`cp:CP001`); undefined if it presented none. */
  subject?: string;
  /** 32 bytes that only the two ends of this connection can know, for `pairing.ts`. */
  exportPairingMaterial(): Buffer;
};

/** Reads the peer of a socket whose handshake is done. */
export function peerOf(socket: TLSSocket): TlsPeer {
  return {
    address: plainAddress(socket.remoteAddress) ?? '',
    port: socket.remotePort ?? 0,
    subject: socket.authorized ? commonNameOf(socket) : undefined,
    exportPairingMaterial: () => socket.exportKeyingMaterial(32, PAIRING_EXPORT_LABEL, Buffer.alloc(0)),
  };
}

function commonNameOf(socket: TLSSocket): string | undefined {
  const name: string | string[] | undefined = socket.getPeerCertificate().subject?.CN;
  return typeof name === 'string' ? name : undefined;
}
