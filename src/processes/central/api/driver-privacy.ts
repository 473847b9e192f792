import { Type } from 'typebox';
import { administration } from '../../../io/audit/admin-events.ts';
import { noContent, problems } from '../../../io/http/openapi.ts';
import { HttpProblem } from '../../../io/http/problem.ts';
import type { HttpApp } from '../../../io/http/server.ts';
import { eraseDriver, exportDriver } from '../../../io/postgres/driver-privacy.ts';
import { DriverExportSchema } from '../../../messages/central-history-api.ts';
import { DriverIdSchema } from '../../../messages/entities.ts';
import type { Access } from './access.ts';
import type { ApiParts } from './api-parts.ts';

const tags = ['drivers'];
const params = Type.Object({ driverId: DriverIdSchema });
const path = '/api/drivers/:driverId/personal-data';

/** GDPR: all that is kept of a driver, and its erasure; the id stays as a pseudonym. Administrators only, audited. */
export function addDriverPrivacyRoutes(app: HttpApp, parts: ApiParts, access: Access): void {
  const { database, audit } = parts;
  app.get(
    path,
    { schema: { params, response: { 200: DriverExportSchema, ...problems(401, 403, 404) }, tags } },
    async (request, reply) => {
      const { driverId } = request.params;
      const caller = await access.requireRole(request, 'admin');
      const told = await exportDriver(database, driverId);
      if (!told) throw new HttpProblem(404, 'DRIVER_UNKNOWN', { params: { driverId } });
      audit.record(administration.driverExported(access.actor(request, caller), { driverId }));
      return reply
        .header('content-disposition', `attachment; filename="${driverId}.json"`)
        .header('cache-control', 'no-store')
        .send(told);
    },
  );

  app.delete(
    path,
    { schema: { params, response: { ...noContent(), ...problems(401, 404, 409) }, tags } },
    async (request, reply) => {
      const { driverId } = request.params;
      const caller = await access.requireRole(request, 'admin');
      const outcome = await database.transaction((tx) => eraseDriver(tx, driverId));
      if (outcome === 'DRIVER_UNKNOWN') throw new HttpProblem(404, outcome, { params: { driverId } });
      if (outcome !== 'ERASED') throw new HttpProblem(409, outcome, { params: { driverId } });
      audit.record(administration.driverErased(access.actor(request, caller), { driverId }));
      parts.onDriverGone();
      return reply.code(204).send();
    },
  );
}
