import type { FastifyRequest } from 'fastify';
import { security } from '../../../io/audit/audit-events.ts';
import { sha256 } from '../../../io/crypto/tokens.ts';
import { signedInBy } from '../../../io/http/operator-session.ts';
import { HttpProblem } from '../../../io/http/problem.ts';
import { findMachineToken } from '../../../io/postgres/operator-logins.ts';
import { OPERATOR_ROLES, type OperatorRole, type TokenScope } from '../../../messages/central-api.ts';
import type { Actor } from '../parts.ts';
import type { ApiParts, Caller } from './api-parts.ts';

/** The operators' cookie; its name says whose it is, since cookies ignore ports. */
export const SESSION_COOKIE = 'ev_central_operator';

const TOKEN = /^[A-Za-z0-9_-]{43}$/;
/** A machine token is looked up once in this time, not at each request; told changes count at once (NOTICES.tokensChanged). */
const MACHINE_CACHE_MS = 30_000;

export type Access = {
  /** Who asks; a bad or expired token is 401, never "anybody". */
  caller(request: FastifyRequest): Promise<Caller>;
  /** An operator of at least this role, or 401/403, audited. */
  requireRole(request: FastifyRequest, role: OperatorRole): Promise<Caller & { kind: 'operator' }>;
  /** An operator of at least this role, or a machine with this scope. */
  requireRoleOrScope(request: FastifyRequest, wanted: { role: OperatorRole; scope: TokenScope }): Promise<Caller>;
  /** Anybody while the panel is public, else a login or a machine that may read. */
  requireReader(request: FastifyRequest): Promise<Caller>;
  /** The browser's address, also behind a web of ours that proves itself. */
  addressOf(request: FastifyRequest): string;
  /** What a limit per browser counts by: one person behind the panel must not bar all others. */
  limitKey(request: FastifyRequest): Promise<string>;
  actor(request: FastifyRequest, caller: Caller): Actor;
  /** A machine token was revoked or replaced: each is looked up anew. */
  forgetMachines(): void;
};

/** Who may do what at Central's API (D-15). */
export function createAccess(parts: ApiParts): Access {
  const machines = new Map<string, { caller: Caller & { kind: 'machine' }; untilMs: number }>();
  let revocations = 0;

  const machineOf = async (token: string): Promise<(Caller & { kind: 'machine' }) | undefined> => {
    if (!TOKEN.test(token)) return undefined;
    const key = sha256(token).toString('base64');
    const known = machines.get(key);
    if (known && known.untilMs > parts.clock.nowMs()) return known.caller;
    machines.delete(key);
    const revocationsBefore = revocations;
    const row = await findMachineToken(parts.database, sha256(token), new Date(parts.clock.nowMs()));
    if (!row) return undefined;
    const caller = { kind: 'machine', name: row.name, scopes: row.scopes } as const;
    // Read before a revocation that was told meanwhile: asked anew the next time.
    if (revocations === revocationsBefore)
      machines.set(key, { caller, untilMs: parts.clock.nowMs() + MACHINE_CACHE_MS });
    return caller;
  };
  const forwarders = new WeakMap<FastifyRequest, string>();

  /** Only the panel's server may name a browser's address: its token proves it. */
  const noteForwarder = async (request: FastifyRequest): Promise<void> => {
    const { 'x-ev-forwarder': forwarder, 'x-forwarded-for': forwarded } = request.headers;
    if (typeof forwarder !== 'string' || typeof forwarded !== 'string') return;
    if ((await machineOf(forwarder))?.scopes.includes('live:operator')) forwarders.set(request, forwarded);
  };

  const access: Access = {
    async limitKey(request) {
      await noteForwarder(request).catch(() => undefined);
      return access.addressOf(request);
    },
    async caller(request) {
      await noteForwarder(request);
      const bearer = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1];
      if (bearer) {
        const machine = await machineOf(bearer);
        if (!machine) throw refused(request, 401, 'BAD_TOKEN');
        return machine;
      }
      const operator = await signedInBy(request.cookies[SESSION_COOKIE], { db: parts.database, clock: parts.clock });
      return operator ? { kind: 'operator', ...operator } : { kind: 'anybody' };
    },
    async requireRole(request, role) {
      const caller = await access.caller(request);
      if (caller.kind !== 'operator') throw refused(request, 401, 'LOGIN_REQUIRED');
      if (OPERATOR_ROLES.indexOf(caller.role) < OPERATOR_ROLES.indexOf(role))
        throw refused(request, 403, 'ROLE_TOO_LOW');
      return caller;
    },
    async requireRoleOrScope(request, { role, scope }) {
      const caller = await access.caller(request);
      if (caller.kind !== 'machine') return access.requireRole(request, role);
      if (!caller.scopes.includes(scope)) throw refused(request, 403, 'SCOPE_MISSING');
      return caller;
    },
    async requireReader(request) {
      if (parts.isPanelPublic) return access.caller(request);
      return access.requireRoleOrScope(request, { role: 'viewer', scope: 'points:read' });
    },
    addressOf: (request) => forwarders.get(request) ?? request.ip,
    forgetMachines() {
      revocations += 1;
      machines.clear();
    },
    actor(request, caller) {
      const entity =
        caller.kind === 'operator'
          ? `operator:${caller.operatorId}`
          : caller.kind === 'machine'
            ? `token:${caller.name}`
            : 'anonymous';
      return { entity, address: access.addressOf(request), correlationId: request.id };
    },
  };
  const refused = (request: FastifyRequest, status: 401 | 403, code: string) => {
    const path = request.url.split('?')[0] ?? '';
    const source = { entity: 'anonymous', address: access.addressOf(request), correlationId: request.id };
    parts.audit.record(security.accessRefused(source, { method: request.method, path, code }));
    return new HttpProblem(status, code);
  };
  return access;
}
