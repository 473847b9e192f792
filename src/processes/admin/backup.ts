import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { administration } from '../../io/audit/admin-events.ts';
import { argumentsOf, BadArgument } from '../../io/command-line.ts';
import { masterKeyFrom, masterKeyTextFrom } from '../../io/crypto/master-key-settings.ts';
import { beginDump, dumpRows } from '../../io/postgres/dump.ts';
import { requireMasterKey } from '../../io/postgres/network-trust.ts';
import type { AdminParts } from './admin-parts.ts';
import { passphraseFrom, writeArchive } from './archive.ts';
import { SOURCE, withAudit } from './audited.ts';
import { required } from './command.ts';

/**
 * `ev admin backup FILE --passphrase-file F` (S-DB-15): the whole database as it is at one moment, with the authority
 * and the master key, encrypted. The network may go on meanwhile.
 */
export async function backup(parts: AdminParts, args: readonly string[]): Promise<void> {
  const { positionals, values } = argumentsOf(args, {
    positionals: ['FILE'],
    options: { 'passphrase-file': { type: 'string' } },
  });
  const path = resolve(required(positionals[0], 'the file of the backup'));
  if (existsSync(path)) throw new BadArgument(`${path} is there already: a backup replaces nothing`);
  const passphrase = passphraseFrom(required(values['passphrase-file'], '--passphrase-file'));
  const { config, clock } = parts;
  const written = await withAudit(parts, async (db, record) => {
    const made = await db.transaction(async (tx) => {
      const shape = await beginDump(tx);
      await requireMasterKey(tx, masterKeyFrom(config));
      const manifest = {
        format: 'evcharging-backup' as const,
        madeAt: new Date(clock.nowMs()).toISOString(),
        databaseName: config.databaseName,
        masterKey: masterKeyTextFrom(config),
        shape,
      };
      return writeArchive({ path, passphrase }, manifest, dumpRows(tx));
    });
    record(administration.backupMade(SOURCE, made));
    return made;
  });
  parts.say(`${written.rows} rows, ${written.bytes} bytes: ${path}`);
  parts.say('It holds the master key: whoever has this file and its passphrase has the network.');
}
