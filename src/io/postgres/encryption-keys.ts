import { newChannelKeyBytes } from '../crypto/channel-key.ts';
import type { SealedSecrets } from '../crypto/sealed-secrets.ts';
import { newRandomId } from '../new-id.ts';
import type { Queries } from './database.ts';
import { NOTICES } from './notices.ts';

export type KeyState = 'PENDING' | 'ACTIVE' | 'RETIRING' | 'REVOKED';

/** A point's AES-256 key with its place in life (protocol 2). */
export type EncryptionKey = {
  keyId: string;
  keyBytes: Buffer;
  state: KeyState;
  /** RETIRING: until when it is accepted. */
  acceptUntilMs?: number;
  /** REVOKED: the one supply that may still be closed under it (D-12). */
  closingSupplyId?: string;
};

type KeyRow = {
  key_id: string;
  key_sealed: Buffer;
  state: KeyState;
  accept_until: Date | null;
  closing_supply_id: string | null;
};

/** How long a replaced key is still accepted (F-55). */
export const KEY_OVERLAP_MS = 60_000;
const COLUMNS = 'key_id, key_sealed, state, accept_until, closing_supply_id';

/** Every key that may matter for a record now: the living ones, and the newest revoked ones. */
export async function keysOfPoint(db: Queries, cpId: string, sealed: SealedSecrets): Promise<EncryptionKey[]> {
  const rows = await db.rows<KeyRow>(
    {
      name: 'keys-of-point',
      text: `SELECT ${COLUMNS} FROM encryption_keys WHERE cp_id = $1 AND (state IN ('PENDING','ACTIVE')
        OR (state = 'RETIRING' AND accept_until > now()) OR (state = 'REVOKED' AND revoked_at > now() - interval '2 days'))
        ORDER BY created_at DESC LIMIT 20`,
    },
    [cpId],
  );
  return rows.map((row) => openKey(row, sealed));
}

/** A new PENDING key in place of any other PENDING one, which no engine has. */
export async function insertPendingKey(tx: Queries, cpId: string, sealed: SealedSecrets): Promise<EncryptionKey> {
  const keyId = newRandomId();
  const keyBytes = newChannelKeyBytes();
  await tx.run(`DELETE FROM encryption_keys WHERE cp_id = $1 AND state = 'PENDING'`, [cpId]);
  await tx.run(
    `INSERT INTO encryption_keys (key_id, cp_id, key_sealed, master_key_id, state) VALUES ($1, $2, $3, $4, 'PENDING')`,
    [keyId, cpId, sealed.seal(keyBytes, { purpose: 'encryption-key', rowId: keyId }), sealed.masterKeyId],
  );
  await notifyKeys(tx, cpId);
  return { keyId, keyBytes, state: 'PENDING' };
}

/** The engine has it: PENDING becomes ACTIVE, the old ACTIVE is RETIRING. False: that key is not waiting (a repeat, or replaced). */
export async function activateKey(tx: Queries, key: { cpId: string; keyId: string }): Promise<boolean> {
  const pending = await tx.row(
    `SELECT 1 FROM encryption_keys WHERE cp_id = $1 AND key_id = $2 AND state = 'PENDING' FOR UPDATE`,
    [key.cpId, key.keyId],
  );
  if (!pending) return false;
  await tx.run(
    `UPDATE encryption_keys SET state = 'RETIRING', accept_until = now() + $2 * interval '1 ms'
     WHERE cp_id = $1 AND state = 'ACTIVE'`,
    [key.cpId, KEY_OVERLAP_MS],
  );
  await tx.run(`UPDATE encryption_keys SET state = 'ACTIVE', installed_at = now() WHERE key_id = $1`, [key.keyId]);
  await tx.run(
    `DELETE FROM encryption_keys WHERE cp_id = $1 AND (state = 'RETIRING' AND accept_until < now() - interval '1 day'
       OR state = 'REVOKED' AND revoked_at < now() - interval '30 days')`,
    [key.cpId],
  );
  await notifyKeys(tx, key.cpId);
  return true;
}

/** Revokes every living key; under them only the end of that supply still passes (D-12). Returns the revoked ids. */
export async function revokeKeys(
  tx: Queries,
  revocation: { cpId: string; by: string; closingSupplyId: string | undefined },
): Promise<string[]> {
  const rows = await tx.rows<{ key_id: string }>(
    `UPDATE encryption_keys SET state = 'REVOKED', revoked_at = now(), revoked_by = $2, closing_supply_id = $3,
       accept_until = NULL WHERE cp_id = $1 AND state <> 'REVOKED' RETURNING key_id`,
    [revocation.cpId, revocation.by, revocation.closingSupplyId ?? null],
  );
  await notifyKeys(tx, revocation.cpId);
  return rows.map((row) => row.key_id);
}

async function notifyKeys(tx: Queries, cpId: string): Promise<void> {
  await tx.run('SELECT pg_notify($1, $2)', [NOTICES.keysChanged, cpId]);
}

function openKey(row: KeyRow, sealed: SealedSecrets): EncryptionKey {
  return {
    keyId: row.key_id,
    keyBytes: sealed.open(row.key_sealed, { purpose: 'encryption-key', rowId: row.key_id }),
    state: row.state,
    ...(row.accept_until && { acceptUntilMs: row.accept_until.getTime() }),
    ...(row.closing_supply_id && { closingSupplyId: row.closing_supply_id }),
  };
}
