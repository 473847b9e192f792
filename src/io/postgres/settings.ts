import type { Queries } from './database.ts';

/** Keys of `settings`, spelled once. */
export const SETTING_KEYS = {
  masterKey: 'master-key',
  authority: 'certificate-authority',
  tickets: 'tls-ticket-keys',
  kafkaCredentials: 'kafka-credentials',
};

/** A setting's value, undefined if it was never written. The table's reader trusts what `ev admin init` wrote. */
export async function readSetting<Value>(db: Queries, key: string): Promise<Value | undefined> {
  const row = await db.row<{ value: Value }>('SELECT value FROM settings WHERE key = $1', [key]);
  return row?.value;
}

/** Writes a setting unless it exists; returns the one that counts, whoever wrote it. */
export async function ensureSetting<Value>(
  db: Queries,
  setting: { key: string; value: Value; by: string },
): Promise<Value> {
  await db.run('INSERT INTO settings (key, value, updated_by) VALUES ($1, $2, $3) ON CONFLICT (key) DO NOTHING', [
    setting.key,
    JSON.stringify(setting.value),
    setting.by,
  ]);
  const stored = await readSetting<Value>(db, setting.key);
  if (stored === undefined) throw new Error(`setting ${setting.key} vanished`);
  return stored;
}

/** Writes a setting, whatever it was. */
export async function writeSetting<Value>(
  db: Queries,
  setting: { key: string; value: Value; by: string },
): Promise<void> {
  await db.run(
    `INSERT INTO settings (key, value, updated_by) VALUES ($1, $2, $3)
     ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value, updated_by = EXCLUDED.updated_by, updated_at = now(),
       revision = settings.revision + 1`,
    [setting.key, JSON.stringify(setting.value), setting.by],
  );
}
