import type { Audit } from '../../../io/audit/audit.ts';
import { authentication, security } from '../../../io/audit/audit-events.ts';
import type { Clock } from '../../../io/clock.ts';
import { isTokenOfHash } from '../../../io/crypto/tokens.ts';
import { createFailureLimit } from '../../../io/failure-limit.ts';
import { findPointLogin, noteFirstUse, type PointLogin } from '../../../io/postgres/credentials.ts';
import type { Database } from '../../../io/postgres/database.ts';
import type { Actor } from '../parts.ts';

/** Why a point is not let in. */
export type LoginRefusal = { code: 'BAD_CREDENTIALS' | 'RETIRED' | 'TOO_MANY_REQUESTS'; retryAfterMs?: number };
export type PointLoginOutcome = { login: PointLogin } | { refusal: LoginRefusal };

/** The one check of a point's secret, for the socket and for `POST /api/authenticate` alike (protocol 2.2). */
export type PointAuthentication = (
  credentials: { cpId: string; secret: string },
  actor: Actor,
) => Promise<PointLoginOutcome>;

const WINDOW_MS = 60_000;
/** One point from one address; and all points behind one address, where a whole fleet may live. */
const MAX_FAILURES = { point: 10, address: 200 } as const;
const NOBODY_SHA256 = Buffer.alloc(32);

/** Secrets are compared in constant time, unknown ids cost the same; limits count failures only. */
export function createPointAuthentication(parts: {
  db: Database;
  replicaId: string;
  clock: Clock;
  audit: Audit;
}): PointAuthentication {
  const { db, replicaId, clock, audit } = parts;
  const byPoint = createFailureLimit({ maxFailures: MAX_FAILURES.point, windowMs: WINDOW_MS, clock });
  const byAddress = createFailureLimit({ maxFailures: MAX_FAILURES.address, windowMs: WINDOW_MS, clock });
  return async ({ cpId, secret }, actor) => {
    const address = actor.address ?? '';
    const place = `${cpId} ${address}`;
    const barredForMs = byPoint.barredForMs(place) ?? byAddress.barredForMs(address);
    if (barredForMs !== undefined) {
      audit.record(security.rateLimited(actor, { what: 'failed authentications' }));
      return { refusal: { code: 'TOO_MANY_REQUESTS', retryAfterMs: barredForMs } };
    }
    const login = await findPointLogin(db, { cpId, replicaId });
    const isSecretRight = isTokenOfHash(secret, login?.secretSha256 ?? NOBODY_SHA256);
    const code = refusalOf(login, isSecretRight);
    if (code === undefined && login) {
      byPoint.noteSuccess(place);
      if (!login.isUsed) await noteFirstUse(db, login.credentialId);
      return { login };
    }
    byPoint.noteFailure(place);
    byAddress.noteFailure(address);
    audit.record(
      login
        ? authentication.pointAuthenticationRefused(actor, { cpId, code: code ?? 'BAD_CREDENTIALS' })
        : security.connectionRefused(actor, { where: 'Central', cause: `${cpId} is not registered` }),
    );
    return { refusal: { code: code ?? 'BAD_CREDENTIALS' } };
  };
}

function refusalOf(login: PointLogin | undefined, isSecretRight: boolean): LoginRefusal['code'] | undefined {
  if (!login || !isSecretRight) return 'BAD_CREDENTIALS';
  if (login.isRetired) return 'RETIRED';
  return login.isRevoked ? 'BAD_CREDENTIALS' : undefined;
}
