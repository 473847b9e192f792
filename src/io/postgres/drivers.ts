import type { Queries } from './database.ts';

/** What a login is checked against. */
export type DriverAccount = {
  driverId: string;
  passwordHash: string;
  balanceCents: number;
  lockedUntilMs: number | null;
};

/** The driver's account; undefined for unknown and erased ones. */
export async function driverAccount(queries: Queries, driverId: string): Promise<DriverAccount | undefined> {
  const row = await queries.row<{
    driver_id: string;
    password_hash: string;
    balance_cents: number;
    locked_until: Date | null;
  }>(
    {
      name: 'driver-account',
      text: 'SELECT driver_id, password_hash, balance_cents, locked_until FROM drivers WHERE driver_id = $1 AND erased_at IS NULL',
    },
    [driverId],
  );
  return (
    row && {
      driverId: row.driver_id,
      passwordHash: row.password_hash,
      balanceCents: row.balance_cents,
      lockedUntilMs: row.locked_until?.getTime() ?? null,
    }
  );
}

/** A new account; violates drivers_pkey or the index of e-mail addresses if taken. */
export async function insertDriver(
  queries: Queries,
  driver: { driverId: string; name: string; email: string | null; passwordHash: string },
): Promise<void> {
  await queries.run('INSERT INTO drivers (driver_id, name, email, password_hash) VALUES ($1, $2, $3, $4)', [
    driver.driverId,
    driver.name,
    driver.email,
    driver.passwordHash,
  ]);
}

/** Counts a wrong password; every fifth in a row locks the account for a minute. Returns until when, if now locked. */
export async function noteFailedLogin(queries: Queries, driverId: string): Promise<number | undefined> {
  const row = await queries.row<{ failed_logins: number; locked_until: Date | null }>(
    `UPDATE drivers SET failed_logins = (failed_logins + 1) % 5,
        locked_until = CASE WHEN failed_logins + 1 >= 5 THEN now() + interval '1 minute' ELSE locked_until END
      WHERE driver_id = $1 RETURNING failed_logins, locked_until`,
    [driverId],
  );
  return row?.failed_logins === 0 ? (row.locked_until?.getTime() ?? undefined) : undefined;
}

/** A right password: counts begin anew; a new hash replaces one of older parameters. */
export async function noteLogin(queries: Queries, driverId: string, newHash: string | null): Promise<void> {
  await queries.run(
    `UPDATE drivers SET failed_logins = 0, locked_until = NULL, password_hash = coalesce($2::text, password_hash)
      WHERE driver_id = $1 AND erased_at IS NULL AND (failed_logins <> 0 OR locked_until IS NOT NULL OR $2::text IS NOT NULL)`,
    [driverId, newHash],
  );
}
