import {
  checkServerIdentity,
  connect,
  createSecureContext,
  type PeerCertificate,
  type SecureContext,
  type TLSSocket,
} from 'node:tls';
import type { Clock } from '../clock.ts';
import { isIpAddress } from './ip-address.ts';
import { commonNameOf } from './tls-peer.ts';

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

/** A verified connection; `subject` is the common name of the peer's certificate, also when the session was resumed. */
export type DialledSocket = { socket: TLSSocket; subject: string | undefined };

type DialError = Error & { code: string };
type KeptSession = { session: Buffer; subject: string | undefined };

const MAX_SESSIONS = 16;

/** Makes TLS connections of one identity and resumes sessions by address, only with peers that it has verified. */
export class TlsDialler {
  readonly #clock: Clock;
  readonly #timeoutMs: number;
  readonly #sessions = new Map<string, KeptSession>();
  #tls: ClientTls;
  #context: SecureContext;

  constructor(options: { tls: ClientTls; timeoutMs: number; clock: Clock }) {
    this.#clock = options.clock;
    this.#timeoutMs = options.timeoutMs;
    this.#tls = options.tls;
    this.#context = secureContextOf(options.tls);
  }

  setTls(tls: ClientTls): void {
    this.#tls = tls;
    this.#context = secureContextOf(tls);
    this.#sessions.clear();
  }

  /** Resolves when the handshake is done and the peer verified; rejects with the error of TLS or the network. */
  async dial(address: DialAddress, signal: AbortSignal): Promise<DialledSocket> {
    const key = `${address.host}:${address.port}`;
    const kept = this.#sessions.get(key);
    const socket = connect({
      host: address.host,
      port: address.port,
      servername: isIpAddress(address.host) ? '' : address.host,
      secureContext: this.#context,
      minVersion: 'TLSv1.3',
      rejectUnauthorized: true,
      session: kept?.session,
      checkServerIdentity: identityCheck(address.host, this.#tls.isSubjectAccepted),
    });
    let subject: string | undefined;
    socket.on('session', (session) => this.#remember(key, { session, subject }));
    try {
      await this.#whenSecure(socket, signal);
    } catch (error) {
      // Nobody there says nothing about the session; a peer that answered and did not agree does.
      if (socket.bytesRead > 0) this.#sessions.delete(key);
      socket.destroy();
      throw error;
    }
    socket.setNoDelay(true);
    subject = commonNameOf(socket) ?? (socket.isSessionReused() ? kept?.subject : undefined);
    return { socket, subject };
  }

  #remember(key: string, kept: KeptSession): void {
    this.#sessions.delete(key);
    this.#sessions.set(key, kept);
    if (this.#sessions.size > MAX_SESSIONS) this.#sessions.delete(this.#sessions.keys().next().value ?? key);
  }

  #whenSecure(socket: TLSSocket, signal: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const onAbort = () => reject(dialError('EV_DIAL_STOPPED', 'dialling was stopped'));
    const onTimeout = () => reject(dialError('EV_CONNECT_TIMEOUT', `no TLS within ${this.#timeoutMs} ms`));
    const onClose = () => reject(dialError('EV_CLOSED_EARLY', 'closed before the handshake was done'));
    const timer = this.#clock.setTimer(onTimeout, this.#timeoutMs);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    // Stays: an error after this promise is settled must not go unheard before the connection listens.
    socket.on('error', reject);
    socket.once('close', onClose);
    socket.once('secureConnect', resolve);
    return promise.finally(() => {
      timer.cancel();
      signal.removeEventListener('abort', onAbort);
      socket.off('close', onClose);
    });
  }
}

function identityCheck(host: string, isSubjectAccepted: ClientTls['isSubjectAccepted']) {
  return (_host: string, certificate: PeerCertificate): Error | undefined => {
    if (!isSubjectAccepted) return checkServerIdentity(host, certificate);
    const subject: unknown = certificate.subject?.CN;
    if (typeof subject === 'string' && isSubjectAccepted(subject)) return undefined;
    return dialError('EV_WRONG_SUBJECT', `certificate of ${String(subject)} is not accepted here`);
  };
}

const MAX_SHARED_CONTEXTS = 4;
const sharedContexts = new Map<string, SecureContext>();

/** Clients without a certificate of their own share one context an authority: 29 kB and 0.5 ms each otherwise, times 10,000 in a fleet. */
function secureContextOf(tls: ClientTls): SecureContext {
  const shared = tls.certificatePem === undefined ? sharedContexts.get(tls.caPem) : undefined;
  const context = shared ?? newSecureContext(tls);
  if (tls.certificatePem !== undefined || shared) return context;
  sharedContexts.set(tls.caPem, context);
  if (sharedContexts.size > MAX_SHARED_CONTEXTS) sharedContexts.delete(sharedContexts.keys().next().value ?? tls.caPem);
  return context;
}

function newSecureContext(tls: ClientTls): SecureContext {
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
