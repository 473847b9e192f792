import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { PageApp } from './vite.config.ts';

/** First-load script and style of each app, kB gzip (stack.md; the point's page takes the Monitor's figure, the smaller of its two). */
export const BUDGET_KB: Readonly<Record<PageApp, number>> = {
  central: 230,
  driver: 145,
  point: 140,
  registry: 150,
  weather: 140,
};

type ManifestEntry = { file: string; css?: string[]; imports?: string[]; isEntry?: boolean; src?: string };
type Manifest = Record<string, ManifestEntry>;

/** Files that the browser fetches before the first screen: the entry, what it imports, and one language. */
export function firstLoadFiles(manifest: Manifest): string[] {
  const files = new Set<string>();
  const visit = (key: string) => {
    const entry = manifest[key];
    if (!entry || files.has(entry.file)) return;
    files.add(entry.file);
    for (const css of entry.css ?? []) files.add(css);
    for (const imported of entry.imports ?? []) visit(imported);
  };
  for (const [key, entry] of Object.entries(manifest)) if (entry.isEntry || /texts\/es\.ts$/.test(key)) visit(key);
  return [...files];
}

/** Measures a built app against its budget. */
export function checkBudget(app: PageApp, folder: string): { app: PageApp; firstLoadKb: number; budgetKb: number } {
  const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as Manifest;
  const bytes = firstLoadFiles(manifest).reduce(
    (sum, file) => sum + gzipSync(readFileSync(join(folder, file)), { level: 9 }).length,
    0,
  );
  return { app, firstLoadKb: bytes / 1_000, budgetKb: BUDGET_KB[app] };
}
