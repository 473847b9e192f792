import { type Static, Type } from 'typebox';
import type { Clock } from '../../io/clock.ts';
import { HttpUnreachable } from '../../io/http/client.ts';
import type { RunningLocalApi } from '../../io/http/local-api.ts';
import { problems } from '../../io/http/openapi.ts';
import { startPointApi } from '../../io/http/point-api.ts';
import { HttpProblem } from '../../io/http/problem.ts';
import type { HttpApp } from '../../io/http/server.ts';
import type { Log } from '../../io/log.ts';
import { MonitorViewSchema } from '../../messages/live-stream.ts';
import { AcceptedSchema, MonitorAuthenticateSchema, MonitorRegisterSchema } from '../../messages/local-apis.ts';
import type { Monitor } from './monitor.ts';
import { RegistrationRefused } from './registration.ts';

const tags = ['Monitor'];

/** Registry's answer becomes the page's: its own "no", or that it cannot be reached. */
function toProblem(error: unknown): HttpProblem {
  if (error instanceof RegistrationRefused)
    return new HttpProblem(error.status === 409 ? 409 : 422, error.code, { detail: error.message, cause: error });
  if (error instanceof HttpUnreachable) return new HttpProblem(503, 'REGISTRY_UNREACHABLE', { cause: error });
  throw error;
}

function addRoutes(app: HttpApp, monitor: Monitor): void {
  app.get('/api/state', { schema: { tags, response: { 200: MonitorViewSchema } } }, () => monitor.view());
  app.post(
    '/api/register',
    { schema: { tags, body: MonitorRegisterSchema, response: { 200: AcceptedSchema, ...problems(409, 422) } } },
    async (request) => {
      const { token } = request.body as Static<typeof MonitorRegisterSchema>;
      await monitor.register(token).catch((error: unknown) => {
        throw toProblem(error);
      });
      return { isAccepted: true };
    },
  );
  app.post(
    '/api/authenticate',
    { schema: { tags, body: MonitorAuthenticateSchema, response: { 202: AcceptedSchema, ...problems(409) } } },
    async (request, reply) => {
      const { intent } = request.body as Static<typeof MonitorAuthenticateSchema>;
      if (!monitor.isRegistered) throw new HttpProblem(409, 'NOT_REGISTERED');
      monitor.authenticate(intent);
      reply.code(202);
      return { isAccepted: true };
    },
  );
  app.post(
    '/api/unregister',
    {
      schema: {
        tags,
        body: Type.Union([Type.Object({}), Type.Null()]),
        response: { 200: AcceptedSchema, ...problems(409, 422) },
      },
    },
    async () => {
      if (!monitor.isRegistered) throw new HttpProblem(409, 'NOT_REGISTERED');
      await monitor.unregister().catch((error: unknown) => {
        throw toProblem(error);
      });
      return { isAccepted: true };
    },
  );
}

/** The Monitor's local API and live stream (D-18). */
export async function startMonitorApi(options: {
  monitor: Monitor;
  port: number;
  clock: Clock;
  log: Log;
}): Promise<RunningLocalApi> {
  const { monitor, port, clock, log } = options;
  return startPointApi({
    ...({ half: 'monitor', port, clock, log } as const),
    title: 'EV charging: Monitor',
    description: 'Local API of a charging point’s Monitor.',
    view: () => monitor.view(),
    onChange: (tell) => monitor.onChange(tell),
    upstream: () => ({
      isCentralReachable: monitor.isCentralReachable,
      isEngineReachable: monitor.isEngineOk,
      ...(monitor.centralSeenAtMs === undefined ? {} : { centralSeenAtMs: monitor.centralSeenAtMs }),
    }),
    readiness: () => ({ registered: monitor.isRegistered, central: monitor.isConnected }),
    addRoutes: (app) => addRoutes(app, monitor),
  });
}
