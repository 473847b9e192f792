import { revokeCredentials } from './credentials.ts';
import type { Queries } from './database.ts';
import { NOTICES } from './notices.ts';

/** What a removal came to. */
export type Retirement = { isRetired: true } | { isRetired: false; code: 'CP_UNKNOWN' | 'SUPPLY_OPEN' };

/**
 * Takes a point out of the network for good (protocol 2.1, S-REG-09): secret and keys revoked, tokens void, `retired_at`
 * set; its history stays. Refused while a supply is open. Central hears of it and drops the socket.
 */
export async function retirePoint(tx: Queries, removal: { cpId: string; by: string }): Promise<Retirement> {
  const { cpId, by } = removal;
  const facts = await tx.row('SELECT 1 FROM charging_point_facts WHERE cp_id = $1 FOR UPDATE', [cpId]);
  const point = await tx.row('SELECT 1 FROM charging_points WHERE cp_id = $1 AND retired_at IS NULL', [cpId]);
  if (!facts || !point) return { isRetired: false, code: 'CP_UNKNOWN' };
  const open = await tx.row(
    `SELECT 1 FROM supplies WHERE cp_id = $1 AND state IN ('REQUESTED','PREPARING','CHARGING','ENDING','INTERRUPTED')`,
    [cpId],
  );
  if (open) return { isRetired: false, code: 'SUPPLY_OPEN' };
  await tx.run('UPDATE charging_points SET retired_at = now(), revision = revision + 1 WHERE cp_id = $1', [cpId]);
  await revokeCredentials(tx, cpId);
  await tx.run(
    `UPDATE encryption_keys SET state = 'REVOKED', revoked_at = now(), revoked_by = $2, accept_until = NULL
     WHERE cp_id = $1 AND state <> 'REVOKED'`,
    [cpId, by],
  );
  await tx.run('DELETE FROM enrolment_tokens WHERE cp_id = $1', [cpId]);
  // Added again, it is DISCONNECTED until its Monitor speaks, whatever it was (F-29). The epoch still fences the old socket.
  await tx.run(
    `UPDATE charging_point_facts SET version = version + 1, monitor_replica_id = NULL, is_channel_up = false,
       monitor_lost_at = CASE WHEN monitor_replica_id IS NULL THEN monitor_lost_at ELSE now() END WHERE cp_id = $1`,
    [cpId],
  );
  await tx.run('SELECT pg_notify($1, $4), pg_notify($2, $4), pg_notify($3, $4)', [
    NOTICES.pointRetired,
    NOTICES.keysChanged,
    NOTICES.pointChanged,
    cpId,
  ]);
  return { isRetired: true };
}
