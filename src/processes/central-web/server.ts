import type { Clock } from '../../io/clock.ts';
import type { HttpClient } from '../../io/http/client.ts';
import { forwardApi } from '../../io/http/forward.ts';
import { createPageServer } from '../../io/http/page-server.ts';
import { isSameOrigin } from '../../io/http/same-origin.ts';
import type { HttpApp } from '../../io/http/server.ts';
import { createClientOfSeveral } from '../../io/http/several-servers.ts';
import type { LiveSocket } from '../../io/live/live-feed.ts';
import { recheckLogin } from '../../io/live/live-login.ts';
import { type LiveRelay, startLiveRelay } from '../../io/live/live-relay.ts';
import type { Log } from '../../io/log.ts';
import type { CentralWebConfig } from './config.ts';

type View = 'public' | 'operator';

/** Central counts as lost this long after its last sign of life (D-09). */
const CENTRAL_LOST_MS = 6_000;

function startView(view: View, parts: { config: CentralWebConfig; clock: Clock; log: Log }): LiveRelay {
  const { config, clock, log } = parts;
  return startLiveRelay({
    feed: 'panel',
    urls: config.centralApiUrls.map((url) => `${url.replace(/^http/, 'ws')}/live?view=${view}`),
    caFile: config.caFile,
    token: config.token,
    clock,
    log,
    keepFile: `${config.dataDir}/last-${view}.json`,
    describe: ({ isUp, seenAtMs, upstream }) => ({
      ...upstream,
      isCentralReachable:
        isUp ||
        (seenAtMs !== undefined && clock.nowMs() - seenAtMs < CENTRAL_LOST_MS && upstream?.isCentralReachable === true),
      ...(seenAtMs === undefined ? {} : { centralSeenAtMs: seenAtMs }),
    }),
  });
}

/** True while Central knows the cookie as a live login. */
async function hasLogin(client: HttpClient, cookie: string | undefined): Promise<boolean> {
  if (!cookie) return false;
  const answer = await client.send('GET', '/api/me', { headers: { cookie } }).catch(() => undefined);
  return answer?.status === 200;
}

function serveLive(
  app: HttpApp,
  parts: { config: CentralWebConfig; clock: Clock; client: HttpClient; views: Record<View, LiveRelay> },
): void {
  const { config, clock, client, views } = parts;
  app.get<{ Querystring: { view?: string } }>(
    '/live',
    { websocket: true, schema: { hide: true } },
    async (socket, request) => {
      const view: View = request.query.view === 'operator' ? 'operator' : 'public';
      const { cookie } = request.headers;
      const needsLogin = view === 'operator' || !config.isPublic;
      if (!isSameOrigin(request.headers)) return socket.close(4403, 'FOREIGN_ORIGIN');
      if (needsLogin && !(await hasLogin(client, cookie))) return socket.close(4401, 'LOGIN_REQUIRED');
      // While Central is away nobody can say that the login ended: the picture stays readable.
      const mayLook = async () => !views[view].isUp || (await hasLogin(client, cookie)) || !views[view].isUp;
      if (needsLogin) recheckLogin(socket as LiveSocket & typeof socket, { clock, mayLook });
      views[view].feed.attach(socket as LiveSocket);
    },
  );
}

/** The panel's server: pages, Central's API under the same origin, one upstream stream per view however many watch. It stays up without Central (S-FAI-02). */
export async function startCentralWeb(
  config: CentralWebConfig,
  parts: { clock: Clock; log: Log },
): Promise<{ port: number; stop(): Promise<void> }> {
  const client = createClientOfSeveral(config.centralApiUrls, { caFile: config.caFile, timeoutMs: 15_000 });
  const views = {
    public: startView('public', { config, ...parts }),
    operator: startView('operator', { config, ...parts }),
  };
  const server = await createPageServer(config, { name: 'central-web', log: parts.log, ratePerMinute: 1_200 });
  const { app } = server;
  forwardApi(app, {
    prefix: '/api',
    target: '/api',
    client,
    unreachableCode: 'CENTRAL_UNREACHABLE',
    headers: { 'x-ev-forwarder': config.token },
  });
  serveLive(app, { config, clock: parts.clock, client, views });
  const { port } = await server.open('central');
  return {
    port,
    async stop() {
      for (const relay of Object.values(views)) relay.stop();
      await app.close();
    },
  };
}
