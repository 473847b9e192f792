import type { OperatorRole } from '../../messages/central-api.ts';
import type { Queries } from './database.ts';

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

/** One line of `ev admin operators list`. */
export type OperatorLine = {
  operatorId: string;
  role: OperatorRole;
  lockedUntil: Date | null;
  disabledAt: Date | null;
  sessions: number;
};

/** All operators with the number of their living logins; no secrets. */
export function listOperators(db: Queries): Promise<OperatorLine[]> {
  return db.rows<OperatorLine>(
    `SELECT operator_id AS "operatorId", role, locked_until AS "lockedUntil", disabled_at AS "disabledAt",
       (SELECT count(*) FROM login_sessions s WHERE s.operator_id = o.operator_id AND s.expires_at > now()) AS sessions
     FROM operators o ORDER BY operator_id`,
  );
}

/** The administrators who may log in, locked until the transaction ends: two must not take each other's last role away. */
export async function lockAdministrators(tx: Queries): Promise<string[]> {
  const rows = await tx.rows<{ operator_id: string }>(
    `SELECT operator_id FROM operators WHERE role = 'admin' AND disabled_at IS NULL ORDER BY operator_id FOR UPDATE`,
  );
  return rows.map((row) => row.operator_id);
}

/** False: unknown. */
export async function setOperatorRole(
  tx: Queries,
  change: { operatorId: string; role: OperatorRole },
): Promise<boolean> {
  const values = [change.operatorId, change.role];
  return (await tx.run('UPDATE operators SET role = $2 WHERE operator_id = $1', values)) === 1;
}

/** Disabling ends every session. False: unknown. */
export async function setOperatorDisabled(
  tx: Queries,
  change: { operatorId: string; isDisabled: boolean },
): Promise<boolean> {
  if (change.isDisabled) await tx.run('DELETE FROM login_sessions WHERE operator_id = $1', [change.operatorId]);
  const changed = await tx.run(
    'UPDATE operators SET disabled_at = CASE WHEN $2 THEN now() END, failed_logins = 0, locked_until = NULL WHERE operator_id = $1',
    [change.operatorId, change.isDisabled],
  );
  return changed === 1;
}
