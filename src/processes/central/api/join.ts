import type { FastifyRequest } from 'fastify';
import { administration } from '../../../io/audit/admin-events.ts';
import { CryptoFault } from '../../../io/crypto/crypto-fault.ts';
import { createFailureLimit } from '../../../io/failure-limit.ts';
import { fileOf, problems } from '../../../io/http/openapi.ts';
import { HttpProblem } from '../../../io/http/problem.ts';
import type { HttpApp } from '../../../io/http/server.ts';
import { admitHost, signHostCertificate } from '../../../io/postgres/join-hosts.ts';
import { isSameAddress, plainAddress } from '../../../io/sockets/ip-address.ts';
import { namesOfAddress } from '../../../io/sockets/names-of-address.ts';
import type { TokenScope } from '../../../messages/central-api.ts';
import {
  AUTHORITY_PATH,
  HostCertificateRequestSchema,
  HostCertificateSchema,
  isTrustedKind,
  JoinedSchema,
  JoinSchema,
  NETWORK_PATH,
  NetworkAddressesSchema,
} from '../../../messages/join-api.ts';
import type { Access } from './access.ts';
import type { ApiParts, Caller } from './api-parts.ts';

const PEM = 'application/x-pem-file';
const MAX_FAILURES = 10;
const WINDOW_MS = 60_000;

/** The door for other computers (protocol 1, R2-70): the authority's certificate for anybody, credentials for a join code. */
export function addJoinRoutes(app: HttpApp, parts: ApiParts, access: Access): void {
  const { database, trust, clock, audit } = parts;
  const failures = createFailureLimit({ maxFailures: MAX_FAILURES, windowMs: WINDOW_MS, clock });
  const tags = ['join'];

  /** A machine with this scope that speaks for itself; failures bar its address for a minute. */
  async function requireMachine(request: FastifyRequest, scope: TokenScope): Promise<Machine> {
    const barredForMs = failures.barredForMs(request.ip);
    if (barredForMs !== undefined) {
      const headers = { 'retry-after': String(Math.ceil(barredForMs / 1_000)) };
      throw new HttpProblem(429, 'TOO_MANY_REQUESTS', { headers });
    }
    try {
      // Behind the panel's server the address would be the server's, and so would the certificate.
      if (request.headers['x-ev-forwarder'] !== undefined) throw new HttpProblem(403, 'JOIN_DIRECTLY');
      const caller = await access.caller(request);
      if (caller.kind !== 'machine') throw new HttpProblem(401, 'LOGIN_REQUIRED');
      if (!caller.scopes.includes(scope)) throw new HttpProblem(403, 'SCOPE_MISSING');
      return caller;
    } catch (error) {
      if (error instanceof HttpProblem) {
        failures.noteFailure(request.ip);
        audit.record(administration.joinRefused(access.actor(request, { kind: 'anybody' }), { code: error.code }));
      }
      throw error;
    }
  }

  /** The master key is for the computers that an administrator named: whoever else has got hold of their code gets nothing. */
  async function requireGuest(request: FastifyRequest, { address, guests }: { address: string; guests: string[] }) {
    const isNamed = guests.some((guest) => isSameAddress(guest, address));
    if (isNamed || (await namesOfAddress(address, guests)).length > 0) return;
    failures.noteFailure(request.ip);
    const code = 'COMPUTER_NOT_NAMED';
    audit.record(administration.joinRefused(access.actor(request, { kind: 'anybody' }), { code }));
    throw new HttpProblem(403, code, { detail: `it comes from ${address}` });
  }

  async function placeOf(request: FastifyRequest, names: readonly string[]) {
    const address = plainAddress(request.ip) ?? request.ip;
    return { address, names: await namesOfAddress(address, names) };
  }

  const authority = { security: [{}], response: fileOf(PEM), tags };
  app.get(AUTHORITY_PATH, { schema: authority }, (_request, reply) => reply.type(PEM).send(trust.ca.certificatePem));

  app.get(
    NETWORK_PATH,
    { schema: { response: { 200: NetworkAddressesSchema, ...problems(401, 403, 429) }, tags } },
    async (request) => {
      await requireMachine(request, 'host:renew');
      return parts.joining.addresses();
    },
  );

  const joining = { body: JoinSchema, response: { 201: JoinedSchema, ...problems(400, 401, 403, 409, 429) }, tags };
  app.post('/api/join', { schema: joining }, async (request, reply) => {
    const { kind, names } = request.body;
    const caller = await requireMachine(request, `join:${kind}`);
    const where = await placeOf(request, names);
    const heart = isTrustedKind(kind) ? parts.joining.heartFor(kind) : undefined;
    if (isTrustedKind(kind)) {
      if (heart === undefined) throw new HttpProblem(409, 'DATABASE_NOT_SHARED');
      await requireGuest(request, { address: where.address, guests: parts.joining.guests(kind) });
    }
    const host = { ...where, kind, heart, csr: request.body.csr, codeName: caller.name, nowMs: clock.nowMs() };
    const joined = await admitHost({ db: database, trust }, host).catch(refuseBadRequest);
    // Used up by another computer, faster than this Central heard of it.
    if (joined === undefined) throw new HttpProblem(401, 'BAD_TOKEN');
    audit.record(administration.hostJoined(access.actor(request, caller), { kind, ...where, name: joined.hostName }));
    return reply.code(201).header('cache-control', 'no-store').send(joined.answer);
  });

  const renewing = {
    body: HostCertificateRequestSchema,
    response: { 200: HostCertificateSchema, ...problems(400, 401, 403, 429) },
    tags,
  };
  app.post('/api/join/certificate', { schema: renewing }, async (request) => {
    const caller = await requireMachine(request, 'host:renew');
    const where = await placeOf(request, request.body.names);
    const certificatePem = await signHostCertificate(trust, {
      ...{ ...where, subject: caller.name, csr: request.body.csr, nowMs: clock.nowMs() },
    }).catch(refuseBadRequest);
    audit.record(administration.hostCertificateIssued(access.actor(request, caller), where));
    return { certificatePem, ...where };
  });
}

function refuseBadRequest(error: unknown): never {
  if (error instanceof CryptoFault && error.code === 'CSR_INVALID') throw new HttpProblem(400, error.code);
  throw error;
}

type Machine = Caller & { kind: 'machine' };
