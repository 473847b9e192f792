import { Type } from 'typebox';
import { noContent, problems } from '../../io/http/openapi.ts';
import { createPageServer } from '../../io/http/page-server.ts';
import { HttpProblem } from '../../io/http/problem.ts';
import { isSameOrigin } from '../../io/http/same-origin.ts';
import type { HttpApp } from '../../io/http/server.ts';
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
  const server = await createPageServer(config, {
    name: 'weather',
    log: parts.log,
    ratePerMinute: 1_200,
    openapi: { title: 'EV_W', description: DESCRIPTION },
  });
  const { app } = server;
  addRoutes(app, parts.monitor, parts.mayChange);
  const { port } = await server.open('weather');
  return { port, stop: () => app.close() };
}
