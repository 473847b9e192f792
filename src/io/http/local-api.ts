import type { Registry } from 'prom-client';
import { type OwnApi, ownApi } from '../console/own-api.ts';
import type { LiveFeed, LiveSocket } from '../live/live-feed.ts';
import type { Log } from '../log.ts';
import { HttpProblem } from './problem.ts';
import { isSameOrigin, refuseForeignHosts } from './same-origin.ts';
import { createHttpServer, type HttpApp, listen } from './server.ts';

export type LocalApiOptions = {
  name: string;
  title: string;
  description: string;
  log: Log;
  port: number;
  feed: LiveFeed;
  readiness: () => Record<string, boolean>;
  metrics?: Registry;
  /** Adds `/api/...` before it listens. */
  addRoutes(app: HttpApp): void;
};

/** `api` is the same API for the process's own console. */
export type RunningLocalApi = { port: number; api: OwnApi; stop(): Promise<void> };

const LISTENS_ON = '127.0.0.1';

/** The local API of a Monitor or an engine (D-18): HTTP and `/live`, on loopback and nowhere else. */
export async function startLocalApi(options: LocalApiOptions): Promise<RunningLocalApi> {
  const app = await createHttpServer({
    name: options.name,
    log: options.log,
    readiness: options.readiness,
    metrics: options.metrics,
    ratePerMinute: 6_000,
    openapi: { title: options.title, description: options.description },
  });
  // A page of any site can send requests to loopback: only our own forwarder and programs are answered.
  refuseForeignHosts(app, LISTENS_ON);
  app.addHook('onRequest', async (request) => {
    const isForwarded = request.headers['x-forwarded-for'] !== undefined;
    if (!isForwarded && !isSameOrigin(request.headers)) throw new HttpProblem(403, 'FOREIGN_ORIGIN');
  });
  options.addRoutes(app);
  app.get('/live', { websocket: true, schema: { hide: true } }, (socket) => options.feed.attach(socket as LiveSocket));
  const { port } = await listen(app, { host: LISTENS_ON, port: options.port, hasTls: false });
  return { port, api: ownApi(app), stop: () => app.close() };
}
