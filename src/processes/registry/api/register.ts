import { authentication, status } from '../../../io/audit/audit-events.ts';
import { problems } from '../../../io/http/openapi.ts';
import { HttpProblem } from '../../../io/http/problem.ts';
import type { HttpApp } from '../../../io/http/server.ts';
import { type RegistrationRefusal, registerPoint } from '../../../io/postgres/registration.ts';
import { RegisteredSchema, RegisterSchema } from '../../../messages/central-api.ts';
import { callerOf, noteFailure, requireFewFailures, sourceOf } from '../access.ts';
import type { RegistryParts } from '../parts.ts';

const STATUS: Readonly<Record<RegistrationRefusal, number>> = {
  BAD_TOKEN: 403,
  ALREADY_REGISTERED: 409,
  DETAILS_MISSING: 422,
  CSR_INVALID: 400,
};

/** S-API-10: the secret, once, and the certificate, for who brings a token, the present secret or an administrator's word. */
export function addRegisterRoute(app: HttpApp, parts: RegistryParts): void {
  const { db, trust, clock, audit } = parts;
  const schema = {
    body: RegisterSchema,
    response: { 201: RegisteredSchema, ...problems(401, 403, 409, 422) },
    security: [{}],
    tags: ['charging_points'],
  };
  app.post('/api/register', { schema }, async (request, reply) => {
    const { cpId, zone } = request.body;
    requireFewFailures(parts, request, cpId);
    const caller = await callerOf(parts, request);
    const source = sourceOf(request, caller?.name ?? `cp:${cpId}`);
    const outcome = await registerPoint(db, request.body, {
      ca: trust.ca,
      sealed: trust.sealed,
      nowMs: clock.nowMs(),
      isAdmin: caller?.isAdmin ?? false,
    });
    if (!outcome.isRegistered) {
      noteFailure(parts, request, cpId);
      audit.record(authentication.pointRegistrationRefused(source, { cpId, code: outcome.code }));
      throw new HttpProblem(STATUS[outcome.code], outcome.code, { params: { cpId } });
    }
    parts.failures.point.noteSuccess(`${cpId} ${request.ip}`);
    if (outcome.proof === 'FLEET_TOKEN') audit.record(status.pointAdded(source, { cpId, zone: zone ?? '' }));
    audit.record(authentication.pointRegistered(source, { cpId, isRepeated: outcome.proof === 'REPEATED' }));
    return reply.code(201).header('cache-control', 'no-store').send(outcome.answer);
  });
}
