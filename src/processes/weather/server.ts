import { Type } from 'typebox';
import { noContent, problems } from '../../io/http/openapi.ts';
import { followPageTls, readPageTls } from '../../io/http/page-tls.ts';
import { servePages } from '../../io/http/pages.ts';
import { HttpProblem } from '../../io/http/problem.ts';
import { isSameOrigin, refuseForeignHosts, refuseForeignWrites } from '../../io/http/same-origin.ts';
import { createHttpServer, type HttpApp, listen } from '../../io/http/server.ts';
import type { LiveSocket } from '../../io/live/live-feed.ts';
import type { Log } from '../../io/log.ts';
import { CpIdSchema } from '../../messages/entities.ts';
import { LocationIdSchema, PlaceNameSchema, WatchedPlaceSchema } from '../../messages/weather-api.ts';
import { WatchedLocationSchema, WeatherMonitorViewSchema } from '../../messages/weather-view.ts';
import type { WeatherConfig } from './config.ts';
import type { CentralAnswer } from './report-to-central.ts';
import type { WeatherMonitor } from './weather.ts';

const DESCRIPTION = `EV_W: what it asks OpenWeather, what came of it, and the city of a location or point, changed while it runs (R2-56).`;
const tags = ['weather'];
const changed = { ...noContent(), ...problems(404, 409) };

function addRoutes(app: HttpApp, monitor: WeatherMonitor, mayChange: boolean): void {
  const change = async (work: () => Promise<CentralAnswer>): Promise<void> => {
    if (!mayChange) throw new HttpProblem(403, 'READ_ONLY_HERE');
    const answer = await work();
    if (answer.isOk) return;
    const status = answer.code === 'CENTRAL_UNREACHABLE' ? 503 : answer.code.endsWith('UNKNOWN') ? 404 : 409;
    throw new HttpProblem(status, answer.code);
  };
  app.get(
    '/api/weather',
    {
      schema: {
        response: {
          200: Type.Object({ monitor: WeatherMonitorViewSchema, places: Type.Array(WatchedLocationSchema) }),
        },
        tags,
      },
    },
    () => monitor.view(),
  );
  app.put(
    '/api/locations/:locationId',
    {
      schema: {
        params: Type.Object({ locationId: LocationIdSchema }),
        body: WatchedPlaceSchema,
        response: changed,
        tags,
      },
    },
    async (request, reply) => {
      await change(() => monitor.watch(request.params.locationId, request.body.watched));
      return reply.code(204).send();
    },
  );
  app.put(
    '/api/points/:cpId/location',
    { schema: { params: Type.Object({ cpId: CpIdSchema }), body: PlaceNameSchema, response: changed, tags } },
    async (request, reply) => {
      await change(() => monitor.movePoint(request.params.cpId, request.body));
      return reply.code(204).send();
    },
  );
  app.get('/live', { websocket: true, schema: { hide: true } }, (socket, request) => {
    if (!isSameOrigin(request.headers)) return socket.close(4403, 'FOREIGN_ORIGIN');
    return monitor.feed.attach(socket as LiveSocket);
  });
}

/** EV_W's page and API. Nobody logs in here: beyond loopback it only shows. */
export async function startWeatherServer(
  config: Pick<WeatherConfig, 'host' | 'port' | 'tlsCertFile' | 'tlsKeyFile'>,
  parts: { log: Log; monitor: WeatherMonitor; mayChange: boolean },
): Promise<{ port: number; stop(): Promise<void> }> {
  const tls = readPageTls(config);
  const app = await createHttpServer({
    name: 'weather',
    log: parts.log,
    servesPages: true,
    ratePerMinute: 1_200,
    openapi: { title: 'EV_W', description: DESCRIPTION },
    ...(tls && { tls }),
  });
  followPageTls(app, config, (error) => parts.log.error({ err: error }, 'the certificate could not be renewed'));
  refuseForeignHosts(app, config.host);
  refuseForeignWrites(app);
  addRoutes(app, parts.monitor, parts.mayChange);
  await servePages(app, 'weather');
  const { port } = await listen(app, { host: config.host, port: config.port, hasTls: tls !== undefined });
  return { port, stop: () => app.close() };
}
