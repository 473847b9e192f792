import { problems } from '../../../io/http/openapi.ts';
import { HttpProblem } from '../../../io/http/problem.ts';
import type { HttpApp } from '../../../io/http/server.ts';
import { liveLeases } from '../../../io/postgres/channel-leases.ts';
import { networkStatistics } from '../../../io/postgres/network-statistics.ts';
import {
  ChannelListSchema,
  LoadSchema,
  type Statistics,
  StatisticsQuerySchema,
  StatisticsSchema,
} from '../../../messages/central-history-api.ts';
import type { Access } from './access.ts';
import type { ApiParts } from './api-parts.ts';

/** One computation serves everybody who asks within this time. */
const KEPT_MS = 60_000;
/** Time zones are many: the oldest answers go first. */
const MAX_KEPT = 24;

type Kept = { untilMs: number; answer: Promise<Statistics> };

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    // What the runtime does not know the database need not be asked about.
    return false;
  }
}

/** Figures for the panel's charts: added up in SQL once a minute, or from memory; never work for each viewer. */
export function addStatisticsRoutes(app: HttpApp, parts: ApiParts, access: Access): void {
  const { database, clock } = parts;
  const tags = ['statistics'];
  const kept = new Map<string, Kept>();
  app.get(
    '/api/statistics',
    {
      schema: {
        querystring: StatisticsQuerySchema,
        response: { 200: StatisticsSchema, ...problems(401, 403) },
        security: [{}],
        tags,
      },
    },
    async (request) => {
      await access.requireReader(request);
      const { range = '24h', timeZone = 'UTC' } = request.query;
      if (!isTimeZone(timeZone)) throw new HttpProblem(400, 'INVALID_REQUEST', { detail: 'timeZone: not known' });
      const key = `${range} ${timeZone}`;
      const nowMs = clock.nowMs();
      const known = kept.get(key);
      if (known && known.untilMs > nowMs) return known.answer;
      const answer = networkStatistics(database, { range, timeZone, nowMs });
      kept.delete(key);
      kept.set(key, { untilMs: nowMs + KEPT_MS, answer });
      answer.catch(() => kept.delete(key));
      for (const oldest of kept.keys()) if (kept.size > MAX_KEPT) kept.delete(oldest);
      return answer;
    },
  );

  app.get(
    '/api/load',
    { schema: { response: { 200: LoadSchema, ...problems(401, 403) }, security: [{}], tags } },
    async (request) => {
      await access.requireReader(request);
      return parts.load.read();
    },
  );

  app.get(
    '/api/channels',
    { schema: { response: { 200: ChannelListSchema, ...problems(401, 403) }, tags } },
    async (request) => {
      await access.requireRole(request, 'viewer');
      return liveLeases(database, clock.nowMs());
    },
  );
}
