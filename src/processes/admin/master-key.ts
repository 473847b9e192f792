import { existsSync, renameSync } from 'node:fs';
import { administration } from '../../io/audit/admin-events.ts';
import { argumentsOf } from '../../io/command-line.ts';
import { createMasterKeyFile, loadMasterKey, type MasterKey } from '../../io/crypto/master-key.ts';
import { masterKeyFrom } from '../../io/crypto/master-key-settings.ts';
import type { Database } from '../../io/postgres/database.ts';
import { rotateMasterKey } from '../../io/postgres/master-key-rotation.ts';
import { isSealedWith } from '../../io/postgres/network-trust.ts';
import { runningServices } from '../../io/postgres/service-instances.ts';
import type { AdminParts } from './admin-parts.ts';
import { SOURCE, withAudit } from './audited.ts';
import { CommandRefused } from './command.ts';

/** Where the next key waits until the database belongs to it. */
export function nextKeyFile(masterKeyFile: string): string {
  return `${masterKeyFile}.next`;
}

/** Refuses while a service runs that holds the old key, or the old database, in memory. */
export async function requireStoppedServices(db: Database, what: string): Promise<void> {
  const running = await runningServices(db);
  if (running.length === 0) return;
  const names = [...new Set(running)].join(' ');
  throw new CommandRefused(
    `${what} needs these stopped (./ev stop ${names}); they run, or ended seconds ago: ${names}`,
  );
}

/**
 * A rotation that was killed after its transaction: the database already belongs to the next key, so its file takes the
 * name. True: that was done. Safe at any time.
 */
export async function finishRotation(db: Database, masterKeyFile: string): Promise<boolean> {
  const next = nextKeyFile(masterKeyFile);
  if (!existsSync(next) || !(await isSealedWith(db, loadMasterKey({ path: next })))) return false;
  renameSync(next, masterKeyFile);
  return true;
}

/**
 * `ev admin rotate-master-key`. Killed at any moment it may be run again: until the transaction the old key is the
 * database's and the next one waits in its file; after it `finishRotation` ends what is left. The old key goes last.
 */
export async function rotate(parts: AdminParts, args: readonly string[]): Promise<void> {
  argumentsOf(args, { positionals: [] });
  const { masterKeyFile, masterKeyText } = parts.config;
  if (masterKeyText)
    throw new CommandRefused(
      'the master key comes from EV_MASTER_KEY: only one in a file (EV_MASTER_KEY_FILE) rotates',
    );
  await withAudit(parts, async (db, record) => {
    if (await finishRotation(db, masterKeyFile)) {
      parts.say(`an earlier rotation is finished: ${masterKeyFile} holds the new key`);
      return;
    }
    await requireStoppedServices(db, 'a new master key');
    const from = masterKeyFrom(parts.config);
    const to = nextKey(nextKeyFile(masterKeyFile));
    const { values } = await rotateMasterKey(db, { from, to, by: SOURCE.entity });
    renameSync(nextKeyFile(masterKeyFile), masterKeyFile);
    record(administration.masterKeyRotated(SOURCE, { fromId: from.id, toId: to.id, values }));
    parts.say(`${values} values are sealed with master key ${to.id} now (it was ${from.id}): ${masterKeyFile}`);
    parts.say(
      'Backups made before hold the old key themselves. Computers of Registry and further Centrals need to join anew.',
    );
  });
}

function nextKey(path: string): MasterKey {
  return existsSync(path) ? loadMasterKey({ path }) : createMasterKeyFile(path);
}
