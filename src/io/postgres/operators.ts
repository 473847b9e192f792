import type { OperatorRole } from '../../messages/central-api.ts';
import { newToken, sha256 } from '../crypto/tokens.ts';
import type { Queries } from './database.ts';

/** A person who runs the network, as a login needs it. */
export type OperatorAccount = {
  operatorId: string;
  passwordHash: string;
  role: OperatorRole;
  lockedUntilMs: number | undefined;
};

/** A login of an operator, found by its cookie. */
export type OperatorSession = { operatorId: string; role: OperatorRole; expiresAtMs: number };

type AccountRow = { operator_id: string; password_hash: string; role: OperatorRole; locked_until: Date | null };

/** Undefined: unknown or disabled. */
export async function findOperator(db: Queries, operatorId: string): Promise<OperatorAccount | undefined> {
  const row = await db.row<AccountRow>(
    'SELECT operator_id, password_hash, role, locked_until FROM operators WHERE operator_id = $1 AND disabled_at IS NULL',
    [operatorId],
  );
  if (!row) return undefined;
  return {
    operatorId: row.operator_id,
    passwordHash: row.password_hash,
    role: row.role,
    lockedUntilMs: row.locked_until?.getTime(),
  };
}

/** True if there is anybody who may log in. */
export async function hasOperator(db: Queries): Promise<boolean> {
  return (await db.row('SELECT 1 FROM operators WHERE disabled_at IS NULL LIMIT 1')) !== undefined;
}

/** False: there is one of that name already. */
export async function insertOperator(
  db: Queries,
  operator: { operatorId: string; passwordHash: string; role: OperatorRole },
): Promise<boolean> {
  const values = [operator.operatorId, operator.passwordHash, operator.role];
  return (
    (await db.run(
      'INSERT INTO operators (operator_id, password_hash, role) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING',
      values,
    )) === 1
  );
}

/** New password, unlocked, every session of theirs ended. False: unknown. */
export async function resetPassword(
  tx: Queries,
  operator: { operatorId: string; passwordHash: string },
): Promise<boolean> {
  await tx.run('DELETE FROM login_sessions WHERE operator_id = $1', [operator.operatorId]);
  const changed = await tx.run(
    `UPDATE operators SET password_hash = $2, failed_logins = 0, locked_until = NULL, disabled_at = NULL
     WHERE operator_id = $1`,
    [operator.operatorId, operator.passwordHash],
  );
  return changed === 1;
}

/** Stores the hash of better parameters after a good login. */
export async function storeRehash(db: Queries, operator: { operatorId: string; passwordHash: string }): Promise<void> {
  await db.run('UPDATE operators SET password_hash = $2 WHERE operator_id = $1', [
    operator.operatorId,
    operator.passwordHash,
  ]);
}

/** Counts a failed login; returns until when the account is locked, if this one locked it. */
export async function noteFailedLogin(
  db: Queries,
  attempt: { operatorId: string; nowMs: number; maxFailures: number; lockMs: number },
): Promise<number | undefined> {
  const row = await db.row<{ locked_until: Date | null; failed_logins: number }>(
    `UPDATE operators SET
       failed_logins = CASE WHEN failed_logins + 1 >= $3 THEN 0 ELSE failed_logins + 1 END,
       locked_until = CASE WHEN failed_logins + 1 >= $3 THEN $4 ELSE locked_until END
     WHERE operator_id = $1 RETURNING locked_until, failed_logins, $2::timestamptz`,
    [attempt.operatorId, new Date(attempt.nowMs), attempt.maxFailures, new Date(attempt.nowMs + attempt.lockMs)],
  );
  return row?.failed_logins === 0 ? row.locked_until?.getTime() : undefined;
}

/** Opens a session; the token goes into the cookie and nowhere else. */
export async function openOperatorSession(
  db: Queries,
  session: { operatorId: string; address: string | undefined; nowMs: number; validMs: number },
): Promise<{ token: string; expiresAtMs: number }> {
  const token = newToken();
  const expiresAtMs = session.nowMs + session.validMs;
  await db.run('INSERT INTO login_sessions (token_sha256, operator_id, address, expires_at) VALUES ($1, $2, $3, $4)', [
    sha256(token),
    session.operatorId,
    session.address ?? null,
    new Date(expiresAtMs),
  ]);
  await db.run('UPDATE operators SET failed_logins = 0, locked_until = NULL WHERE operator_id = $1', [
    session.operatorId,
  ]);
  return { token, expiresAtMs };
}

/** The living session of a cookie: neither expired nor idle for too long; notes its use once a minute. */
export async function findOperatorSession(
  db: Queries,
  wanted: { token: string; nowMs: number; idleMs: number },
): Promise<OperatorSession | undefined> {
  const row = await db.row<{ operator_id: string; role: OperatorRole; expires_at: Date; is_use_old: boolean }>(
    {
      name: 'find-operator-session',
      text: `SELECT s.operator_id, o.role, s.expires_at, s.last_used_at < $2::timestamptz - interval '1 minute' AS is_use_old
        FROM login_sessions s JOIN operators o USING (operator_id)
        WHERE s.token_sha256 = $1 AND s.expires_at > $2 AND s.last_used_at > $3 AND o.disabled_at IS NULL`,
    },
    [sha256(wanted.token), new Date(wanted.nowMs), new Date(wanted.nowMs - wanted.idleMs)],
  );
  if (!row) return undefined;
  if (row.is_use_old) {
    await db.run('UPDATE login_sessions SET last_used_at = $2 WHERE token_sha256 = $1', [
      sha256(wanted.token),
      new Date(wanted.nowMs),
    ]);
  }
  return { operatorId: row.operator_id, role: row.role, expiresAtMs: row.expires_at.getTime() };
}

/** Ends a session; unknown ones are ended already. */
export async function closeOperatorSession(db: Queries, token: string): Promise<void> {
  await db.run('DELETE FROM login_sessions WHERE token_sha256 = $1', [sha256(token)]);
}
