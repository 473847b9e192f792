import { type Static, Type } from 'typebox';
import { type Clock, pause } from '../../io/clock.ts';
import type { RunningLocalApi } from '../../io/http/local-api.ts';
import { problems } from '../../io/http/openapi.ts';
import { startPointApi } from '../../io/http/point-api.ts';
import { HttpProblem } from '../../io/http/problem.ts';
import type { HttpApp } from '../../io/http/server.ts';
import type { Log } from '../../io/log.ts';
import { newRandomId } from '../../io/new-id.ts';
import { EngineViewSchema } from '../../messages/live-stream.ts';
import {
  AcceptedSchema,
  FaultSchema,
  LocalStartSchema,
  OutOfServiceSchema,
  SimulationChangeSchema,
} from '../../messages/local-apis.ts';
import type { Engine, PointRefusal } from './engine-parts.ts';

const tags = ['Engine'];
const noBody = Type.Optional(Type.Unknown());

function accepted(refusal: PointRefusal | undefined): { isAccepted: boolean } {
  if (refusal !== undefined) throw new HttpProblem(409, refusal);
  return { isAccepted: true };
}

/** Who plugs in while the authorisation is on its way is not told no: the driver's page may know of it before this engine does. */
const AUTHORISATION_WAIT_MS = 3_000;
const LOOK_AGAIN_MS = 25;

async function plugWhenAuthorised(engine: Engine, clock: Clock): Promise<PointRefusal | undefined> {
  const untilMs = clock.monotonicMs() + AUTHORISATION_WAIT_MS;
  while (engine.isAwaitingAuthorisation && clock.monotonicMs() < untilMs) await pause(clock, LOOK_AGAIN_MS);
  return engine.plug();
}

function addRoutes(app: HttpApp, engine: Engine, clock: Clock): void {
  const schema = { tags, response: { 200: AcceptedSchema, ...problems(409) } };
  app.get('/api/state', { schema: { tags, response: { 200: EngineViewSchema } } }, () => engine.view());
  app.post('/api/start', { schema: { ...schema, body: Type.Union([LocalStartSchema, Type.Null()]) } }, (request) => {
    const body = request.body as Static<typeof LocalStartSchema> | null;
    return accepted(engine.start(body?.requestId ?? newRandomId()));
  });
  app.post('/api/cancel', { schema: { ...schema, body: noBody } }, () => accepted(engine.cancel()));
  app.post('/api/plug', { schema: { ...schema, body: noBody } }, async () =>
    accepted(await plugWhenAuthorised(engine, clock)),
  );
  app.post('/api/simulation', { schema: { ...schema, body: SimulationChangeSchema } }, (request) =>
    accepted(engine.simulate(request.body as Static<typeof SimulationChangeSchema>)),
  );
  app.post('/api/unplug', { schema: { ...schema, body: noBody } }, () => accepted(engine.unplug()));
  app.post('/api/stop', { schema: { ...schema, body: noBody } }, () => accepted(engine.stopSupply()));
  app.post('/api/out-of-service', { schema: { ...schema, body: OutOfServiceSchema } }, (request) =>
    accepted(engine.setLocalHold((request.body as Static<typeof OutOfServiceSchema>).isHeld)),
  );
  app.post('/api/fault', { schema: { ...schema, body: FaultSchema } }, (request) => {
    engine.setFault((request.body as Static<typeof FaultSchema>).isFaulted);
    return accepted(undefined);
  });
}

/** The engine's local API and live stream (D-18): everything the hand at the point does, `curl` can do. */
export async function startEngineApi(options: {
  engine: Engine;
  port: number;
  clock: Clock;
  log: Log;
}): Promise<RunningLocalApi> {
  const { engine, port, clock, log } = options;
  return startPointApi({
    ...({ half: 'engine', port, clock, log } as const),
    title: 'EV charging: engine',
    description: 'Local API of a charging point’s engine: request, plug, unplug, stop, out of service, fault.',
    view: () => engine.view(),
    onChange: (tell) => engine.onChange(tell),
    upstream: () => ({
      isCentralReachable: engine.isCentralReachable,
      isMonitorReachable: engine.isMonitorPaired,
      ...(engine.isBrokerUp === undefined ? {} : { isBrokerUp: engine.isBrokerUp }),
    }),
    readiness: () => ({
      monitor: engine.isMonitorPaired,
      channel: engine.isChannelUp || engine.isKeyRevoked,
      journal: engine.view().isJournalWritable,
    }),
    addRoutes: (app) => addRoutes(app, engine, clock),
  });
}
