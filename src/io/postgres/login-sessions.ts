import type { Queries } from './database.ts';

/** A driver's login, as the token that was presented tells. */
export type DriverSession = { driverId: string; leaseId: string | null; expiresAtMs: number };

/** Opens a login bound to the lease that asked for it. */
export async function insertDriverSession(
  queries: Queries,
  session: { tokenSha256: Buffer; driverId: string; leaseId: string; address: string | null; expiresAtMs: number },
): Promise<void> {
  await queries.run(
    'INSERT INTO login_sessions (token_sha256, driver_id, lease_id, address, expires_at) VALUES ($1, $2, $3, $4, $5)',
    [session.tokenSha256, session.driverId, session.leaseId, session.address, new Date(session.expiresAtMs)],
  );
}

/**
 * Whose token this is; from now on what is for that user goes to the lease that presented it (protocol 3).
 * Undefined: unknown or expired. `wasBound` tells whether the lease is news.
 */
export async function presentDriverToken(
  queries: Queries,
  tokenSha256: Buffer,
  leaseId: string,
): Promise<(DriverSession & { wasBound: boolean }) | undefined> {
  const row = await queries.row<{ driver_id: string; former_lease: string | null; expires_at: Date }>(
    {
      name: 'present-driver-token',
      text: `WITH former AS (SELECT token_sha256, lease_id FROM login_sessions
          WHERE token_sha256 = $1 AND driver_id IS NOT NULL AND expires_at > now())
        UPDATE login_sessions s SET lease_id = $2, last_used_at = now() FROM former
          WHERE s.token_sha256 = former.token_sha256
          RETURNING s.driver_id, former.lease_id AS former_lease, s.expires_at`,
    },
    [tokenSha256, leaseId],
  );
  return (
    row && {
      driverId: row.driver_id,
      leaseId,
      expiresAtMs: row.expires_at.getTime(),
      wasBound: row.former_lease === leaseId,
    }
  );
}

/** Ends a login; returns whose it was. */
export async function deleteDriverSession(queries: Queries, tokenSha256: Buffer): Promise<string | undefined> {
  const row = await queries.row<{ driver_id: string }>(
    'DELETE FROM login_sessions WHERE token_sha256 = $1 AND driver_id IS NOT NULL RETURNING driver_id',
    [tokenSha256],
  );
  return row?.driver_id;
}

/** Leases that last presented a live token of the driver: the only ones that may hear what is his. */
export async function leasesOfDriver(queries: Queries, driverId: string): Promise<string[]> {
  const rows = await queries.rows<{ lease_id: string }>(
    {
      name: 'leases-of-driver',
      text: `SELECT DISTINCT s.lease_id FROM login_sessions s JOIN channel_leases l USING (lease_id)
        WHERE s.driver_id = $1 AND s.expires_at > now() AND l.expires_at > now() AND l.ended_at IS NULL`,
    },
    [driverId],
  );
  return rows.map((row) => row.lease_id);
}

/** A driver with a live login, and where. */
export type ConnectedDriver = { driverId: string; leaseId: string; clientId: string; sinceMs: number };

/** Everybody who is connected now. */
export async function connectedDrivers(queries: Queries): Promise<ConnectedDriver[]> {
  const rows = await queries.rows<{ driver_id: string; lease_id: string; client_id: string; since: Date }>(
    `SELECT s.driver_id, s.lease_id, l.client_id, min(s.created_at) AS since
      FROM login_sessions s JOIN channel_leases l USING (lease_id)
      WHERE s.driver_id IS NOT NULL AND s.expires_at > now() AND l.expires_at > now() AND l.ended_at IS NULL
      GROUP BY s.driver_id, s.lease_id, l.client_id`,
  );
  return rows.map((row) => ({
    driverId: row.driver_id,
    leaseId: row.lease_id,
    clientId: row.client_id,
    sinceMs: row.since.getTime(),
  }));
}

/** Forgets logins that are over; operators' too. */
export async function deleteExpiredSessions(queries: Queries): Promise<void> {
  await queries.run('DELETE FROM login_sessions WHERE expires_at < now()');
}
