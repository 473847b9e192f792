import type { HttpApp } from '../../../io/http/server.ts';
import { countDrivers, driverRows } from '../../../io/postgres/driver-list.ts';
import { DriverPageQuerySchema, DriverPageSchema } from '../../../messages/central-history-api.ts';
import type { Access } from './access.ts';
import type { ApiParts } from './api-parts.ts';

const DEFAULT_LIMIT = 50;

/** Drivers by id with what they have charged; who is connected is in the live stream (D-15: a login, and no names). */
export function addDriverRoutes(app: HttpApp, parts: ApiParts, access: Access): void {
  app.get(
    '/api/drivers',
    { schema: { querystring: DriverPageQuerySchema, response: { 200: DriverPageSchema }, tags: ['drivers'] } },
    async (request) => {
      await access.requireRole(request, 'viewer');
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
}
