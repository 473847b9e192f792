import type { IncomingHttpHeaders } from 'node:http';

/** True when a browser's request comes from a page of this very server (or from no browser): the check at a WebSocket's upgrade. */
export function isSameOrigin(headers: IncomingHttpHeaders): boolean {
  const { origin, host } = headers;
  if (origin === undefined) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}
