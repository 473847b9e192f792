import type { PointEdit } from '../../messages/registry-api.ts';
import { revokeCredentials } from './credentials.ts';
import type { Queries } from './database.ts';
import { type Doing, ensureLocation, issueEnrolmentToken } from './enrolment.ts';
import { NOTICES } from './notices.ts';

/** Locks the point's facts, as everything does that changes a point; false: no such point in service. */
async function lockInService(tx: Queries, cpId: string): Promise<boolean> {
  const row = await tx.row(
    `SELECT 1 FROM charging_points p JOIN charging_point_facts f USING (cp_id)
     WHERE p.cp_id = $1 AND p.retired_at IS NULL FOR UPDATE OF f`,
    [cpId],
  );
  return row !== undefined;
}

/** Changes what a point is said to be; CHANGED_MEANWHILE if somebody else was faster (optimistic lock). */
export async function editPoint(
  tx: Queries,
  cpId: string,
  edit: PointEdit,
): Promise<'EDITED' | 'CP_UNKNOWN' | 'CHANGED_MEANWHILE'> {
  if (!(await lockInService(tx, cpId))) return 'CP_UNKNOWN';
  const locationId = await ensureLocation(tx, edit);
  const written = await tx.run(
    `UPDATE charging_points SET location_id = $3, address = $4, latitude = $5, longitude = $6, price_e4_per_kwh = $7,
       max_power_w = $8, revision = revision + 1 WHERE cp_id = $1 AND revision = $2`,
    [
      ...[cpId, edit.revision, locationId, edit.address],
      ...[edit.latitude ?? null, edit.longitude ?? null, edit.priceE4PerKwh, edit.maxPowerW],
    ],
  );
  if (written === 0) return 'CHANGED_MEANWHILE';
  await tx.run('UPDATE charging_point_facts SET version = version + 1 WHERE cp_id = $1', [cpId]);
  await tx.run('SELECT pg_notify($1, $2)', [NOTICES.pointChanged, cpId]);
  return 'EDITED';
}

/**
 * Voids the point's secret and every token that is out, and gives a new token to register with. Its socket is closed; a
 * running supply goes on (D-08), its key stays what it is.
 */
export async function renewCredential(
  tx: Queries,
  cpId: string,
  doing: Doing,
): Promise<{ enrolmentToken: string; expiresAtMs: number } | 'CP_UNKNOWN'> {
  if (!(await lockInService(tx, cpId))) return 'CP_UNKNOWN';
  await revokeCredentials(tx, cpId);
  await tx.run('DELETE FROM enrolment_tokens WHERE cp_id = $1', [cpId]);
  const token = await issueEnrolmentToken(tx, { cpId, uses: 1 }, doing);
  await tx.run('SELECT pg_notify($1, $3), pg_notify($2, $3)', [NOTICES.pointChanged, NOTICES.credentialReplaced, cpId]);
  return token;
}
