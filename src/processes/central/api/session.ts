import { authentication, security } from '../../../io/audit/audit-events.ts';
import { newToken, sha256 } from '../../../io/crypto/tokens.ts';
import { HttpProblem } from '../../../io/http/problem.ts';
import type { HttpApp } from '../../../io/http/server.ts';
import {
  clearFailedLogins,
  closeSession,
  countFailedLogin,
  findOperator,
  openOperatorSession,
} from '../../../io/postgres/operator-logins.ts';
import { LoginSchema, MeSchema } from '../../../messages/central-api.ts';
import { type Access, SESSION_COOKIE } from './access.ts';
import type { ApiParts } from './api-parts.ts';

const SESSION_MS = 12 * 60 * 60_000;
const LOCK_MS = 5 * 60_000;
const MAX_FAILURES = 5;

/** Login, logout and "who am I" of operators (D-14, D-15): argon2id, lock-out, a cookie that no script can read. */
export function addSessionRoutes(app: HttpApp, parts: ApiParts, access: Access): void {
  const { database, clock, audit, passwords } = parts;

  app.post(
    '/api/login',
    {
      schema: { body: LoginSchema, tags: ['session'] },
      config: { rateLimit: { max: 30, timeWindow: 60_000, keyGenerator: (request) => access.limitKey(request) } },
    },
    async (request, reply) => {
      const caller = await access.caller(request).catch(() => undefined);
      const { operatorId, password } = request.body;
      const source = {
        entity: `operator:${operatorId}`,
        address: access.addressOf(request),
        correlationId: request.id,
      };
      const nowMs = clock.nowMs();
      const operator = await findOperator(database, operatorId);
      if (operator?.lockedUntil && operator.lockedUntil.getTime() > nowMs) {
        const retryAfterS = Math.ceil((operator.lockedUntil.getTime() - nowMs) / 1_000);
        audit.record(authentication.loginRefused(source, { user: operatorId, code: 'LOCKED' }));
        throw new HttpProblem(429, 'LOCKED', {
          params: { retryAfterS },
          headers: { 'retry-after': String(retryAfterS) },
        });
      }
      const verdict = await passwords.verify(password, operator?.passwordHash);
      if (!operator || !verdict.isValid) {
        audit.record(authentication.loginRefused(source, { user: operatorId, code: 'BAD_CREDENTIALS' }));
        const lockedUntil = new Date(nowMs + LOCK_MS);
        if (operator && (await countFailedLogin(database, operatorId, { maxFailures: MAX_FAILURES, lockedUntil })))
          audit.record(security.accountLocked(source, { user: operatorId, untilMs: lockedUntil.getTime() }));
        throw new HttpProblem(401, 'BAD_CREDENTIALS');
      }
      await clearFailedLogins(database, operatorId);
      if (caller?.kind === 'operator') await closeSession(database, caller.tokenSha256);
      const token = newToken();
      const expiresAt = new Date(nowMs + SESSION_MS);
      await openOperatorSession(database, {
        tokenSha256: sha256(token),
        operatorId,
        address: source.address,
        expiresAt,
      });
      audit.record(authentication.loginAccepted(source, { user: operatorId, role: operator.role }));
      void reply.setCookie(SESSION_COOKIE, token, {
        httpOnly: true,
        sameSite: 'strict',
        // Behind the panel on loopback the browser's last hop may be plain HTTP; everywhere else it is TLS.
        secure: request.headers['x-ev-forwarder'] === undefined,
        path: '/',
        expires: expiresAt,
      });
      return { operatorId, role: operator.role, expiresAtMs: expiresAt.getTime() };
    },
  );

  app.post('/api/logout', { schema: { tags: ['session'] } }, async (request, reply) => {
    const caller = await access.caller(request);
    if (caller.kind === 'operator') {
      await closeSession(database, caller.tokenSha256);
      audit.record(authentication.loggedOut(access.actor(request, caller), { user: caller.operatorId }));
    }
    return reply.clearCookie(SESSION_COOKIE, { path: '/' }).code(204).send();
  });

  app.get('/api/me', { schema: { response: { 200: MeSchema }, tags: ['session'] } }, async (request) => {
    const caller = await access.caller(request);
    if (caller.kind !== 'operator') throw new HttpProblem(401, 'LOGIN_REQUIRED');
    const { operatorId, role, expiresAtMs } = caller;
    return { operatorId, role, expiresAtMs };
  });
}
