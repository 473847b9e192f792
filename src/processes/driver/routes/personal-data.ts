import { problems } from '../../../io/http/openapi.ts';
import { HttpProblem } from '../../../io/http/problem.ts';
import type { HttpApp } from '../../../io/http/server.ts';
import { OwnPersonalDataSchema } from '../../../messages/local-apis.ts';
import { requireUser, type SessionParts } from './session-cookie.ts';
import { newestTickets } from './tickets.ts';

/** GDPR: what is kept of the person who asks, as a file; the audit's part is an administrator's to give (Central's API). */
export function addPersonalDataRoute(app: HttpApp, parts: SessionParts): void {
  const schema = { response: { 200: OwnPersonalDataSchema, ...problems(401, 502) }, tags: ['session'] };
  const config = { rateLimit: { max: 10, timeWindow: 60_000 } };
  app.get('/api/me/personal-data', { schema, config }, async (request, reply) => {
    const { user, token } = await requireUser(request, parts);
    const answer = await parts.link.ask('personal-data-wanted', { sessionToken: token, address: request.ip });
    if (answer.type === 'session-refused') throw new HttpProblem(401, 'NOT_LOGGED_IN');
    if (answer.type !== 'personal-data-answered') throw new HttpProblem(502, 'UNEXPECTED_ANSWER');
    const { tickets, hasMore } = await newestTickets(parts, token);
    return reply
      .header('content-disposition', `attachment; filename="${user.driverId}.json"`)
      .header('cache-control', 'private, no-store')
      .send({ ...answer.body, tickets, hasMoreTickets: hasMore });
  });
}
