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
