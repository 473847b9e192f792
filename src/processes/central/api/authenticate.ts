import { problems } from '../../../io/http/openapi.ts';
import { HttpProblem } from '../../../io/http/problem.ts';
import type { HttpApp } from '../../../io/http/server.ts';
import { AuthenticatedSchema, AuthenticateSchema } from '../../../messages/central-api.ts';
import type { Access } from './access.ts';
import type { ApiParts } from './api-parts.ts';

const STATUS: Readonly<Record<string, number>> = {
  BAD_CREDENTIALS: 401,
  RETIRED: 401,
  TOO_MANY_REQUESTS: 429,
  KEY_REVOKED: 403,
  NO_KEY: 409,
  SERVICE_UNAVAILABLE: 503,
};

/** S-API-09: the REST twin of the Monitor's `authenticate`; grants no socket and never replaces a key. */
export function addAuthenticateRoute(app: HttpApp, parts: ApiParts, access: Access): void {
  app.post(
    '/api/authenticate',
    {
      schema: {
        body: AuthenticateSchema,
        response: { 200: AuthenticatedSchema, ...problems(401, 403, 409) },
        security: [],
        tags: ['charging_points'],
      },
      config: { rateLimit: { max: 60, timeWindow: 60_000 } },
    },
    async (request, reply) => {
      const { cpId, secret } = request.body;
      const actor = { entity: `cp:${cpId}`, address: access.addressOf(request), correlationId: request.id };
      const answer = await parts.keys.authenticate({ cpId, secret }, actor);
      if ('refusal' in answer) throw new HttpProblem(STATUS[answer.refusal] ?? 401, answer.refusal);
      return reply.header('cache-control', 'no-store').send({ cpId, ...answer });
    },
  );
}
