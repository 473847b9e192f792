import { addOperatorSessionRoutes } from '../../../io/http/operator-session.ts';
import type { HttpApp } from '../../../io/http/server.ts';
import { type Access, SESSION_COOKIE } from './access.ts';
import type { ApiParts } from './api-parts.ts';

/** Login, logout and "who am I" at Central (D-15). */
export function addSessionRoutes(app: HttpApp, parts: ApiParts, access: Access): void {
  const { database, clock, audit, passwords } = parts;
  addOperatorSessionRoutes(app, {
    ...{ db: database, clock, audit, passwords, cookieName: SESSION_COOKIE },
    operatorOf: async (request) => {
      const caller = await access.caller(request);
      return caller.kind === 'operator' ? caller : undefined;
    },
    addressOf: (request) => access.addressOf(request),
    limitKey: (request) => access.limitKey(request),
    // Behind the panel on loopback the browser's last hop may be plain HTTP; everywhere else it is TLS.
    hasTls: (request) => request.headers['x-ev-forwarder'] === undefined,
  });
}
