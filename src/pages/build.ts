import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readCommandLine } from '../io/command-line.ts';
import { checkBudget } from './bundle-budget.ts';
import { PAGE_APPS, type PageApp, pageConfig } from './vite.config.ts';

const PROJECT = fileURLToPath(new URL('../../', import.meta.url));
const OUT = join(PROJECT, 'dist/pages');
/** What a page may be made of: a change anywhere here builds again. */
const SOURCES = ['src/pages', 'src/messages', 'src/domain'];

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.test\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** Hash of all sources and of the exact packages: equal means the built pages are the ones wanted. */
function sourceHash(): string {
  const hash = createHash('sha256');
  const files = [...SOURCES.flatMap((folder) => filesBelow(join(PROJECT, folder))), join(PROJECT, 'package-lock.json')];
  for (const file of files)
    hash.update(file.slice(PROJECT.length)).update('\0').update(readFileSync(file)).update('\0');
  return hash.digest('hex');
}

async function buildApp(app: PageApp, hash: string): Promise<void> {
  const { build } = await import('vite');
  const fresh = join(OUT, `.${app}-${process.pid}`);
  await build(pageConfig(app, fresh));
  writeFileSync(join(fresh, 'source-hash.txt'), hash);
  // Whole or not at all: a server never serves half of a build.
  const place = join(OUT, app);
  rmSync(`${place}.old`, { recursive: true, force: true });
  if (existsSync(place)) renameSync(place, `${place}.old`);
  renameSync(fresh, place);
  rmSync(`${place}.old`, { recursive: true, force: true });
}

function isBuilt(app: PageApp, hash: string): boolean {
  const file = join(OUT, app, 'source-hash.txt');
  return existsSync(file) && readFileSync(file, 'utf8') === hash;
}

/** Builds every app of pages whose sources changed into dist/pages; true if anything was built. */
export async function buildPages(options: { isForced?: boolean } = {}): Promise<PageApp[]> {
  const hash = sourceHash();
  mkdirSync(OUT, { recursive: true });
  const wanted = PAGE_APPS.filter((app) => options.isForced || !isBuilt(app, hash));
  for (const app of wanted) await buildApp(app, hash);
  return wanted;
}

const USAGE = `ev pages [--force] [--sizes]

Builds the pages whose sources changed, into dist/pages.
  --force   builds all of them
  --sizes   tells what a first load takes of its budget; exit code 1: one takes more`;

/** `ev pages`. */
export async function main(args: string[]): Promise<void> {
  const asked = readCommandLine(args, {
    usage: USAGE,
    options: { force: { type: 'boolean' }, sizes: { type: 'boolean' } },
    read: ({ values }) => values,
  });
  if (asked === undefined) return;
  const startedAt = performance.now();
  const built = await buildPages({ isForced: asked.force });
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
  process.stdout.write(
    built.length === 0 ? 'pages: up to date\n' : `pages: built ${built.join(', ')} in ${seconds} s\n`,
  );
  if (!asked.sizes) return;
  const rows = PAGE_APPS.map((app) => checkBudget(app, join(OUT, app)));
  for (const row of rows)
    process.stdout.write(`${row.app}: first load ${row.firstLoadKb.toFixed(1)} kB gzip of ${row.budgetKb} kB\n`);
  if (rows.some((row) => row.firstLoadKb > row.budgetKb)) process.exitCode = 1;
}
