import type { IncomingHttpHeaders } from 'node:http';
import { isLoopback } from '../sockets/ip-address.ts';
import { HttpProblem } from './problem.ts';
import type { HttpApp } from './server.ts';

/** True when a browser's request comes from a page of this very server (or from no browser): the check at a WebSocket's upgrade. */
export function isSameOrigin(headers: IncomingHttpHeaders): boolean {
  const { origin, host } = headers;
  if (origin === undefined) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}

const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS'];

/**
 * Refuses a browser's write from a page of another origin: beside SameSite cookies, the second guard against forged
 * requests (every port of one computer is the same site). `isTrusted`: requests whose origin somebody else has checked.
 */
export function refuseForeignWrites(app: HttpApp, isTrusted: (headers: IncomingHttpHeaders) => boolean = never): void {
  app.addHook('onRequest', async (request) => {
    const { method, headers } = request;
    if (!SAFE_METHODS.includes(method) && !isSameOrigin(headers) && !isTrusted(headers))
      throw new HttpProblem(403, 'FOREIGN_ORIGIN');
  });
}

const never = () => false;

/**
 * On a server that listens on loopback, refuses requests for any other name: a site may let its own name point to
 * 127.0.0.1 (DNS rebinding), and its pages would then be of our origin.
 */
export function refuseForeignHosts(app: HttpApp, listensOn: string): void {
  if (!isLoopback(listensOn)) return;
  app.addHook('onRequest', async (request) => {
    const name = hostName(request.headers.host);
    if (name === undefined || !isLoopback(name)) throw new HttpProblem(403, 'FOREIGN_HOST');
  });
}

function hostName(host: string | undefined): string | undefined {
  if (host === undefined || !URL.canParse(`http://${host}`)) return undefined;
  return new URL(`http://${host}`).hostname.replace(/^\[|\]$/g, '');
}
