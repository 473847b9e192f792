import type { DriverExport } from '../../messages/central-history-api.ts';
import type { PersonalData } from '../../messages/driver-central.ts';
import type { Queries } from './database.ts';
import { OPEN_STATES_SQL } from './supplies.ts';

/** What an erasure came to. */
export type Erasure = 'ERASED' | 'DRIVER_UNKNOWN' | 'SUPPLY_OPEN' | 'ALREADY_ERASED';

const ACCOUNT = `SELECT driver_id AS "driverId", name, email, balance_cents AS "balanceCents", created_at AS "createdAt",
  erased_at AS "erasedAt" FROM drivers WHERE driver_id = $1`;

/** The parts of an export and where they come from; every one names the driver in `$1`. */
const PARTS = {
  logins: `SELECT host(address) AS address, created_at AS "createdAt", last_used_at AS "lastUsedAt", expires_at AS "expiresAt"
    FROM login_sessions WHERE driver_id = $1 ORDER BY created_at`,
  supplies: `SELECT supply_id AS "supplyId", cp_id AS "cpId", origin, state, requested_at AS "requestedAt", plugged_at AS "pluggedAt",
      ended_at AS "endedAt", end_reason AS "endReason", refusal, energy_wh AS "energyWh", amount_cents AS "amountCents"
    FROM supplies WHERE driver_id = $1 ORDER BY requested_at`,
  tickets: `SELECT t.ticket_number AS "ticketNumber", t.corrects_ticket_number AS "correctsTicketNumber", t.supply_id AS "supplyId",
      t.issued_at AS "issuedAt", t.energy_wh AS "energyWh", t.price_e4_per_kwh AS "priceE4PerKwh",
      t.amount_cents AS "amountCents", t.end_reason AS "endReason", t.read_at AS "readAt"
    FROM tickets t JOIN supplies s USING (supply_id) WHERE s.driver_id = $1 ORDER BY t.ticket_number`,
  wallet: `SELECT created_at AS "createdAt", amount_cents AS "amountCents", ticket_number AS "ticketNumber", note
    FROM wallet_entries WHERE driver_id = $1 ORDER BY entry_id`,
  audit: `SELECT at, category, action, source_entity AS "sourceEntity", host(source_ip) AS "sourceIp", is_success AS "isSuccess",
      cp_id AS "cpId", description FROM audit_log
    WHERE source_entity = 'driver:' || $1 OR parameters->>'driverId' = $1 OR parameters->>'user' = $1 ORDER BY at`,
} as const;

/** All that is kept of a driver but the hash of the password (GDPR, right of access). Undefined: there is no such id. */
export async function exportDriver(db: Queries, driverId: string): Promise<DriverExport | undefined> {
  const account = await db.row<Record<string, unknown>>(ACCOUNT, [driverId]);
  if (!account) return undefined;
  const rowsOf = (part: keyof typeof PARTS) => db.rows<Record<string, unknown>>(PARTS[part], [driverId]);
  return {
    account,
    logins: await rowsOf('logins'),
    supplies: await rowsOf('supplies'),
    tickets: await rowsOf('tickets'),
    wallet: await rowsOf('wallet'),
    audit: await rowsOf('audit'),
  };
}

type Login = { address: string | null; created_at: Date; last_used_at: Date; expires_at: Date };

/** What a person may ask for alone: account and logins. */
export async function ownData(db: Queries, driverId: string): Promise<PersonalData> {
  const account = await db.row<{ name: string | null; email: string | null; balance_cents: number; created_at: Date }>(
    'SELECT name, email, balance_cents, created_at FROM drivers WHERE driver_id = $1',
    [driverId],
  );
  const logins = await db.rows<Login>(
    `SELECT host(address) AS address, created_at, last_used_at, expires_at FROM login_sessions
      WHERE driver_id = $1 ORDER BY created_at DESC LIMIT 100`,
    [driverId],
  );
  return {
    driverId,
    name: account?.name ?? '',
    ...(account?.email && { email: account.email }),
    balanceCents: account?.balance_cents ?? 0,
    createdAtMs: account?.created_at.getTime() ?? 0,
    logins: logins.map(({ address, created_at, last_used_at, expires_at }) => ({
      ...(address !== null && { address }),
      createdAtMs: created_at.getTime(),
      lastUsedAtMs: last_used_at.getTime(),
      expiresAtMs: expires_at.getTime(),
    })),
  };
}

/**
 * Erases what is personal: name, e-mail, password, logins, and the addresses in `audit_log`. The id stays as a
 * pseudonym, supplies and tickets stay as books (schema, `drivers`). Refused while a supply is open.
 */
export async function eraseDriver(tx: Queries, driverId: string): Promise<Erasure> {
  const row = await tx.row<{ erased: boolean }>(
    'SELECT erased_at IS NOT NULL AS erased FROM drivers WHERE driver_id = $1 FOR UPDATE',
    [driverId],
  );
  if (!row) return 'DRIVER_UNKNOWN';
  if (row.erased) return 'ALREADY_ERASED';
  const open = await tx.row(`SELECT 1 FROM supplies WHERE driver_id = $1 AND state IN ${OPEN_STATES_SQL}`, [driverId]);
  if (open) return 'SUPPLY_OPEN';
  await tx.run('DELETE FROM login_sessions WHERE driver_id = $1', [driverId]);
  await tx.run(
    `UPDATE drivers SET name = NULL, email = NULL, password_hash = NULL, failed_logins = 0, locked_until = NULL,
       erased_at = now() WHERE driver_id = $1`,
    [driverId],
  );
  // The table is append-only for services; this is the one thing of it that may go (migration 011).
  await tx.run('SELECT forget_driver_addresses($1)', [driverId]);
  return 'ERASED';
}
