import type { IncomingHttpHeaders } from 'node:http';
import { HttpProblem } from './problem.ts';
import type { HttpApp } from './server.ts';

/** True when a browser's request comes from a page of this very server (or from no browser): the check at a WebSocket's upgrade. */
export function isSameOrigin(headers: IncomingHttpHeaders): boolean {
  const { origin, host } = headers;
  if (origin === undefined) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}

const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS'];

/** Refuses a browser's write from a page of another origin: beside SameSite cookies, the second guard against forged requests. */
export function refuseForeignWrites(app: HttpApp): void {
  app.addHook('onRequest', async (request) => {
    if (!SAFE_METHODS.includes(request.method) && !isSameOrigin(request.headers))
      throw new HttpProblem(403, 'FOREIGN_ORIGIN');
  });
}
