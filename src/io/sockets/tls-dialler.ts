import { checkServerIdentity, connect, createSecureContext, type SecureContext, type TLSSocket } from 'node:tls';
import type { Clock } from '../clock.ts';
import { isIpAddress } from './ip-address.ts';

/** Where to dial. */
export type DialAddress = { host: string; port: number };

/**
 * What a client trusts and presents. The peer must hold a certificate of `caPem`; it is matched against the host
 * dialled, or, with `isSubjectAccepted`, against its common name (`cp:CP001`), for peers known by name only.
 */
export type ClientTls = {
  caPem: string;
  certificatePem?: string;
  privateKeyPem?: string;
  isSubjectAccepted?(subject: string): boolean;
};

/** Makes TLS connections and resumes sessions by address. */
export type TlsDialler = {
  /** Resolves when the handshake is done and the peer verified; rejects with the error of TLS or the network. */
  dial(address: DialAddress, signal: AbortSignal): Promise<TLSSocket>;
  setTls(tls: ClientTls): void;
};

type DialError = Error & { code: string };

const MAX_SESSIONS = 16;

/** One dialler for one identity: sessions are kept only for peers that this identity has verified. */
export function createTlsDialler(options: { tls: ClientTls; timeoutMs: number; clock: Clock }): TlsDialler {
  const { clock, timeoutMs } = options;
  const sessions = new Map<string, Buffer>();
  let tls = options.tls;
  let context = secureContextOf(tls);

  function remember(key: string, session: Buffer): void {
    sessions.delete(key);
    sessions.set(key, session);
    if (sessions.size > MAX_SESSIONS) sessions.delete(sessions.keys().next().value ?? key);
  }

  return {
    setTls(next) {
      tls = next;
      context = secureContextOf(next);
      sessions.clear();
    },
    dial(address, signal) {
      const key = `${address.host}:${address.port}`;
      const { isSubjectAccepted } = tls;
      return new Promise((resolve, reject) => {
        const socket = connect({
          host: address.host,
          port: address.port,
          servername: isIpAddress(address.host) ? '' : address.host,
          secureContext: context,
          minVersion: 'TLSv1.3',
          rejectUnauthorized: true,
          session: sessions.get(key),
          checkServerIdentity: (_host, certificate) => {
            if (!isSubjectAccepted) return checkServerIdentity(address.host, certificate);
            const subject: unknown = certificate.subject?.CN;
            if (typeof subject === 'string' && isSubjectAccepted(subject)) return undefined;
            return dialError('EV_WRONG_SUBJECT', `certificate of ${String(subject)} is not accepted here`);
          },
        });
        const give = (error: Error) => {
          timer.cancel();
          signal.removeEventListener('abort', onAbort);
          sessions.delete(key);
          socket.destroy();
          reject(error);
        };
        const onAbort = () => give(dialError('EV_DIAL_STOPPED', 'dialling was stopped'));
        const onClose = () => give(dialError('EV_CLOSED_EARLY', 'closed before the handshake was done'));
        const timer = clock.setTimer(
          () => give(dialError('EV_CONNECT_TIMEOUT', `no TLS in ${timeoutMs} ms`)),
          timeoutMs,
        );
        signal.addEventListener('abort', onAbort, { once: true });
        socket.once('error', give);
        socket.once('close', onClose);
        socket.on('session', (session) => remember(key, session));
        socket.once('secureConnect', () => {
          timer.cancel();
          signal.removeEventListener('abort', onAbort);
          socket.off('error', give);
          socket.off('close', onClose);
          socket.setNoDelay(true);
          resolve(socket);
        });
      });
    },
  };
}

function secureContextOf(tls: ClientTls): SecureContext {
  return createSecureContext({
    ca: tls.caPem,
    cert: tls.certificatePem,
    key: tls.privateKeyPem,
    minVersion: 'TLSv1.3',
  });
}

function dialError(code: string, message: string): DialError {
  return Object.assign(new Error(message), { code });
}
