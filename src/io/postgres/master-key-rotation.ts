import { KAFKA_USERS, type KafkaUser } from '../channels/kafka-login.ts';
import type { MasterKey } from '../crypto/master-key.ts';
import { createSealedSecrets, type SealedSecrets } from '../crypto/sealed-secrets.ts';
import type { Database, Queries } from './database.ts';
import { kafkaCredentialPlace, type StoredKafkaCredentials } from './kafka-credentials.ts';
import { CA_KEY, requireMasterKey, type StoredAuthority, type StoredTickets, TICKET_KEYS } from './network-trust.ts';
import { readSetting, SETTING_KEYS, writeSetting } from './settings.ts';

/** A column of sealed values: where it is, and what its values are authenticated with (`SealPlace`). */
type SealedColumn = { table: string; id: string; column: string; purpose: string; hasMasterKeyId: boolean };

const COLUMNS: readonly SealedColumn[] = [
  { table: 'cp_credentials', id: 'credential_id', column: 'secret_sealed', purpose: 'cp-secret', hasMasterKeyId: true },
  { table: 'encryption_keys', id: 'key_id', column: 'key_sealed', purpose: 'encryption-key', hasMasterKeyId: true },
  {
    table: 'channel_leases',
    id: 'lease_id',
    column: 'session_key_sealed',
    purpose: 'session-key',
    hasMasterKeyId: false,
  },
];
const BATCH = 1_000;

/**
 * Seals every sealed value anew with another master key, in one transaction: after it the database belongs to `to`, or,
 * if anything failed, still to `from`. Its tables are locked meanwhile, so a service that starts reads `to` or nothing.
 * Returns how many values there were. Throws TrustFault unless `from` is the database's key.
 */
export function rotateMasterKey(
  db: Database,
  keys: { from: MasterKey; to: MasterKey; by: string },
): Promise<{ values: number }> {
  return db.transaction(async (tx) => {
    await tx.run('SET LOCAL statement_timeout = 0');
    await tx.run('SET LOCAL idle_in_transaction_session_timeout = 0');
    await tx.run(`LOCK TABLE settings, ${COLUMNS.map((one) => one.table).join(', ')} IN ACCESS EXCLUSIVE MODE`);
    await requireMasterKey(tx, keys.from);
    const pair = { from: createSealedSecrets(keys.from), to: createSealedSecrets(keys.to) };
    let values = 0;
    for (const column of COLUMNS) values += await resealColumn(tx, column, pair);
    values += await resealSettings(tx, { ...pair, by: keys.by });
    const check = { id: keys.to.id, checkValue: keys.to.checkValue };
    await writeSetting(tx, { key: SETTING_KEYS.masterKey, value: check, by: keys.by });
    return { values };
  });
}

type Seals = { from: SealedSecrets; to: SealedSecrets };

async function resealColumn(tx: Queries, of: SealedColumn, { from, to }: Seals): Promise<number> {
  const { table, id, column, purpose } = of;
  const stamp = of.hasMasterKeyId ? ', master_key_id = $3' : '';
  let count = 0;
  for (let after: string | undefined; ; ) {
    const rows = await tx.rows<{ id: string; sealed: Buffer }>(
      `SELECT ${id} AS id, ${column} AS sealed FROM ${table} WHERE ${column} IS NOT NULL
         AND ($1::uuid IS NULL OR ${id} > $1) ORDER BY ${id} LIMIT ${BATCH}`,
      [after ?? null],
    );
    if (rows.length === 0) return count;
    const fresh = rows.map((row) => {
      const place = { purpose, rowId: row.id };
      return to.seal(from.open(row.sealed, place), place);
    });
    const values = [rows.map((row) => row.id), fresh, ...(of.hasMasterKeyId ? [to.masterKeyId] : [])];
    await tx.run(
      `UPDATE ${table} t SET ${column} = r.sealed${stamp}
         FROM unnest($1::uuid[], $2::bytea[]) AS r(id, sealed) WHERE t.${id} = r.id`,
      values,
    );
    count += rows.length;
    after = rows.at(-1)?.id;
  }
}

async function resealSettings(tx: Queries, { from, to, by }: Seals & { by: string }): Promise<number> {
  const authority = await readSetting<StoredAuthority>(tx, SETTING_KEYS.authority);
  const tickets = await readSetting<StoredTickets>(tx, SETTING_KEYS.tickets);
  const masterKeyId = to.masterKeyId;
  if (authority) {
    const key = from.open(Buffer.from(authority.privateKeySealed, 'base64'), CA_KEY);
    const privateKeySealed = to.seal(key, CA_KEY).toString('base64');
    await writeSetting(tx, { key: SETTING_KEYS.authority, value: { ...authority, privateKeySealed, masterKeyId }, by });
  }
  if (tickets) {
    const key = from.open(Buffer.from(tickets.sealed, 'base64'), TICKET_KEYS);
    const sealed = to.seal(key, TICKET_KEYS).toString('base64');
    await writeSetting(tx, { key: SETTING_KEYS.tickets, value: { sealed, masterKeyId }, by });
  }
  const kafka = await readSetting<StoredKafkaCredentials>(tx, SETTING_KEYS.kafkaCredentials);
  if (kafka) {
    const reseal = (user: KafkaUser) => {
      const place = kafkaCredentialPlace(user);
      return to.seal(from.open(Buffer.from(kafka.sealed[user], 'base64'), place), place).toString('base64');
    };
    const sealed = Object.fromEntries(KAFKA_USERS.map((user) => [user, reseal(user)]));
    await writeSetting(tx, { key: SETTING_KEYS.kafkaCredentials, value: { sealed, masterKeyId }, by });
  }
  return [authority, tickets].filter(Boolean).length + (kafka ? KAFKA_USERS.length : 0);
}
