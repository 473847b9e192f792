import { Type } from 'typebox';
import { problems } from '../../../io/http/openapi.ts';
import { HttpProblem } from '../../../io/http/problem.ts';
import type { HttpApp } from '../../../io/http/server.ts';
import { countDrivers, driverRows } from '../../../io/postgres/driver-list.ts';
import { DriverDetailSchema, DriverPageQuerySchema, DriverPageSchema } from '../../../messages/central-history-api.ts';
import { DriverIdSchema } from '../../../messages/entities.ts';
import type { PanelDriver } from '../../../messages/live-stream.ts';
import type { Access } from './access.ts';
import type { ApiParts } from './api-parts.ts';
import { openSuppliesOf } from './supplies.ts';

const DEFAULT_LIMIT = 50;

/** Drivers by id with what they have charged; who is connected is in the live stream (D-15: a login, and no names). */
export function addDriverRoutes(app: HttpApp, parts: ApiParts, access: Access): void {
  app.get(
    '/api/drivers',
    {
      schema: {
        querystring: DriverPageQuerySchema,
        response: { 200: DriverPageSchema, ...problems(401, 403) },
        tags: ['drivers'],
      },
    },
    async (request) => {
      await access.requireRoleOrScope(request, { role: 'viewer', scope: 'drivers:read' });
      const { search = '', cursor, limit = DEFAULT_LIMIT } = request.query;
      const wanted = search.toUpperCase();
      const page = { search: wanted, ...(cursor !== undefined && { cursor }), limit: limit + 1 };
      const rows = await driverRows(parts.database, page);
      const drivers = rows.slice(0, limit);
      const last = drivers.at(-1);
      return {
        drivers,
        ...(rows.length > limit && last && { nextCursor: last.driverId }),
        total: await countDrivers(parts.database, wanted),
      };
    },
  );

  app.get(
    '/api/drivers/:driverId',
    {
      schema: {
        params: Type.Object({ driverId: DriverIdSchema }),
        response: { 200: DriverDetailSchema, ...problems(401, 403, 404) },
        tags: ['drivers'],
      },
    },
    async (request) => {
      await access.requireRoleOrScope(request, { role: 'viewer', scope: 'drivers:read' });
      const { driverId } = request.params;
      const [driver] = await driverRows(parts.database, { search: '', limit: 1, driverId });
      if (!driver) throw new HttpProblem(404, 'NOT_FOUND', { params: { driverId } });
      const openSupplies = openSuppliesOf(parts.picture.supplies()).filter((supply) => supply.driverId === driverId);
      const connected = Object.values(parts.picture.feeds.public.snapshot().collections.drivers ?? {}) as PanelDriver[];
      return { driver, isConnected: connected.some((one) => one.driverId === driverId), openSupplies };
    },
  );
}
