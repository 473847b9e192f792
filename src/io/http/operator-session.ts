import type { FastifyRequest } from 'fastify';
import { LoginSchema, MeSchema, type OperatorRole } from '../../messages/central-api.ts';
import type { Audit, AuditSource } from '../audit/audit.ts';
import { authentication, security } from '../audit/audit-events.ts';
import type { Clock } from '../clock.ts';
import type { Passwords } from '../crypto/password.ts';
import { newToken, sha256 } from '../crypto/tokens.ts';
import type { Database } from '../postgres/database.ts';
import {
  clearFailedLogins,
  closeSession,
  countFailedLogin,
  findOperator,
  findOperatorSession,
  openOperatorSession,
} from '../postgres/operator-logins.ts';
import { UnknownAccountLocks } from '../unknown-account-locks.ts';
import { noContent, problems } from './openapi.ts';
import { HttpProblem } from './problem.ts';
import type { HttpApp } from './server.ts';

/** An operator whose cookie is a live login. */
export type SignedIn = { operatorId: string; role: OperatorRole; expiresAtMs: number; tokenSha256: Buffer };

export type OperatorSessionParts = {
  db: Database;
  passwords: Passwords;
  clock: Clock;
  audit: Audit;
  cookieName: string;
  /** Who sends a request, if it is an operator by cookie. */
  operatorOf(request: FastifyRequest): Promise<SignedIn | undefined>;
  /** The browser's address, which may not be the last hop's. */
  addressOf(request: FastifyRequest): string;
  /** What the limit of logins counts by. */
  limitKey(request: FastifyRequest): Promise<string>;
  /** Does the browser's own last hop have TLS? */
  hasTls(request: FastifyRequest): boolean;
};

const SESSION_MS = 12 * 60 * 60_000;
const LOCK_MS = 5 * 60_000;
const MAX_FAILURES = 5;
const TOKEN = /^[A-Za-z0-9_-]{43}$/;

/** The live login behind a cookie; undefined: none, or one that has ended. */
export async function signedInBy(
  cookie: string | undefined,
  parts: { db: Database; clock: Clock },
): Promise<SignedIn | undefined> {
  if (!cookie || !TOKEN.test(cookie)) return undefined;
  const tokenSha256 = sha256(cookie);
  const session = await findOperatorSession(parts.db, tokenSha256, new Date(parts.clock.nowMs()));
  if (!session) return undefined;
  const { operatorId, role, expiresAt } = session;
  return { operatorId, role, expiresAtMs: expiresAt.getTime(), tokenSha256 };
}

/** Throws 401 or 429 (locked), audited, unless the password is the operator's. */
async function checkPassword(
  parts: OperatorSessionParts & { unknown: UnknownAccountLocks },
  login: { operatorId: string; password: string },
  source: AuditSource,
): Promise<{ role: OperatorRole }> {
  const { db, audit, clock, passwords } = parts;
  const { operatorId, password } = login;
  const nowMs = clock.nowMs();
  const operator = await findOperator(db, operatorId);
  const lockedForMs = operator
    ? (operator.lockedUntil?.getTime() ?? 0) - nowMs
    : parts.unknown.lockedForMs(operatorId, nowMs);
  if (lockedForMs > 0) {
    const retryAfterS = Math.ceil(lockedForMs / 1_000);
    audit.record(authentication.loginRefused(source, { user: operatorId, code: 'LOCKED' }));
    throw new HttpProblem(429, 'LOCKED', { params: { retryAfterS }, headers: { 'retry-after': String(retryAfterS) } });
  }
  const verdict = await passwords.verify(password, operator?.passwordHash);
  if (operator && verdict.isValid) return operator;
  audit.record(authentication.loginRefused(source, { user: operatorId, code: 'BAD_CREDENTIALS' }));
  if (!operator) parts.unknown.noteFailure(operatorId, nowMs);
  const lockedUntil = new Date(nowMs + LOCK_MS);
  if (operator && (await countFailedLogin(db, operatorId, { maxFailures: MAX_FAILURES, lockedUntil })))
    audit.record(security.accountLocked(source, { user: operatorId, untilMs: lockedUntil.getTime() }));
  throw new HttpProblem(401, 'BAD_CREDENTIALS');
}

function addLoginRoute(app: HttpApp, parts: OperatorSessionParts): void {
  const { db, audit, clock } = parts;
  const checking = { ...parts, unknown: new UnknownAccountLocks({ maxFailures: MAX_FAILURES, lockMs: LOCK_MS }) };
  const rateLimit = { max: 30, timeWindow: 60_000, keyGenerator: (request: FastifyRequest) => parts.limitKey(request) };
  const response = { 200: MeSchema, ...problems(401) };
  const schema = { body: LoginSchema, response, security: [], tags: ['session'] };
  app.post('/api/login', { schema, config: { rateLimit } }, async (request, reply) => {
    const before = await parts.operatorOf(request).catch(() => undefined);
    const { operatorId } = request.body;
    const address = parts.addressOf(request);
    const source = { entity: `operator:${operatorId}`, address, correlationId: request.id };
    const { role } = await checkPassword(checking, request.body, source);
    await clearFailedLogins(db, operatorId);
    if (before) await closeSession(db, before.tokenSha256);
    const token = newToken();
    const expiresAt = new Date(clock.nowMs() + SESSION_MS);
    await openOperatorSession(db, { tokenSha256: sha256(token), operatorId, address, expiresAt });
    audit.record(authentication.loginAccepted(source, { user: operatorId, role }));
    void reply.setCookie(parts.cookieName, token, {
      httpOnly: true,
      sameSite: 'strict',
      secure: parts.hasTls(request),
      path: '/',
      expires: expiresAt,
    });
    return { operatorId, role, expiresAtMs: expiresAt.getTime() };
  });
}

/** Login, logout and "who am I" of operators (D-14, D-15): argon2id, lock-out, a cookie that no script can read. */
export function addOperatorSessionRoutes(app: HttpApp, parts: OperatorSessionParts): void {
  addLoginRoute(app, parts);
  app.post(
    '/api/logout',
    { schema: { response: { ...noContent(), ...problems(401) }, security: [{}], tags: ['session'] } },
    async (request, reply) => {
      const operator = await parts.operatorOf(request);
      if (operator) {
        await closeSession(parts.db, operator.tokenSha256);
        const entity = `operator:${operator.operatorId}`;
        const source = { entity, address: parts.addressOf(request), correlationId: request.id };
        parts.audit.record(authentication.loggedOut(source, { user: operator.operatorId }));
      }
      return reply.clearCookie(parts.cookieName, { path: '/' }).code(204).send();
    },
  );
  app.get(
    '/api/me',
    { schema: { response: { 200: MeSchema, ...problems(401) }, tags: ['session'] } },
    async (request) => {
      const operator = await parts.operatorOf(request);
      if (!operator) throw new HttpProblem(401, 'LOGIN_REQUIRED');
      const { operatorId, role, expiresAtMs } = operator;
      return { operatorId, role, expiresAtMs };
    },
  );
}
