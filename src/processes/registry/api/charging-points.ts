import { Type } from 'typebox';
import { authentication, security, status } from '../../../io/audit/audit-events.ts';
import { problems } from '../../../io/http/openapi.ts';
import { HttpProblem } from '../../../io/http/problem.ts';
import type { HttpApp } from '../../../io/http/server.ts';
import { createEnrolment } from '../../../io/postgres/audited-enrolment.ts';
import { editPoint, renewCredential } from '../../../io/postgres/point-edits.ts';
import { registeredPoint, registeredPoints } from '../../../io/postgres/registered-points.ts';
import { NewPointSchema, PointCreatedSchema } from '../../../messages/central-api.ts';
import { CpIdSchema } from '../../../messages/entities.ts';
import {
  POINT_EDIT_FIELDS,
  PointEditSchema,
  RegistryPointListSchema,
  RegistryPointSchema,
} from '../../../messages/registry-api.ts';
import { requireAdmin, sourceOf } from '../access.ts';
import type { RegistryParts } from '../parts.ts';

const tags = ['charging_points'];
const params = Type.Object({ cpId: CpIdSchema });

const unknown = (cpId: string) => new HttpProblem(404, 'CP_UNKNOWN', { params: { cpId } });

/** Who is registered, for administrators and tokens of scope points:read; and a new point with its token (S-REG-08). */
export function addChargingPointRoutes(app: HttpApp, parts: RegistryParts): void {
  const { db, onChanged } = parts;
  const enrolment = createEnrolment(parts);
  app.get(
    '/api/charging_points',
    { schema: { response: { 200: RegistryPointListSchema, ...problems(401, 403) }, tags } },
    async (request) => {
      await requireAdmin(parts, request, 'points:read');
      const chargingPoints = await registeredPoints(db);
      return { chargingPoints, total: chargingPoints.length };
    },
  );

  const createSchema = {
    body: NewPointSchema,
    response: { 201: PointCreatedSchema, ...problems(401, 403, 409) },
    tags,
  };
  app.post('/api/charging_points', { schema: createSchema }, async (request, reply) => {
    const caller = await requireAdmin(parts, request, 'points:enrol');
    const created = await enrolment.create(request.body, sourceOf(request, caller.name));
    if ('refusal' in created) throw new HttpProblem(409, created.refusal, { params: { cpId: request.body.cpId } });
    onChanged();
    return reply.code(201).header('cache-control', 'no-store').send(created);
  });
}

/** What an administrator changes of a point that is there: its description, its credentials. */
export function addPointChangeRoutes(app: HttpApp, parts: RegistryParts): void {
  const { db, clock, audit, onChanged } = parts;
  const editSchema = {
    params,
    body: PointEditSchema,
    response: { 200: RegistryPointSchema, ...problems(401, 403, 404, 409) },
    tags,
  };
  app.patch('/api/charging_points/:cpId', { schema: editSchema }, async (request) => {
    const { cpId } = request.params;
    const caller = await requireAdmin(parts, request);
    const before = await registeredPoint(db, cpId);
    const outcome = await db.transaction((tx) => editPoint(tx, cpId, request.body));
    if (outcome === 'CHANGED_MEANWHILE') throw new HttpProblem(409, outcome, { params: { cpId } });
    const after = await registeredPoint(db, cpId);
    if (outcome === 'CP_UNKNOWN' || !before || !after) throw unknown(cpId);
    const changed = POINT_EDIT_FIELDS.filter((field) => before[field] !== after[field]);
    audit.record(status.pointEdited(sourceOf(request, caller.name), { cpId, changed }));
    onChanged();
    return after;
  });

  const renewSchema = { params, response: { 201: PointCreatedSchema, ...problems(401, 403, 404) }, tags };
  app.post('/api/charging_points/:cpId/credentials', { schema: renewSchema }, async (request, reply) => {
    const { cpId } = request.params;
    const caller = await requireAdmin(parts, request);
    const doing = { by: caller.name, nowMs: clock.nowMs() };
    const renewed = await db.transaction((tx) => renewCredential(tx, cpId, doing));
    if (renewed === 'CP_UNKNOWN') throw unknown(cpId);
    const source = sourceOf(request, caller.name);
    audit.record(security.credentialRevoked(source, { cpId }));
    audit.record(authentication.enrolmentTokenIssued(source, { cpId, uses: 1 }));
    onChanged();
    return reply
      .code(201)
      .header('cache-control', 'no-store')
      .send({ cpId, ...renewed });
  });
}
