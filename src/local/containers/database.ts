import { randomBytes } from 'node:crypto';
import { networkInterfaces } from 'node:os';
import { createLog } from '../../io/log.ts';
import { openDatabase } from '../../io/postgres/database.ts';
import { readIfThere, writeWhole } from '../../io/private-files.ts';
import { GUESTS_PATTERN, guestsFrom } from '../../messages/join-api.ts';
import { BadSetting, type DatabaseGuest } from '../network-plan.ts';
import { tlsSettings } from '../postgres.ts';
import { guestRules, loginFrom } from '../postgres-plan.ts';
import { ensureServerCertificate, type ServerCertificate, serverCertificateFiles } from '../server-certificate.ts';

/** Where the volume `database_password` of EV_Central/compose.yaml is, in our image and in PostgreSQL's. */
const PASSWORD = '/run/ev/database/superuser.password';
const RULES = '/run/ev/database/pg_hba.conf';
/** In its data folder, which is the working folder of whatever it starts. */
const KEY_IN_DATABASE = 'server.pem';
/** PostgreSQL's image reads them as another user: whoever mounts this volume may read, and nobody may change them. */
const READ_BY_ALL = 0o444;

/**
 * `ev container database-files`, before PostgreSQL starts: its first password (D-14: none is built in), and who may come
 * in: the containers of its internal network, which is ours too, and the computers of JOIN_GUESTS.
 */
export function databaseFiles(env: NodeJS.ProcessEnv): void {
  if (readIfThere(PASSWORD) === undefined)
    writeWhole(PASSWORD, `${randomBytes(24).toString('base64url')}\n`, READ_BY_ALL);
  writeWhole(RULES, databaseRules(ownNetworks(), guestsIn(env)), READ_BY_ALL);
}

/** The superuser's password, which `databaseFiles` made. */
export function superuserPassword(): string {
  const password = readIfThere(PASSWORD);
  if (!password) throw new Error(`${PASSWORD} is missing: the service 'database-files' makes it`);
  return password;
}

/** The computers that JOIN_GUESTS names. */
export function guestsIn({ JOIN_GUESTS: text = '' }: NodeJS.ProcessEnv): DatabaseGuest[] {
  if (!GUESTS_PATTERN.test(text))
    throw new BadSetting(
      `'${text}' does not name computers: EV_REGISTRY_HOST and EV_SECOND_HOST are addresses or names, bare`,
    );
  return guestsFrom(text);
}

/** `pg_hba.conf`: the container itself, its internal network, and of each guest the login of its service over TLS alone. */
export function databaseRules(near: readonly string[], guests: readonly DatabaseGuest[]): string {
  const own = ['local all all scram-sha-256', ...['127.0.0.1/32', ...near].map(loginFrom)];
  return [...own, ...guestRules(guests), ''].join('\n');
}

/**
 * PostgreSQL speaks TLS while there are guests. It takes key and settings over the superuser's connection, without a restart:
 * it refuses a key of another owner, and no user of our image is its own. With none it is as it was before.
 */
export async function openDatabaseTo(
  guests: readonly DatabaseGuest[],
  of: { adminUrl: string; certificate: ServerCertificate },
): Promise<void> {
  const log = createLog('database-guests', { level: 'silent' });
  const isOpen = guests.length > 0;
  if (isOpen) await ensureServerCertificate(of.certificate);
  const { keyFile } = serverCertificateFiles(of.certificate.folder);
  const database = openDatabase({ url: of.adminUrl, log, poolSize: 1, applicationName: 'ev container network' });
  try {
    if (isOpen) await database.run(keepKey(readIfThere(keyFile) ?? ''));
    for (const [name, value] of Object.entries(tlsSettings(KEY_IN_DATABASE)))
      await database.run(isOpen ? `ALTER SYSTEM SET ${name} = '${value}'` : `ALTER SYSTEM RESET ${name}`);
    // The rules, too: they may have changed since it started.
    await database.run('SELECT pg_reload_conf()');
  } finally {
    await database.close();
  }
}

function keepKey(pem: string): string {
  if (!/^[A-Za-z0-9+/=\n -]+$/.test(pem)) throw new Error('the key of the database is not PEM');
  const program = `umask 077 && cat > ${KEY_IN_DATABASE}.new && mv ${KEY_IN_DATABASE}.new ${KEY_IN_DATABASE}`;
  return `COPY (SELECT unnest(string_to_array('${pem}', E'\\n'))) TO PROGRAM '${program}'`;
}

/** As our network card has them: of the address PostgreSQL heeds the bits of the mask only. */
function ownNetworks(): string[] {
  const cards = Object.values(networkInterfaces()).flatMap((addresses = []) => addresses);
  return cards.flatMap(({ cidr, internal, address }) =>
    cidr && !internal && !address.startsWith('fe80:') ? [cidr] : [],
  );
}
