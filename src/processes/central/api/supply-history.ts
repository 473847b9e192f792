import { Type } from 'typebox';
import { fileOf, problems } from '../../../io/http/openapi.ts';
import { HttpProblem } from '../../../io/http/problem.ts';
import type { HttpApp } from '../../../io/http/server.ts';
import { type PastSupply, pastSupplies, supplyTotals } from '../../../io/postgres/supply-history.ts';
import { ticketsOfSupply } from '../../../io/postgres/tickets.ts';
import {
  MAX_EXPORTED_SUPPLIES,
  SupplyDetailSchema,
  SupplyFilterSchema,
  SupplyPageQuerySchema,
  SupplyPageSchema,
} from '../../../messages/central-history-api.ts';
import { type SupplyView, UuidSchema } from '../../../messages/entities.ts';
import { supplyView } from '../points/supply-view.ts';
import type { Access } from './access.ts';
import type { ApiParts } from './api-parts.ts';
import { supplyCsv } from './supply-csv.ts';

const DEFAULT_LIMIT = 50;

/** The cursor names the last supply of the page before: what ends or begins meanwhile shifts nothing. */
function cursorOf(supply: SupplyView): string {
  return `${supply.requestedAtMs}_${supply.supplyId}`;
}

function afterOf(cursor: string | undefined): { requestedAtMs: number; supplyId: string } | undefined {
  if (cursor === undefined) return undefined;
  const [requestedAtMs, supplyId] = cursor.split('_') as [string, string];
  return { requestedAtMs: Number(requestedAtMs), supplyId };
}

/** S-API-03, S-CEN-12: what was charged, by whom and where; a login or a token of scope supplies:read (D-15). */
export function addSupplyHistoryRoutes(app: HttpApp, parts: ApiParts, access: Access): void {
  const { database } = parts;
  const tags = ['supplies'];
  const reader = { role: 'viewer', scope: 'supplies:read' } as const;
  /** The figures of a running one are in memory, newer than any row. */
  const viewsOf = (found: readonly PastSupply[]): SupplyView[] => {
    const open = new Map([...parts.picture.supplies()].map(({ readingIndex: _, ...view }) => [view.supplyId, view]));
    return found.map(({ supply, ticketNumber }) => {
      const live = supply.state === 'ENDED' || supply.state === 'DENIED' ? undefined : open.get(supply.supplyId);
      const details = { plugTimeoutMs: parts.plugTimeoutMs, ...(ticketNumber !== undefined && { ticketNumber }) };
      return live ?? supplyView(supply, details);
    });
  };

  app.get(
    '/api/supplies/history',
    {
      schema: { querystring: SupplyPageQuerySchema, response: { 200: SupplyPageSchema, ...problems(401, 403) }, tags },
    },
    async (request) => {
      await access.requireRoleOrScope(request, reader);
      const { cursor, limit = DEFAULT_LIMIT, ...filter } = request.query;
      const after = afterOf(cursor);
      const found = await pastSupplies(database, filter, { ...(after && { after }), limit: limit + 1 });
      const supplies = viewsOf(found.slice(0, limit));
      const last = supplies.at(-1);
      return {
        supplies,
        ...(found.length > limit && last && { nextCursor: cursorOf(last) }),
        ...(after === undefined && { totals: await supplyTotals(database, filter) }),
      };
    },
  );

  app.get(
    '/api/supplies/export',
    {
      schema: { querystring: SupplyFilterSchema, response: { ...fileOf('text/csv'), ...problems(401, 403) }, tags },
      config: { rateLimit: { max: 20, timeWindow: 60_000 } },
    },
    async (request, reply) => {
      await access.requireRoleOrScope(request, reader);
      const found = await pastSupplies(database, request.query, { limit: MAX_EXPORTED_SUPPLIES });
      return reply
        .type('text/csv; charset=utf-8')
        .header('content-disposition', 'attachment; filename="supplies.csv"')
        .header('cache-control', 'no-store')
        .send(supplyCsv(viewsOf(found)));
    },
  );

  app.get(
    '/api/supplies/:supplyId',
    {
      schema: {
        params: Type.Object({ supplyId: UuidSchema }),
        response: { 200: SupplyDetailSchema, ...problems(401, 403, 404) },
        tags,
      },
    },
    async (request) => {
      await access.requireRoleOrScope(request, reader);
      const { supplyId } = request.params;
      const found = await pastSupplies(database, { supplyId }, { limit: 1 });
      const [supply] = viewsOf(found);
      if (!supply) throw new HttpProblem(404, 'NOT_FOUND', { params: { supplyId } });
      return { supply, tickets: await ticketsOfSupply(database, supplyId) };
    },
  );
}
