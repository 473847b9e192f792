import type { FastifyRequest } from 'fastify';
import type { AuditSource } from '../../io/audit/audit.ts';
import { security } from '../../io/audit/audit-events.ts';
import { sha256 } from '../../io/crypto/tokens.ts';
import { signedInBy } from '../../io/http/operator-session.ts';
import { HttpProblem } from '../../io/http/problem.ts';
import { findMachineToken, findOperatorSession } from '../../io/postgres/operator-logins.ts';
import type { TokenScope } from '../../messages/central-api.ts';
import type { RegistryParts } from './parts.ts';

/** The cookie of the Registry's page; its name says whose it is, since cookies ignore ports. */
export const SESSION_COOKIE = 'ev_registry_operator';

const TOKEN = /^[A-Za-z0-9_-]{43}$/;

/** Who sends a request: an operator by the page's cookie or by `Authorization: Bearer`, or a machine's token. */
export type Caller = { name: string; isAdmin: boolean; scopes: readonly TokenScope[] };

/** Undefined without cookie and token; a bad token is 401, never "nobody". */
export async function callerOf(parts: RegistryParts, request: FastifyRequest): Promise<Caller | undefined> {
  const bearer = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1];
  if (bearer === undefined) {
    const signedIn = await signedInBy(request.cookies[SESSION_COOKIE], parts);
    return signedIn && { name: `operator:${signedIn.operatorId}`, isAdmin: signedIn.role === 'admin', scopes: [] };
  }
  requireFewFailures(parts, request);
  const now = new Date(parts.clock.nowMs());
  const operator = TOKEN.test(bearer) ? await findOperatorSession(parts.db, sha256(bearer), now) : undefined;
  if (operator) {
    return { name: `operator:${operator.operatorId}`, isAdmin: operator.role === 'admin', scopes: [] };
  }
  const machine = TOKEN.test(bearer) ? await findMachineToken(parts.db, sha256(bearer), now) : undefined;
  if (machine) return { name: `token:${machine.name}`, isAdmin: false, scopes: machine.scopes };
  parts.failures.address.noteFailure(request.ip);
  throw refused(parts, request, { status: 401, code: 'BAD_TOKEN' });
}

/** An administrator, or a machine whose token has this scope; else 401 or 403, audited. */
export async function requireAdmin(parts: RegistryParts, request: FastifyRequest, scope?: TokenScope): Promise<Caller> {
  const caller = await callerOf(parts, request);
  if (!caller) throw refused(parts, request, { status: 401, code: 'LOGIN_REQUIRED' });
  if (caller.isAdmin || (scope !== undefined && caller.scopes.includes(scope))) return caller;
  throw refused(parts, request, {
    status: 403,
    code: caller.name.startsWith('token:') ? 'SCOPE_MISSING' : 'ROLE_TOO_LOW',
  });
}

/** An audited refusal of a request. */
export function refused(
  parts: RegistryParts,
  request: FastifyRequest,
  why: { status: number; code: string; headers?: Record<string, string> },
): HttpProblem {
  const path = request.url.split('?')[0] ?? '';
  parts.audit.record(security.accessRefused(sourceOf(request), { method: request.method, path, code: why.code }));
  return new HttpProblem(why.status, why.code, { headers: why.headers });
}

/** Throws 429 for an address, or a point from that address, with too many failures behind it. */
export function requireFewFailures(parts: RegistryParts, request: FastifyRequest, cpId?: string): void {
  const { address, point } = parts.failures;
  const barredForMs =
    address.barredForMs(request.ip) ?? (cpId ? point.barredForMs(`${cpId} ${request.ip}`) : undefined);
  if (barredForMs === undefined) return;
  const headers = { 'retry-after': String(Math.ceil(barredForMs / 1_000)) };
  throw refused(parts, request, { status: 429, code: 'TOO_MANY_REQUESTS', headers });
}

/** Counts a failed proof. */
export function noteFailure(parts: RegistryParts, request: FastifyRequest, cpId: string): void {
  parts.failures.address.noteFailure(request.ip);
  parts.failures.point.noteFailure(`${cpId} ${request.ip}`);
}

/** For the audit: who, from where. */
export function sourceOf(request: FastifyRequest, entity = 'anonymous'): AuditSource {
  return { entity, address: request.ip, correlationId: request.id };
}
