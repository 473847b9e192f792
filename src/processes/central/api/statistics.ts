import { problems } from '../../../io/http/openapi.ts';
import { HttpProblem } from '../../../io/http/problem.ts';
import type { HttpApp } from '../../../io/http/server.ts';
import { liveLeases } from '../../../io/postgres/channel-leases.ts';
import { networkStatistics } from '../../../io/postgres/network-statistics.ts';
import { networkUtilisation } from '../../../io/postgres/network-utilisation.ts';
import {
  ChannelListSchema,
  LoadSchema,
  type Statistics,
  StatisticsQuerySchema,
  StatisticsSchema,
  type Utilisation,
  UtilisationQuerySchema,
  UtilisationSchema,
} from '../../../messages/central-history-api.ts';
import type { Access } from './access.ts';
import type { ApiParts } from './api-parts.ts';
import { keptAnswers } from './kept-answers.ts';

/** How long an answer serves everybody who asks. */
const STATISTICS_KEPT_MS = 60_000;
const UTILISATION_KEPT_MS = 300_000;
/** Time zones are many. */
const MAX_KEPT = 24;

/** What the runtime does not know the database need not be asked about. */
function refuseUnknownZone(timeZone: string): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
  } catch (error) {
    throw new HttpProblem(400, 'INVALID_REQUEST', { detail: 'timeZone: not known', cause: error });
  }
}

/** Figures for the panel's charts: added up in SQL once in a while, or from memory; never work for each viewer. */
export function addStatisticsRoutes(app: HttpApp, parts: ApiParts, access: Access): void {
  const { database, clock } = parts;
  const tags = ['statistics'];
  const statistics = keptAnswers<Statistics>({ clock, keptMs: STATISTICS_KEPT_MS, most: MAX_KEPT });
  const utilisation = keptAnswers<Utilisation>({ clock, keptMs: UTILISATION_KEPT_MS, most: MAX_KEPT });
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
      refuseUnknownZone(timeZone);
      return statistics(`${range} ${timeZone}`, (nowMs) => networkStatistics(database, { range, timeZone, nowMs }));
    },
  );

  app.get(
    '/api/utilisation',
    {
      schema: {
        querystring: UtilisationQuerySchema,
        response: { 200: UtilisationSchema, ...problems(401, 403) },
        security: [{}],
        tags,
      },
    },
    async (request) => {
      await access.requireReader(request);
      const { timeZone = 'UTC' } = request.query;
      refuseUnknownZone(timeZone);
      return utilisation(timeZone, (nowMs) => networkUtilisation(database, { timeZone, nowMs }));
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
