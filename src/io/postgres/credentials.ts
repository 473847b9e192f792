import type { SealedSecrets } from '../crypto/sealed-secrets.ts';
import { sha256 } from '../crypto/tokens.ts';
import { newRandomId } from '../new-id.ts';
import type { Queries } from './database.ts';

/** The credential that counts now, as a registration needs it. */
export type LiveCredential = {
  credentialId: string;
  secretSha256: Buffer;
  /** The enrolment token it came by, until its first use. */
  tokenSha256: Buffer | undefined;
  isUsed: boolean;
};

type CredentialRow = {
  credential_id: string;
  secret_sha256: Buffer;
  token_sha256: Buffer | null;
  first_used_at: Date | null;
};

/** The live credential of a point, locked until the transaction ends. */
export async function lockCredential(tx: Queries, cpId: string): Promise<LiveCredential | undefined> {
  const row = await tx.row<CredentialRow>(
    `SELECT credential_id, secret_sha256, token_sha256, first_used_at FROM cp_credentials
     WHERE cp_id = $1 AND revoked_at IS NULL FOR UPDATE`,
    [cpId],
  );
  if (!row) return undefined;
  return {
    credentialId: row.credential_id,
    secretSha256: row.secret_sha256,
    tokenSha256: row.token_sha256 ?? undefined,
    isUsed: row.first_used_at !== null,
  };
}

/** Ends the live credential, if there is one. */
export async function revokeCredentials(tx: Queries, cpId: string): Promise<void> {
  await tx.run(
    'UPDATE cp_credentials SET revoked_at = now(), token_sha256 = NULL WHERE cp_id = $1 AND revoked_at IS NULL',
    [cpId],
  );
}

/** Keeps a new secret: its SHA-256 to compare with, and the sealed copy that only an admin may open (D-14). */
export async function insertCredential(
  tx: Queries,
  credential: { cpId: string; secret: string; sealed: SealedSecrets; by: string; tokenSha256: Buffer | undefined },
): Promise<void> {
  const credentialId = newRandomId();
  const { sealed } = credential;
  await tx.run(
    `INSERT INTO cp_credentials (credential_id, cp_id, secret_sha256, secret_sealed, master_key_id, issued_by, token_sha256)
     VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [
      credentialId,
      credential.cpId,
      sha256(credential.secret),
      sealed.seal(credential.secret, { purpose: 'cp-secret', rowId: credentialId }),
      sealed.masterKeyId,
      credential.by,
      credential.tokenSha256 ?? null,
    ],
  );
}

/** The first authentication ends the time in which the enrolment token may register again. */
export async function noteFirstUse(db: Queries, credentialId: string): Promise<void> {
  await db.run(
    `WITH used AS (SELECT token_sha256 FROM cp_credentials WHERE credential_id = $1 AND first_used_at IS NULL),
       unlinked AS (UPDATE cp_credentials SET first_used_at = now(), token_sha256 = NULL
         WHERE credential_id = $1 AND first_used_at IS NULL)
     DELETE FROM enrolment_tokens t USING used WHERE t.token_sha256 = used.token_sha256 AND t.uses_left = 0
       AND t.cp_id IS NOT NULL`,
    [credentialId],
  );
}

/** All that one authentication looks at, in one row. */
export type PointLogin = {
  cpId: string;
  credentialId: string;
  secretSha256: Buffer;
  isUsed: boolean;
  /** A newer registration or a retirement took its place. */
  isRevoked: boolean;
  isRetired: boolean;
  zone: string;
  address: string;
  city: string;
  country: string;
  priceE4PerKwh: number;
  maxPowerW: number;
  isKeyRevoked: boolean;
  activeKeyId: string | undefined;
  pendingKeyId: string | undefined;
  monitorEpoch: number;
  monitorInstanceId: string | undefined;
  /** Another, living replica holds a Monitor of this point. */
  isHeldElsewhere: boolean;
  isEngineOk: boolean;
  isChannelUp: boolean;
  engineFaultCode: string | undefined;
};

type PointLoginRow = {
  cp_id: string;
  credential_id: string;
  secret_sha256: Buffer;
  is_used: boolean;
  is_revoked: boolean;
  is_retired: boolean;
  zone: string;
  address: string;
  city: string;
  country: string;
  price_e4_per_kwh: number;
  max_power_w: number;
  is_key_revoked: boolean;
  active_key_id: string | null;
  pending_key_id: string | null;
  monitor_epoch: number;
  monitor_instance_id: string | null;
  is_held_elsewhere: boolean;
  is_engine_ok: boolean;
  is_channel_up: boolean;
  engine_fault_code: string | null;
};

const FIND_POINT_LOGIN = {
  name: 'find-point-login',
  text: `SELECT p.cp_id, c.credential_id, c.secret_sha256, c.first_used_at IS NOT NULL AS is_used, c.revoked_at IS NOT NULL AS is_revoked,
      p.retired_at IS NOT NULL AS is_retired, p.zone, p.address, l.city, l.country, p.price_e4_per_kwh, p.max_power_w,
      EXISTS (SELECT 1 FROM charging_point_holds h WHERE h.cp_id = p.cp_id AND h.kind = 'KEY_REVOKED') AS is_key_revoked,
      (SELECT key_id FROM encryption_keys k WHERE k.cp_id = p.cp_id AND k.state = 'ACTIVE') AS active_key_id,
      (SELECT key_id FROM encryption_keys k WHERE k.cp_id = p.cp_id AND k.state = 'PENDING') AS pending_key_id,
      f.monitor_epoch, f.monitor_instance_id, f.is_engine_ok, f.is_channel_up, f.engine_fault_code,
      f.monitor_replica_id <> $2 AND f.monitor_lost_at IS NULL AND EXISTS (SELECT 1 FROM central_replicas r
        WHERE r.replica_id = f.monitor_replica_id AND r.heartbeat_at > now() - interval '5 s') IS TRUE AS is_held_elsewhere
    FROM charging_points p JOIN weather_locations l USING (location_id) JOIN charging_point_facts f USING (cp_id)
    JOIN LATERAL (SELECT * FROM cp_credentials c WHERE c.cp_id = p.cp_id ORDER BY c.issued_at DESC LIMIT 1) c ON true
    WHERE p.cp_id = $1`,
};

/** With its newest credential. Undefined: no such point, or it was never registered. */
export async function findPointLogin(
  db: Queries,
  wanted: { cpId: string; replicaId: string },
): Promise<PointLogin | undefined> {
  const row = await db.row<PointLoginRow>(FIND_POINT_LOGIN, [wanted.cpId, wanted.replicaId]);
  if (!row) return undefined;
  return {
    cpId: row.cp_id,
    credentialId: row.credential_id,
    secretSha256: row.secret_sha256,
    isUsed: row.is_used,
    isRevoked: row.is_revoked,
    isRetired: row.is_retired,
    zone: row.zone,
    address: row.address,
    city: row.city,
    country: row.country,
    priceE4PerKwh: row.price_e4_per_kwh,
    maxPowerW: row.max_power_w,
    isKeyRevoked: row.is_key_revoked,
    activeKeyId: row.active_key_id ?? undefined,
    pendingKeyId: row.pending_key_id ?? undefined,
    monitorEpoch: row.monitor_epoch,
    monitorInstanceId: row.monitor_instance_id ?? undefined,
    isHeldElsewhere: row.is_held_elsewhere === true,
    isEngineOk: row.is_engine_ok,
    isChannelUp: row.is_channel_up,
    engineFaultCode: row.engine_fault_code ?? undefined,
  };
}

/** Which credential of a point counts now; none after a retirement, or until it registers anew. */
export async function liveCredential(
  db: Queries,
  cpId: string,
): Promise<{ credentialId: string | undefined; isRetired: boolean }> {
  const row = await db.row<{ credential_id: string | null; is_retired: boolean }>(
    `SELECT c.credential_id, p.retired_at IS NOT NULL AS is_retired FROM charging_points p
       LEFT JOIN cp_credentials c ON c.cp_id = p.cp_id AND c.revoked_at IS NULL WHERE p.cp_id = $1`,
    [cpId],
  );
  return { credentialId: row?.credential_id ?? undefined, isRetired: row?.is_retired ?? true };
}

/** The point's secret from its sealed copy (D-14); whoever calls audits it. Undefined: no living credential. */
export async function sealedSecretOf(db: Queries, cpId: string, sealed: SealedSecrets): Promise<string | undefined> {
  const row = await db.row<{ credential_id: string; secret_sealed: Buffer }>(
    'SELECT credential_id, secret_sealed FROM cp_credentials WHERE cp_id = $1 AND revoked_at IS NULL',
    [cpId],
  );
  return row && sealed.open(row.secret_sealed, { purpose: 'cp-secret', rowId: row.credential_id }).toString('utf8');
}
