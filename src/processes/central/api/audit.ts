import { Readable } from 'node:stream';
import { security } from '../../../io/audit/audit-events.ts';
import { fileOf, problems } from '../../../io/http/openapi.ts';
import { HttpProblem } from '../../../io/http/problem.ts';
import type { HttpApp } from '../../../io/http/server.ts';
import {
  type AuditPosition,
  countAuditEvents,
  findAuditEvents,
  findNewAuditEvents,
  isAddressOrNetwork,
  newestAuditId,
} from '../../../io/postgres/audit-search.ts';
import {
  AuditExportQuerySchema,
  type AuditFilter,
  type AuditFormat,
  AuditPageQuerySchema,
  AuditPageSchema,
  MAX_EXPORTED_EVENTS,
} from '../../../messages/audit-api.ts';
import type { Access } from './access.ts';
import type { ApiParts } from './api-parts.ts';
import { auditHead, auditLines } from './audit-lines.ts';

const DEFAULT_LIMIT = 100;
const EXPORT_STEP = 1_000;
const MAX_EXPORTS_AT_ONCE = 2;
const MEDIA_TYPES = { csv: 'text/csv; charset=utf-8', jsonl: 'application/x-ndjson' } as const;

/** A cursor names the last event of the page before: what is written meanwhile shifts nothing. */
function positionOf(cursor: string | undefined): AuditPosition | undefined {
  if (cursor === undefined) return undefined;
  const [atMs, auditId] = cursor.split('_').map(Number) as [number, number];
  return { atMs, auditId };
}

function requireKnownAddress(filter: AuditFilter): void {
  if (filter.address !== undefined && !isAddressOrNetwork(filter.address))
    throw new HttpProblem(400, 'INVALID_REQUEST', { detail: 'address: neither an address nor a network' });
}

/** S-AUD-12, R2-28: who did what, when and from where; a login of any role or a token of scope audit:read (D-15). */
export function addAuditRoutes(app: HttpApp, parts: ApiParts, access: Access): void {
  const { database, clock, audit } = parts;
  const reader = { role: 'viewer', scope: 'audit:read' } as const;
  const tags = ['audit'];
  let exportCount = 0;

  app.get(
    '/api/audit',
    { schema: { querystring: AuditPageQuerySchema, response: { 200: AuditPageSchema, ...problems(401, 403) }, tags } },
    async (request) => {
      await access.requireRoleOrScope(request, reader);
      const { cursor, afterId, limit = DEFAULT_LIMIT, ...filter } = request.query;
      requireKnownAddress(filter);
      const newestId = await newestAuditId(database);
      if (afterId !== undefined)
        return {
          events: await findNewAuditEvents(database, filter, { afterId, nowMs: clock.nowMs(), limit }),
          newestId,
        };
      const after = positionOf(cursor);
      const found = await findAuditEvents(database, filter, { ...(after && { after }), limit: limit + 1 });
      const events = found.slice(0, limit);
      const last = events.at(-1);
      return {
        events,
        newestId,
        ...(found.length > limit && last && { nextCursor: `${last.atMs}_${last.auditId}` }),
        ...(after === undefined && { total: await countAuditEvents(database, filter) }),
      };
    },
  );

  app.get(
    '/api/audit/export',
    {
      schema: {
        querystring: AuditExportQuerySchema,
        response: { ...fileOf('text/csv', 'application/x-ndjson'), ...problems(401, 403) },
        tags,
      },
      config: { rateLimit: { max: 20, timeWindow: 60_000 } },
    },
    async (request, reply) => {
      const caller = await access.requireRoleOrScope(request, reader);
      const { format = 'csv', ...filter } = request.query;
      requireKnownAddress(filter);
      if (exportCount >= MAX_EXPORTS_AT_ONCE)
        throw new HttpProblem(429, 'TOO_MANY_REQUESTS', { headers: { 'retry-after': '10' } });
      exportCount += 1;
      audit.record(security.auditExported(access.actor(request, caller), { format, filter }));
      const lines = Readable.from(exportedLines(parts, filter, format)).once('close', () => {
        exportCount -= 1;
      });
      return reply
        .type(MEDIA_TYPES[format])
        .header('content-disposition', `attachment; filename="audit.${format}"`)
        .header('cache-control', 'no-store')
        .send(lines);
    },
  );
}

/** Step by step, each its own short query: whoever reads slowly keeps no transaction open. */
async function* exportedLines(parts: ApiParts, filter: AuditFilter, format: AuditFormat): AsyncGenerator<string> {
  yield auditHead(format);
  let after: AuditPosition | undefined;
  for (let given = 0; given < MAX_EXPORTED_EVENTS; given += EXPORT_STEP) {
    const events = await findAuditEvents(parts.database, filter, { ...(after && { after }), limit: EXPORT_STEP });
    if (events.length > 0) yield auditLines(format, events);
    after = events.at(-1);
    if (events.length < EXPORT_STEP) return;
  }
}
