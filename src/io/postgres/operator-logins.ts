import type { OperatorRole, TokenScope } from '../../messages/central-api.ts';
import type { Queries } from './database.ts';

export type OperatorRow = {
  operatorId: string;
  passwordHash: string;
  role: OperatorRole;
  failedLogins: number;
  lockedUntil: Date | null;
};
export type OperatorSession = { operatorId: string; role: OperatorRole; expiresAt: Date };
export type MachineToken = { name: string; scopes: TokenScope[] };

/** An operator who may log in; undefined for unknown or disabled ones. */
export function findOperator(db: Queries, operatorId: string): Promise<OperatorRow | undefined> {
  return db.row<OperatorRow>(
    `SELECT operator_id AS "operatorId", password_hash AS "passwordHash", role, failed_logins AS "failedLogins", locked_until AS "lockedUntil"
       FROM operators WHERE operator_id = $1 AND disabled_at IS NULL`,
    [operatorId],
  );
}

/** Counts a failure; every `maxFailures`-th in a row locks the account until `lockedUntil`. True when this one locked it. */
export async function countFailedLogin(
  db: Queries,
  operatorId: string,
  limit: { maxFailures: number; lockedUntil: Date },
): Promise<boolean> {
  const row = await db.row<{ isLocked: boolean }>(
    `UPDATE operators SET failed_logins = failed_logins + 1,
            locked_until = CASE WHEN (failed_logins + 1) % $2 = 0 THEN $3 ELSE locked_until END
      WHERE operator_id = $1 RETURNING failed_logins % $2 = 0 AS "isLocked"`,
    [operatorId, limit.maxFailures, limit.lockedUntil],
  );
  return row?.isLocked ?? false;
}

export async function clearFailedLogins(db: Queries, operatorId: string): Promise<void> {
  await db.run('UPDATE operators SET failed_logins = 0, locked_until = NULL WHERE operator_id = $1', [operatorId]);
}

export async function openOperatorSession(
  db: Queries,
  session: { tokenSha256: Buffer; operatorId: string; address: string; expiresAt: Date },
): Promise<void> {
  await db.run('INSERT INTO login_sessions (token_sha256, operator_id, address, expires_at) VALUES ($1, $2, $3, $4)', [
    session.tokenSha256,
    session.operatorId,
    session.address,
    session.expiresAt,
  ]);
}

/** The live login behind a token. */
export function findOperatorSession(db: Queries, tokenSha256: Buffer, now: Date): Promise<OperatorSession | undefined> {
  return db.row<OperatorSession>(
    {
      name: 'find-operator-session',
      text: `SELECT o.operator_id AS "operatorId", o.role, s.expires_at AS "expiresAt"
               FROM login_sessions s JOIN operators o USING (operator_id)
              WHERE s.token_sha256 = $1 AND s.expires_at > $2 AND o.disabled_at IS NULL`,
    },
    [tokenSha256, now],
  );
}

export async function closeSession(db: Queries, tokenSha256: Buffer): Promise<void> {
  await db.run('DELETE FROM login_sessions WHERE token_sha256 = $1', [tokenSha256]);
}

/** The machine behind an API token. */
export function findMachineToken(db: Queries, tokenSha256: Buffer, now: Date): Promise<MachineToken | undefined> {
  return db.row<MachineToken>(
    {
      name: 'find-machine-token',
      text: `UPDATE api_tokens SET last_used_at = $2
              WHERE token_sha256 = $1 AND revoked_at IS NULL AND expires_at > $2 RETURNING name, scopes`,
    },
    [tokenSha256, now],
  );
}
