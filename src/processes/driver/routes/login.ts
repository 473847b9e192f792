import { noContent, problems } from '../../../io/http/openapi.ts';
import { HttpProblem } from '../../../io/http/problem.ts';
import type { HttpApp } from '../../../io/http/server.ts';
import type { TicketView } from '../../../messages/entities.ts';
import {
  DriverLoginSchema,
  DriverRegisteredSchema,
  DriverRegisterSchema,
  DriverSessionSchema,
  DriverStateAnswerSchema,
} from '../../../messages/local-apis.ts';
import type { FromCentral } from '../central-link.ts';
import { admitUser, isSessionToken, requireUser, type SessionParts, setSessionCookie } from './session-cookie.ts';

/** Attempts a minute and address, before Central's own lock-out per account. */
const ATTEMPTS = { rateLimit: { max: 30, timeWindow: 60_000 } };

const STATUS: Readonly<Record<string, number>> = {
  BAD_CREDENTIALS: 401,
  LOCKED: 429,
  TOO_MANY_REQUESTS: 429,
  DRIVER_EXISTS: 409,
  EMAIL_EXISTS: 409,
};

function refused(answer: FromCentral): HttpProblem {
  if (answer.type !== 'login-refused' && answer.type !== 'registration-refused')
    return new HttpProblem(502, 'UNEXPECTED_ANSWER');
  const { code, retryAfterMs } = answer.body;
  const seconds = retryAfterMs === undefined ? undefined : Math.ceil(retryAfterMs / 1_000);
  return new HttpProblem(
    STATUS[code] ?? 503,
    code,
    seconds === undefined ? {} : { params: { retryAfterS: seconds }, headers: { 'retry-after': String(seconds) } },
  );
}

/** Login, registration, logout, and who am I (S-DRV-02, S-DRV-03, S-DRV-15): checked by Central over Kafka. */
export function addLoginRoutes(app: HttpApp, parts: SessionParts): void {
  app.post(
    '/api/login',
    {
      schema: {
        body: DriverLoginSchema,
        response: { 200: DriverSessionSchema, ...problems(401, 502) },
        security: [],
        tags: ['session'],
      },
      config: ATTEMPTS,
    },
    async (request, reply) => {
      const { driverId, password } = request.body;
      const answer = await parts.link.ask('login', { driverId, password, address: request.ip });
      if (answer.type !== 'login-accepted') throw refused(answer);
      const { sessionToken, expiresAtMs, state } = answer.body;
      admitUser(sessionToken, { expiresAtMs, state }, parts);
      setSessionCookie(reply, parts, { token: sessionToken, expiresAtMs });
      return { driverId: state.driverId, expiresAtMs };
    },
  );

  app.post(
    '/api/register',
    {
      schema: {
        body: DriverRegisterSchema,
        response: { 201: DriverRegisteredSchema, ...problems(409, 502) },
        tags: ['session'],
      },
      config: ATTEMPTS,
    },
    async (request, reply) => {
      const answer = await parts.link.ask('register-driver', { ...request.body, address: request.ip });
      if (answer.type !== 'driver-registered') throw refused(answer);
      return reply.code(201).send({ driverId: answer.body.driverId });
    },
  );

  app.post('/api/logout', { schema: { response: noContent(), tags: ['session'] } }, async (request, reply) => {
    const token = request.cookies[parts.cookieName];
    void reply.clearCookie(parts.cookieName, { path: '/' });
    if (isSessionToken(token)) {
      // Also one that this process does not know, after a restart: a logout that Central never heard of would leave it good.
      await parts.link.tell('logout', { sessionToken: token, address: request.ip });
      parts.users.signOut(token);
    }
    return reply.code(204).send();
  });

  app.get(
    '/api/me',
    { schema: { response: { 200: DriverSessionSchema, ...problems(401) }, tags: ['session'] } },
    async (request) => {
      const { user, token } = await requireUser(request, parts);
      return { driverId: user.driverId, expiresAtMs: user.tokens.get(token) ?? 0 };
    },
  );

  app.get(
    '/api/me/state',
    { schema: { response: { 200: DriverStateAnswerSchema, ...problems(401) }, tags: ['session'] } },
    async (request) => {
      const { user } = await requireUser(request, parts);
      return { ...user.me, tickets: Object.values(user.feed.snapshot().collections.tickets ?? {}) as TicketView[] };
    },
  );
}
