import { linkSync, readFileSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { newRandomId } from '../new-id.ts';

/** A lock that is held; releasing twice is harmless. */
export type FileLock = { release(): void };

type Holder = { pid: number; startedAt: string; lockId: string };

/** Another living process holds the lock. */
export class FileLockedError extends Error {
  readonly code = 'FILE_LOCKED';
  readonly canRetry = true;
  readonly holderPid: number;

  constructor(path: string, holderPid: number) {
    super(`${path} is held by process ${holderPid}`);
    this.name = 'FileLockedError';
    this.holderPid = holderPid;
  }
}

/**
 * Takes the lock file, or takes it over from a process that is gone (pid and start time, so a reused pid does not
 * count as alive). Throws FILE_LOCKED. Within this process a second lock on the same path is refused too.
 */
export function lockFile(path: string): FileLock {
  const mine: Holder = { pid: process.pid, startedAt: startOf(process.pid) ?? '', lockId: newRandomId() };
  const own = `${path}.${mine.lockId}`;
  writeFileSync(own, JSON.stringify(mine), { flag: 'wx', mode: 0o600 });
  try {
    for (let attempt = 0; attempt < 10; attempt++) {
      if (tryLink(own, path)) return { release: () => releaseLock(path, mine) };
      removeIfStale(path);
    }
    throw new FileLockedError(path, readHolder(path)?.pid ?? 0);
  } finally {
    unlinkSync(own);
  }
}

/** A link appears at once and whole, and only if there is none. */
function tryLink(own: string, path: string): boolean {
  try {
    linkSync(own, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Throws FILE_LOCKED while the holder lives. */
function removeIfStale(path: string): void {
  const holder = readHolder(path);
  if (holder && isAlive(holder)) throw new FileLockedError(path, holder.pid);
  const aside = `${path}.stale-${newRandomId()}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    // Somebody else has just removed it: try again.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  const moved = readHolder(aside);
  // Between reading and moving, another process took it over: give it back.
  if (moved && moved.lockId !== holder?.lockId && isAlive(moved)) tryLink(aside, path);
  unlinkSync(aside);
}

function releaseLock(path: string, mine: Holder): void {
  if (readHolder(path)?.lockId === mine.lockId) unlinkSync(path);
}

function readHolder(path: string): Holder | undefined {
  try {
    const holder: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (holder === null || typeof holder !== 'object') return undefined;
    const { pid, startedAt, lockId } = holder as Partial<Holder>;
    return typeof pid === 'number' && typeof lockId === 'string'
      ? { pid, startedAt: startedAt ?? '', lockId }
      : undefined;
  } catch {
    // Missing or unreadable: a lock that names nobody binds nobody.
    return undefined;
  }
}

function isAlive({ pid, startedAt }: Holder): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives, under another user.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  const seenStart = startOf(pid);
  return seenStart === undefined || startedAt === '' || seenStart === startedAt;
}

/** Start time of a process in ticks since boot, with the boot's id; undefined where there is no /proc. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const afterName = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()}:${afterName[19]}`;
  } catch {
    return undefined;
  }
}
