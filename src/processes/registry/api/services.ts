import { Type } from 'typebox';
import { problems } from '../../../io/http/openapi.ts';
import { HttpProblem } from '../../../io/http/problem.ts';
import type { HttpApp } from '../../../io/http/server.ts';
import { beatService, forgetService, serviceDirectory } from '../../../io/postgres/service-instances.ts';
import { UuidSchema } from '../../../messages/entities.ts';
import { AnnouncementSchema, ServiceListSchema } from '../../../messages/service-directory.ts';
import { requireAdmin } from '../access.ts';
import type { RegistryParts } from '../parts.ts';

const tags = ['services'];
const params = Type.Object({ instanceId: UuidSchema });
const SCOPE = 'services:announce';

/** The directory (S-REG-12): for administrators and for our own services, which find each other here. */
export function addServiceRoutes(app: HttpApp, parts: RegistryParts): void {
  const { db } = parts;
  app.get(
    '/api/services',
    { schema: { response: { 200: ServiceListSchema, ...problems(401, 403) }, tags } },
    async (request) => {
      await requireAdmin(parts, request, SCOPE);
      const services = (await serviceDirectory(db)).map(({ startedAt, heartbeatAt, ...entry }) => ({
        ...entry,
        startedAtMs: startedAt.getTime(),
        heartbeatAtMs: heartbeatAt.getTime(),
      }));
      return { services, total: services.length };
    },
  );

  app.put(
    '/api/services/:instanceId',
    {
      schema: {
        params,
        body: AnnouncementSchema,
        response: { 204: Type.Null(), ...problems(401, 403, 503) },
        tags,
      },
    },
    async (request, reply) => {
      await requireAdmin(parts, request, SCOPE);
      const isTaken = await beatService(db, { instanceId: request.params.instanceId, ...request.body });
      if (!isTaken) throw new HttpProblem(503, 'DIRECTORY_FULL');
      return reply.code(204).send(null);
    },
  );

  app.delete(
    '/api/services/:instanceId',
    { schema: { params, response: { 204: Type.Null(), ...problems(401, 403) }, tags } },
    async (request, reply) => {
      await requireAdmin(parts, request, SCOPE);
      await forgetService(db, request.params.instanceId);
      return reply.code(204).send(null);
    },
  );
}
