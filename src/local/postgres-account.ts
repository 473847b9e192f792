import { execFile } from 'node:child_process';
import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The account that PostgreSQL runs under, because it refuses to run as root. */
export type Account = { name: string; uid: number; gid: number };

/** As root: `postgres`, else `nobody`, else a new system account. As anybody else undefined: PostgreSQL runs as that user. */
export async function postgresAccount(): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const found = (await accountOf('postgres')) ?? (await accountOf('nobody'));
  if (found !== undefined) return found;
  await run('useradd', ['--system', '--no-create-home', 'postgres']);
  const created = await accountOf('postgres');
  if (created === undefined) throw new Error('no account to run PostgreSQL under. Type: useradd --system postgres');
  return created;
}

async function accountOf(name: string): Promise<Account | undefined> {
  const ids = await Promise.all([idOf('-u', name), idOf('-g', name)]).catch(() => undefined);
  return ids === undefined ? undefined : { name, uid: ids[0], gid: ids[1] };
}

async function idOf(flag: '-u' | '-g', name: string): Promise<number> {
  const answer = await run('id', [flag, name]);
  return Number(answer.stdout.trim());
}

/** The first folder above (or at) this path that the account may not walk through, undefined if all are open to it. */
export function closedFolder(path: string, account: Account): string | undefined {
  for (let folder = path; ; folder = dirname(folder)) {
    if (!mayWalkThrough(folder, account)) return folder;
    if (folder === dirname(folder)) return undefined;
  }
}

function mayWalkThrough(folder: string, account: Account): boolean {
  const found = statSync(folder, { throwIfNoEntry: false });
  if (found === undefined) return true;
  if (found.uid === account.uid) return (found.mode & 0o100) !== 0;
  if (found.gid === account.gid) return (found.mode & 0o010) !== 0;
  return (found.mode & 0o001) !== 0;
}
