import { Type } from 'typebox';
import type { Clock } from '../../../io/clock.ts';
import { problems } from '../../../io/http/openapi.ts';
import { HttpProblem } from '../../../io/http/problem.ts';
import type { HttpApp } from '../../../io/http/server.ts';
import type { Log } from '../../../io/log.ts';
import { newRandomId } from '../../../io/new-id.ts';
import { UuidSchema } from '../../../messages/entities.ts';
import type { DriverMe } from '../../../messages/live-stream.ts';
import {
  DriverSupplySchema,
  PointCardListSchema,
  SupplyAskedSchema,
  SupplyCurveSchema,
  SupplyStopAskedSchema,
} from '../../../messages/local-apis.ts';
import type { Points } from '../points.ts';
import { type User, updateMe } from '../users.ts';
import { requireUser, type SessionParts } from './session-cookie.ts';

export type SupplyRouteParts = SessionParts & {
  points: Points;
  isCentralReachable: () => boolean;
  log: Log;
  clock: Clock;
};

function requireCentral(parts: SupplyRouteParts): void {
  if (!parts.isCentralReachable())
    throw new HttpProblem(503, 'CENTRAL_UNREACHABLE', { headers: { 'retry-after': '2' } });
}

type Asked = { requestId: string; cpId: string; requestedAtMs: number; atMs: number };

/** Without an answer nobody knows whether it was done: the state comes by the stream if it was; until then the page says so. */
function giveUp(
  user: User,
  asked: Asked,
  refusal: NonNullable<DriverMe['lastRefusal']>['refusal'] = { code: 'SERVICE_UNAVAILABLE' },
): void {
  if (user.me.pendingRequest?.requestId !== asked.requestId) return;
  updateMe(user, { pendingRequest: undefined, lastRefusal: { ...asked, refusal } });
}

/** File 1 of "follow one supply": the button. Answers 202 at once; every step comes by the live stream. */
export function addSupplyRoutes(app: HttpApp, parts: SupplyRouteParts): void {
  app.post(
    '/api/supplies',
    {
      schema: { body: DriverSupplySchema, response: { 202: SupplyAskedSchema, ...problems(401) }, tags: ['supplies'] },
    },
    async (request, reply) => {
      const { user, token } = await requireUser(request, parts);
      requireCentral(parts);
      const { cpId, origin = 'APP', requestId = newRandomId() } = request.body;
      const sentAtMs = parts.clock.nowMs();
      updateMe(user, { pendingRequest: { requestId, cpId, sentAtMs }, lastRefusal: undefined });
      const wanted = { requestId, sessionToken: token, cpId, origin, address: request.ip };
      const unanswered = (refusal?: Parameters<typeof giveUp>[2]) =>
        giveUp(user, { requestId, cpId, requestedAtMs: sentAtMs, atMs: parts.clock.nowMs() }, refusal);
      try {
        await parts.link.request('supply-requested', wanted, (answer) => {
          if (!answer) unanswered();
          // Central's database is away: it answers, and cannot say whom it answers.
          else if (answer.type === 'request-refused' && answer.body.driverId === undefined)
            unanswered(answer.body.refusal);
          // Asking again for one's own point is answered with the supply that is there, under its own request (F-64).
          else if (answer.type === 'supply-updated' && user.me.pendingRequest?.requestId === requestId)
            updateMe(user, { pendingRequest: undefined });
        });
      } catch (error) {
        unanswered();
        throw error;
      }
      return reply.code(202).send({ requestId });
    },
  );

  const supplyParams = Type.Object({ supplyId: UuidSchema });
  app.post(
    '/api/supplies/:supplyId/stop',
    {
      schema: {
        params: supplyParams,
        response: { 202: SupplyStopAskedSchema, ...problems(401, 404) },
        tags: ['supplies'],
      },
    },
    async (request, reply) => {
      const { user, token } = await requireUser(request, parts);
      requireCentral(parts);
      const { supplyId } = request.params;
      if (user.me.openSupply?.supplyId !== supplyId) throw new HttpProblem(404, 'SUPPLY_NOT_OPEN');
      const stop = { sessionToken: token, supplyId, address: request.ip };
      await parts.link.request('stop-requested', stop, (answer) => {
        if (answer?.type === 'request-refused')
          updateMe(user, { lastRefusal: { refusal: answer.body.refusal, atMs: parts.clock.nowMs() } });
      });
      return reply.code(202).send({ supplyId });
    },
  );

  app.get(
    '/api/supplies/:supplyId/curve',
    {
      schema: {
        params: supplyParams,
        response: { 200: SupplyCurveSchema, ...problems(401) },
        tags: ['supplies'],
        summary: 'Readings of the open supply: [second, W, Wh]',
      },
    },
    async (request) => {
      const { user } = await requireUser(request, parts);
      const { supplyId } = request.params;
      return { points: user.curve?.supplyId === supplyId ? user.curve.points : [] };
    },
  );

  app.get(
    '/api/charging_points',
    { schema: { response: { 200: PointCardListSchema, ...problems(401) }, tags: ['points'] } },
    async (request) => {
      await requireUser(request, parts);
      return { chargingPoints: parts.points.all() };
    },
  );
}
