import { authentication } from '../../../io/audit/audit-events.ts';
import { isTokenOfHash } from '../../../io/crypto/tokens.ts';
import { noContent, problems } from '../../../io/http/openapi.ts';
import { HttpProblem } from '../../../io/http/problem.ts';
import type { HttpApp } from '../../../io/http/server.ts';
import { lockCredential } from '../../../io/postgres/credentials.ts';
import type { Queries } from '../../../io/postgres/database.ts';
import { retirePoint } from '../../../io/postgres/retirement.ts';
import { UnregisterSchema } from '../../../messages/central-api.ts';
import { callerOf, noteFailure, refused, requireFewFailures, sourceOf } from '../access.ts';
import type { RegistryParts } from '../parts.ts';

const NOBODY_SHA256 = Buffer.alloc(32);

/** S-API-11: proof by the present secret, or an administrator; 409 while a supply is open. */
export function addUnregisterRoute(app: HttpApp, parts: RegistryParts): void {
  const response = { ...noContent(), ...problems(401, 404, 409) };
  const schema = { body: UnregisterSchema, response, security: [{}], tags: ['charging_points'] };
  app.delete('/api/unregister', { schema }, async (request, reply) => {
    const { cpId, secret } = request.body;
    requireFewFailures(parts, request, cpId);
    const caller = await callerOf(parts, request);
    const source = sourceOf(request, caller?.name ?? `cp:${cpId}`);
    const isAdmin = caller?.isAdmin ?? false;
    const outcome = await parts.db.transaction(async (tx) => {
      if (!isAdmin && !(await isProven(tx, cpId, secret))) return 'BAD_CREDENTIALS';
      const retired = await retirePoint(tx, { cpId, by: source.entity });
      return retired.isRetired ? 'RETIRED' : retired.code;
    });
    switch (outcome) {
      case 'RETIRED':
        parts.audit.record(authentication.pointUnregistered(source, { cpId }));
        parts.onChanged();
        return reply.code(204).send();
      case 'SUPPLY_OPEN':
        throw new HttpProblem(409, outcome, { params: { cpId } });
      case 'CP_UNKNOWN':
        throw new HttpProblem(404, outcome, { params: { cpId } });
      case 'BAD_CREDENTIALS':
        noteFailure(parts, request, cpId);
        throw refused(parts, request, { status: 401, code: outcome });
      default:
        return outcome satisfies never;
    }
  });
}

async function isProven(tx: Queries, cpId: string, secret: string | undefined): Promise<boolean> {
  // The facts row first, as everywhere: two orders of locking would meet in a deadlock.
  await tx.run('SELECT 1 FROM charging_point_facts WHERE cp_id = $1 FOR UPDATE', [cpId]);
  const live = await lockCredential(tx, cpId);
  return isTokenOfHash(secret ?? '', live?.secretSha256 ?? NOBODY_SHA256) && live !== undefined;
}
