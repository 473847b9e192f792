import { addOperatorSessionRoutes, signedInBy } from '../../../io/http/operator-session.ts';
import type { HttpApp } from '../../../io/http/server.ts';
import { SESSION_COOKIE } from '../access.ts';
import type { RegistryParts } from '../parts.ts';

/** Login, logout and "who am I" at the Registry's page: Central's operators, with a session of their own here (D-15). */
export function addSessionRoutes(app: HttpApp, parts: RegistryParts): void {
  addOperatorSessionRoutes(app, {
    ...parts,
    cookieName: SESSION_COOKIE,
    operatorOf: (request) => signedInBy(request.cookies[SESSION_COOKIE], parts),
    addressOf: (request) => request.ip,
    limitKey: async (request) => request.ip,
    hasTls: () => true,
  });
}
