import type { NewPoint, Register, Registered } from '../../messages/central-api.ts';
import type { CertificateAuthority } from '../crypto/certificate-authority.ts';
import { CryptoFault } from '../crypto/crypto-fault.ts';
import type { SealedSecrets } from '../crypto/sealed-secrets.ts';
import { isTokenOfHash, newToken, sha256 } from '../crypto/tokens.ts';
import { insertCredential, type LiveCredential, lockCredential, revokeCredentials } from './credentials.ts';
import type { Database, Queries } from './database.ts';
import { createPoint } from './enrolment.ts';
import { NOTICES } from './notices.ts';

/** Why a registration is refused. */
export type RegistrationRefusal = 'BAD_TOKEN' | 'ALREADY_REGISTERED' | 'DETAILS_MISSING' | 'CSR_INVALID';

/** How the caller showed that he may. REPEATED: the same token, before the point's first authentication. */
export type RegistrationProof = 'REPEATED' | 'TOKEN' | 'FLEET_TOKEN' | 'SECRET' | 'ADMIN';

/** What a registration came to. */
export type Registration =
  | { isRegistered: true; answer: Registered; proof: RegistrationProof }
  | { isRegistered: false; code: RegistrationRefusal };

/** What registering needs beside the request; `isAdmin`: an administrator says so (F-51). */
export type RegistrationContext = {
  ca: CertificateAuthority;
  sealed: SealedSecrets;
  nowMs: number;
  isAdmin: boolean;
};

/**
 * Gives a point its secret (once: only its SHA-256 and a sealed copy are kept) and its certificate `cp:CP001`
 * (protocol 2.1; S-REG-04 to 08, R2-16). A lost answer: the same token registers again until the first authentication;
 * after that only the current secret, an admin, or a new token of an admin's replaces it (F-51).
 */
export async function registerPoint(
  db: Database,
  request: Register,
  context: RegistrationContext,
): Promise<Registration> {
  const certificatePem = await signed(request, context);
  if (certificatePem === undefined) return { isRegistered: false, code: 'CSR_INVALID' };
  const secret = newToken();
  const outcome = await db.transaction(async (tx) => {
    const granted = await grant(tx, request, context);
    if (typeof granted === 'string') return granted;
    await revokeCredentials(tx, request.cpId);
    await insertCredential(tx, {
      cpId: request.cpId,
      secret,
      sealed: context.sealed,
      by: `registration:${granted.proof}`,
      tokenSha256: request.token && granted.isTokenKept ? sha256(request.token) : undefined,
    });
    await tx.run('SELECT pg_notify($1, $2)', [NOTICES.pointChanged, request.cpId]);
    // Who proved the secret that his socket came in with may keep it.
    if (granted.proof !== 'SECRET') {
      await tx.run('SELECT pg_notify($1, $2)', [NOTICES.credentialReplaced, request.cpId]);
    }
    return granted;
  });
  if (typeof outcome === 'string') return { isRegistered: false, code: outcome };
  const answer = { cpId: request.cpId, secret, certificatePem, caPem: context.ca.certificatePem };
  return { isRegistered: true, answer, proof: outcome.proof };
}

type Granted = { proof: RegistrationProof; isTokenKept: boolean };

async function grant(
  tx: Queries,
  request: Register,
  context: RegistrationContext,
): Promise<Granted | RegistrationRefusal> {
  const point = await tx.row<{ is_retired: boolean }>(
    `SELECT p.retired_at IS NOT NULL AS is_retired FROM charging_points p JOIN charging_point_facts f USING (cp_id)
     WHERE p.cp_id = $1 FOR UPDATE OF f`,
    [request.cpId],
  );
  const isInService = point !== undefined && !point.is_retired;
  if (!isInService) return grantFleet(tx, request, context);
  const live = await lockCredential(tx, request.cpId);
  if (live && (await isRepeat(tx, request, { live, nowMs: context.nowMs }))) {
    return { proof: 'REPEATED', isTokenKept: true };
  }
  if (await lockToken(tx, request, { isFleet: false, nowMs: context.nowMs })) {
    await spendToken(tx, request);
    return { proof: 'TOKEN', isTokenKept: true };
  }
  if (live && request.currentSecret && isTokenOfHash(request.currentSecret, live.secretSha256)) {
    return { proof: 'SECRET', isTokenKept: false };
  }
  if (context.isAdmin) return { proof: 'ADMIN', isTokenKept: false };
  return live ? 'ALREADY_REGISTERED' : 'BAD_TOKEN';
}

/** An N-use token brings a new point with it; it has no say over one that is there already. */
async function grantFleet(
  tx: Queries,
  request: Register,
  context: RegistrationContext,
): Promise<Granted | RegistrationRefusal> {
  if (!(await lockToken(tx, request, { isFleet: true, nowMs: context.nowMs }))) return 'BAD_TOKEN';
  const point = describedPoint(request);
  if (!point) return 'DETAILS_MISSING';
  if ((await createPoint(tx, point)) === 'EXISTS') return 'ALREADY_REGISTERED';
  await spendToken(tx, request);
  return { proof: 'FLEET_TOKEN', isTokenKept: true };
}

async function isRepeat(
  tx: Queries,
  request: Register,
  known: { live: LiveCredential; nowMs: number },
): Promise<boolean> {
  const { live, nowMs } = known;
  if (!request.token || !live.tokenSha256 || live.isUsed || !isTokenOfHash(request.token, live.tokenSha256)) {
    return false;
  }
  const token = await tx.row('SELECT 1 FROM enrolment_tokens WHERE token_sha256 = $1 AND expires_at > $2', [
    live.tokenSha256,
    new Date(nowMs),
  ]);
  return token !== undefined;
}

/** True, with the token's row locked, if it may still register this point (or, of a fleet, one more point). */
async function lockToken(
  tx: Queries,
  request: Register,
  wanted: { isFleet: boolean; nowMs: number },
): Promise<boolean> {
  if (!request.token) return false;
  const token = await tx.row(
    `SELECT 1 FROM enrolment_tokens WHERE token_sha256 = $1 AND uses_left > 0 AND expires_at > $2
       AND CASE WHEN $3 THEN cp_id IS NULL AND (zone IS NULL OR zone = $5) ELSE cp_id = $4 END FOR UPDATE`,
    [sha256(request.token), new Date(wanted.nowMs), wanted.isFleet, request.cpId, request.zone ?? ''],
  );
  return token !== undefined;
}

async function spendToken(tx: Queries, request: Register): Promise<void> {
  await tx.run('UPDATE enrolment_tokens SET uses_left = uses_left - 1 WHERE token_sha256 = $1', [
    sha256(request.token ?? ''),
  ]);
}

const MIN_POWER_W = 1_000;
const MAX_POWER_W = 1_000_000;

function describedPoint(request: Register): NewPoint | undefined {
  const { cpId, zone, city, country, address, priceE4PerKwh, maxPowerW } = request;
  if (!zone || !city || !country || !address || priceE4PerKwh === undefined || maxPowerW === undefined)
    return undefined;
  if (maxPowerW < MIN_POWER_W || maxPowerW > MAX_POWER_W) return undefined;
  return { cpId, zone, city, country, address, priceE4PerKwh, maxPowerW };
}

async function signed(request: Register, context: RegistrationContext): Promise<string | undefined> {
  try {
    return await context.ca.signRequest(request.csr, { subject: `cp:${request.cpId}` }, context.nowMs);
  } catch (error) {
    if (error instanceof CryptoFault && error.code === 'CSR_INVALID') return undefined;
    throw error;
  }
}
