import { HttpProblem } from '../../../io/http/problem.ts';
import type { HttpApp } from '../../../io/http/server.ts';
import { isStillOpen } from '../../../io/live/live-feed.ts';
import type { TokenScope } from '../../../messages/central-api.ts';
import type { Access } from './access.ts';
import type { ApiParts } from './api-parts.ts';

/** An open stream, as far as this room needs it. */
type LiveViewer = { close(code: number, reason: string): void };

/**
 * `wss /live?view=public|operator`: for the webs, by token; two projections, each serialised once (protocol 5). `recheck`
 * closes the streams of whoever may not see them any more.
 */
export function addLiveRoute(app: HttpApp, parts: ApiParts, access: Access): { recheck(): Promise<void> } {
  /** What asks for each open stream whether it may go on. */
  const open = new Map<LiveViewer, () => Promise<unknown>>();
  const closeIfRefused = async (socket: LiveViewer, ask: () => Promise<unknown>): Promise<void> => {
    await ask().catch((error: unknown) => {
      // Without a database nobody is put out.
      if (error instanceof HttpProblem) socket.close(4401, 'LOGIN_REQUIRED');
    });
  };
  app.get<{ Querystring: { view?: string } }>(
    '/live',
    { websocket: true, schema: { hide: true } },
    async (socket, request) => {
      const view = request.query.view === 'operator' ? 'operator' : 'public';
      const scope: TokenScope = view === 'operator' ? 'live:operator' : 'live:public';
      const ask = () => access.requireRoleOrScope(request, { role: 'viewer', scope });
      try {
        await ask();
        if (!isStillOpen(socket)) return;
        socket.once('close', () => open.delete(socket));
        open.set(socket, ask);
        parts.picture.feeds[view].attach(socket);
      } catch (error) {
        parts.log.info({ err: error, view }, 'a viewer was refused');
        socket.close(4401, 'LOGIN_REQUIRED');
      }
    },
  );
  return {
    recheck: async () => void (await Promise.all([...open].map(([socket, ask]) => closeIfRefused(socket, ask)))),
  };
}
