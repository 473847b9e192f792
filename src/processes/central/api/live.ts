import type { HttpApp } from '../../../io/http/server.ts';
import type { TokenScope } from '../../../messages/central-api.ts';
import type { Access } from './access.ts';
import type { ApiParts } from './api-parts.ts';

/** `wss /live?view=public|operator`: for the webs, by token; two projections, each serialised once (protocol 5). */
export function addLiveRoute(app: HttpApp, parts: ApiParts, access: Access): void {
  app.get<{ Querystring: { view?: string } }>(
    '/live',
    { websocket: true, schema: { hide: true } },
    async (socket, request) => {
      const view = request.query.view === 'operator' ? 'operator' : 'public';
      const scope: TokenScope = view === 'operator' ? 'live:operator' : 'live:public';
      try {
        await access.requireRoleOrScope(request, { role: 'viewer', scope });
        parts.picture.feeds[view].attach(socket);
      } catch (error) {
        parts.log.info({ err: error, view }, 'a viewer was refused');
        socket.close(4401, 'LOGIN_REQUIRED');
      }
    },
  );
}
