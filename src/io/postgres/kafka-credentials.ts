import { KAFKA_USERS, type KafkaUser } from '../channels/kafka-login.ts';
import type { SealedSecrets } from '../crypto/sealed-secrets.ts';
import { newToken } from '../crypto/tokens.ts';
import type { Queries } from './database.ts';
import { ensureSetting, readSetting, SETTING_KEYS } from './settings.ts';

/** The passwords of the broker's users in `settings`, one a kind of process (R2-27). */
export type StoredKafkaCredentials = { sealed: Record<KafkaUser, string>; masterKeyId: number };

/** A user of the broker, as a process proves it (KAFKA_USERNAME, KAFKA_PASSWORD). */
export type KafkaCredential<User extends KafkaUser = KafkaUser> = { username: User; password: string };

/** Where a sealed password belongs. */
export function kafkaCredentialPlace(user: KafkaUser): { purpose: string; rowId: string } {
  return { purpose: 'kafka-password', rowId: user };
}

/** `ev admin init`: makes the passwords unless there are some. */
export async function ensureKafkaCredentials(db: Queries, { sealed, by }: { sealed: SealedSecrets; by: string }) {
  const seal = (user: KafkaUser) => sealed.seal(newToken(), kafkaCredentialPlace(user)).toString('base64');
  const fresh = Object.fromEntries(KAFKA_USERS.map((user) => [user, seal(user)]));
  await ensureSetting(db, {
    key: SETTING_KEYS.kafkaCredentials,
    value: { sealed: fresh, masterKeyId: sealed.masterKeyId },
    by,
  });
}

/** All of them, for whoever gives the broker its users. Throws if `ev admin init` has not made them. */
export async function readKafkaCredentials(db: Queries, sealed: SealedSecrets): Promise<KafkaCredential[]> {
  return Promise.all(KAFKA_USERS.map((user) => readKafkaCredential(db, sealed, user)));
}

/** One of them, for a computer that joins with a process of this kind. */
export async function readKafkaCredential<User extends KafkaUser>(
  db: Queries,
  sealed: SealedSecrets,
  username: User,
): Promise<KafkaCredential<User>> {
  const stored = await readSetting<StoredKafkaCredentials>(db, SETTING_KEYS.kafkaCredentials);
  const value = stored?.sealed[username];
  if (!value) throw new Error('the database has no credentials of Kafka yet: run ./ev admin init');
  const password = sealed.open(Buffer.from(value, 'base64'), kafkaCredentialPlace(username)).toString('utf8');
  return { username, password };
}
