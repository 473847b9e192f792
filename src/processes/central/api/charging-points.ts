import { Type } from 'typebox';
import { status } from '../../../io/audit/audit-events.ts';
import { pause } from '../../../io/clock.ts';
import { noContent, problems } from '../../../io/http/openapi.ts';
import { HttpProblem } from '../../../io/http/problem.ts';
import type { HttpApp } from '../../../io/http/server.ts';
import { editPoint } from '../../../io/postgres/point-edits.ts';
import {
  EstadoPatchSchema,
  NewPointSchema,
  PointCreatedSchema,
  PointListQuerySchema,
  PointListSchema,
  StateAnswerSchema,
  StatePatchSchema,
} from '../../../messages/central-api.ts';
import { CpIdSchema } from '../../../messages/entities.ts';
import { type PanelPoint, PanelPointSchema } from '../../../messages/live-stream.ts';
import { POINT_EDIT_FIELDS, PointEditSchema } from '../../../messages/registry-api.ts';
import { orderedStateFromSpanish } from '../../../messages/rest-aliases.ts';
import { publicPoint } from '../picture/point-entry.ts';
import type { Access } from './access.ts';
import type { ApiParts } from './api-parts.ts';
import { pageOfPoints } from './point-page.ts';

const SHOWN_WITHIN_MS = 1_000;
const params = Type.Object({ cpId: CpIdSchema });
const mayRead = problems(401, 403);
const changed = { ...noContent(), ...problems(401, 403, 404, 409) };

function pointOr404(parts: ApiParts, cpId: string): PanelPoint {
  const point = parts.picture.point(cpId);
  if (!point) throw new HttpProblem(404, 'CP_UNKNOWN', { params: { cpId } });
  return point;
}

/** Whoever has written reads what it wrote; a busy picture is not waited for longer than a second. */
async function showWritten({ picture, clock }: ApiParts, cpId: string): Promise<void> {
  picture.refresh([cpId]);
  await Promise.race([picture.settled(), pause(clock, SHOWN_WITHIN_MS)]);
}

/** S-API-01, 02, 04, 05: list, one, create, delete. */
export function addChargingPointRoutes(app: HttpApp, parts: ApiParts, access: Access): void {
  const tags = ['charging_points'];
  app.get(
    '/api/charging_points',
    {
      schema: {
        querystring: PointListQuerySchema,
        response: { 200: PointListSchema, ...mayRead },
        security: [{}],
        tags,
      },
      config: { isPolled: true },
    },
    async (request) => {
      const isOperator = (await access.requireReader(request)).kind === 'operator';
      const { page, total, nextCursor } = pageOfPoints(parts.picture.points(), request.query);
      const chargingPoints = page.map((point) => (isOperator ? point : publicPoint(point)));
      return { chargingPoints, total, ...(nextCursor !== undefined && { nextCursor }) };
    },
  );

  app.get(
    '/api/charging_points/:cpId',
    {
      schema: { params, response: { 200: PanelPointSchema, ...mayRead, ...problems(404) }, security: [{}], tags },
      config: { isPolled: true },
    },
    async (request) => {
      const caller = await access.requireReader(request);
      const point = pointOr404(parts, request.params.cpId);
      return caller.kind === 'operator' ? point : publicPoint(point);
    },
  );

  app.post(
    '/api/charging_points',
    { schema: { body: NewPointSchema, response: { 201: PointCreatedSchema, ...problems(401, 409) }, tags } },
    async (request, reply) => {
      const caller = await access.requireRoleOrScope(request, { role: 'admin', scope: 'points:enrol' });
      const created = await parts.enrolment.create(request.body, access.actor(request, caller));
      if ('refusal' in created) throw new HttpProblem(409, created.refusal, { params: { cpId: request.body.cpId } });
      await showWritten(parts, created.cpId);
      return reply.code(201).header('cache-control', 'no-store').send(created);
    },
  );

  app.delete('/api/charging_points/:cpId', { schema: { params, response: changed, tags } }, async (request, reply) => {
    const { cpId } = request.params;
    const caller = await access.requireRole(request, 'admin');
    const outcome = await parts.enrolment.retire(cpId, access.actor(request, caller));
    if (outcome === 'CP_UNKNOWN') throw new HttpProblem(404, 'CP_UNKNOWN', { params: { cpId } });
    if (outcome === 'SUPPLY_OPEN') throw new HttpProblem(409, 'SUPPLY_OPEN', { params: { cpId } });
    await showWritten(parts, cpId);
    return reply.code(204).send();
  });

  app.post(
    '/api/charging_points/:cpId/revoke-key',
    { schema: { params, response: changed, tags } },
    async (request, reply) => {
      const { cpId } = request.params;
      const caller = await access.requireRoleOrScope(request, { role: 'admin', scope: 'keys:revoke' });
      const outcome = await parts.keys.revoke(cpId, access.actor(request, caller));
      if (outcome === 'CP_UNKNOWN') throw new HttpProblem(404, outcome, { params: { cpId } });
      if (outcome === 'NO_KEY') throw new HttpProblem(409, outcome, { params: { cpId } });
      return reply.code(204).send();
    },
  );
}

/** What a point is said to be, as an administrator corrects it in the panel; the Registry's page does the same. */
export function addPointEditRoute(app: HttpApp, parts: ApiParts, access: Access): void {
  app.patch(
    '/api/charging_points/:cpId',
    { schema: { params, body: PointEditSchema, response: changed, tags: ['charging_points'] } },
    async (request, reply) => {
      const { cpId } = request.params;
      const caller = await access.requireRole(request, 'admin');
      const before = pointOr404(parts, cpId);
      const outcome = await parts.database.transaction((tx) => editPoint(tx, cpId, request.body));
      if (outcome === 'CP_UNKNOWN') throw new HttpProblem(404, outcome, { params: { cpId } });
      if (outcome === 'CHANGED_MEANWHILE') throw new HttpProblem(409, outcome, { params: { cpId } });
      const changedFields = POINT_EDIT_FIELDS.filter((field) => before[field] !== request.body[field]);
      parts.audit.record(status.pointEdited(access.actor(request, caller), { cpId, changed: changedFields }));
      await showWritten(parts, cpId);
      return reply.code(204).send();
    },
  );
}

/** S-API-06: ACTIVADO drops the operator's hold, FUERA_DE_SERVICIO sets it; everything else is a fact that nobody can order. */
export function addPointStateRoutes(app: HttpApp, parts: ApiParts, access: Access): void {
  const tags = ['charging_points'];
  const change = async (
    cpId: string,
    order: { state: 'AVAILABLE' | 'OUT_OF_SERVICE'; when: 'NOW' | 'AFTER_SUPPLY' },
    actor: Parameters<ApiParts['points']['apply']>[2],
  ) => {
    pointOr404(parts, cpId);
    const event =
      order.state === 'AVAILABLE'
        ? ({ kind: 'operator-resume' } as const)
        : ({ kind: 'operator-stop', when: order.when } as const);
    const outcome = await parts.points.apply(cpId, { event }, actor);
    if (!outcome.wasKnown) throw new HttpProblem(404, 'CP_UNKNOWN', { params: { cpId } });
    const { state, reasons, pendingReasons } = await parts.freshPoint(cpId);
    return { cpId, state, reasons, pendingReasons };
  };

  app.patch(
    '/api/charging_points/:cpId/state',
    { schema: { params, body: StatePatchSchema, response: { 200: StateAnswerSchema, ...problems(401, 404) }, tags } },
    async (request) => {
      const caller = await access.requireRole(request, 'operator');
      const { state, when = 'NOW' } = request.body;
      return change(request.params.cpId, { state, when }, access.actor(request, caller));
    },
  );

  app.patch(
    '/api/charging_points/:cpId/estado',
    {
      schema: {
        params,
        body: EstadoPatchSchema,
        response: { 200: StateAnswerSchema, ...problems(401, 404, 422) },
        tags,
      },
    },
    async (request) => {
      const caller = await access.requireRole(request, 'operator');
      const state = orderedStateFromSpanish(request.body.estado);
      if (!state)
        throw new HttpProblem(422, 'STATE_CANNOT_BE_ORDERED', {
          params: { estado: request.body.estado, allowed: ['ACTIVADO', 'FUERA_DE_SERVICIO'] },
        });
      return change(request.params.cpId, { state, when: request.body.when ?? 'NOW' }, access.actor(request, caller));
    },
  );
}
