import { signedInBy } from '../../../io/http/operator-session.ts';
import { isSameOrigin } from '../../../io/http/same-origin.ts';
import type { HttpApp } from '../../../io/http/server.ts';
import { recheckLogin } from '../../../io/live/live-login.ts';
import { SESSION_COOKIE } from '../access.ts';
import type { LivePoints } from '../live-points.ts';
import type { RegistryParts } from '../parts.ts';

/** `wss /live` of the Registry's page, for administrators: cookie and origin are checked at the upgrade. */
export function addLiveRoute(app: HttpApp, parts: RegistryParts, live: LivePoints): void {
  const { clock, log } = parts;
  app.get('/live', { websocket: true, schema: { hide: true } }, async (socket, request) => {
    if (!isSameOrigin(request.headers)) return socket.close(4403, 'FOREIGN_ORIGIN');
    const isAdmin = async () => (await signedInBy(request.cookies[SESSION_COOKIE], parts))?.role === 'admin';
    try {
      if (!(await isAdmin())) return socket.close(4401, 'LOGIN_REQUIRED');
      await live.refresh();
    } catch (error) {
      log.debug({ err: error }, 'a page cannot be served without the database');
      return socket.close(4503, 'DATABASE_UNAVAILABLE');
    }
    // Without the database nobody can say that the login ended: the picture stays readable.
    recheckLogin(socket, { clock, mayLook: () => isAdmin().catch(() => true) });
    live.feed.attach(socket);
  });
}
