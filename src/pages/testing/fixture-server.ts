import { systemClock } from '../../io/clock.ts';
import { servePages } from '../../io/http/pages.ts';
import { HttpProblem } from '../../io/http/problem.ts';
import { createHttpServer, type HttpApp, listen } from '../../io/http/server.ts';
import { createLiveFeed, type LiveFeed, type LiveSocket } from '../../io/live/live-feed.ts';
import { createLog } from '../../io/log.ts';
import type { LiveSnapshot, Upstream } from '../../messages/live-stream.ts';
import type { PageApp } from '../vite.config.ts';

/** A call that a page made. */
export type PageCall = { method: string; path: string; body: unknown };
/** What a test answers to a page's call, or will; undefined: 204. */
export type Answer = (call: PageCall) => unknown;

export type FixtureServer = {
  url: string;
  feeds: Record<string, LiveFeed>;
  /** Calls made so far, oldest first. */
  calls: PageCall[];
  /** What is said of the parts behind the page from the next beat on. */
  upstream: Upstream;
  dataAtMs: number | undefined;
  /** Replaces the answers to calls. */
  answer(next: Answer): void;
  /** False cuts the live stream and refuses new ones until true again. */
  setLive(isLive: boolean): void;
  stop(): Promise<void>;
};

type Options = { app: PageApp; port: number; snapshots: Record<string, LiveSnapshot>; upstream?: Upstream };

type LiveDoor = { isOpen: boolean; sockets: Set<{ terminate(): void }> };

function serveLive(app: HttpApp, fixture: FixtureServer, door: LiveDoor): void {
  app.get('/live', { websocket: true }, (socket) => {
    if (!door.isOpen) return socket.terminate();
    door.sockets.add(socket);
    socket.on('close', () => door.sockets.delete(socket));
    for (const feed of Object.values(fixture.feeds)) feed.attach(socket as LiveSocket);
  });
}

/** Serves one built app with the product's own HTTP server, pages and live feed; what it shows and answers is the test's word. */
export async function startFixtureServer(options: Options): Promise<FixtureServer> {
  const app = await createHttpServer({
    name: 'fixture',
    log: createLog('fixture', { level: 'warn' }),
    servesPages: true,
    ratePerMinute: 10_000,
  });
  const door: LiveDoor = { isOpen: true, sockets: new Set() };
  let answer: Answer = () => undefined;
  const fixture: FixtureServer = {
    url: '',
    feeds: {},
    calls: [],
    upstream: options.upstream ?? { isCentralReachable: true, centralSeenAtMs: Date.now() },
    dataAtMs: undefined,
    answer(next) {
      answer = next;
    },
    setLive(isLive) {
      door.isOpen = isLive;
      if (!isLive) for (const socket of door.sockets) socket.terminate();
    },
    async stop() {
      for (const feed of Object.values(fixture.feeds)) feed.stop();
      await app.close();
    },
  };
  for (const [name, snapshot] of Object.entries(options.snapshots)) {
    const feed = createLiveFeed({
      feed: name,
      clock: systemClock,
      upstream: () => fixture.upstream,
      dataAtMs: () => fixture.dataAtMs ?? Date.now(),
      beatMs: 1_000,
    });
    feed.reset(snapshot);
    fixture.feeds[name] = feed;
  }
  serveLive(app, fixture, door);
  app.route({
    method: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
    url: '/api/*',
    handler: async (request, reply) => {
      const call = { method: request.method, path: request.url, body: request.body };
      fixture.calls.push(call);
      const content = await answer(call);
      if (content === undefined) return reply.code(204).send();
      return reply.type('application/json').send(JSON.stringify(content));
    },
  });
  await servePages(app, options.app);
  const { port } = await listen(app, { host: '127.0.0.1', port: options.port, hasTls: false });
  fixture.url = `http://127.0.0.1:${port}`;
  return fixture;
}

/** The answer "no" of a server. */
export function refuse(status: number, code: string): never {
  throw new HttpProblem(status, code);
}
