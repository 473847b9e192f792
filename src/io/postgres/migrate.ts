import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runner } from 'node-pg-migrate';

const FOLDER = fileURLToPath(new URL('../../../migrations', import.meta.url));

/** Names of this version's migrations, in order. */
export function migrationNames(): string[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.sql'))
    .map((file) => file.slice(0, -'.sql'.length))
    .sort();
}

/**
 * Brings the schema forward, to this version or by `count` steps: plain SQL files, forward only, one transaction each, an
 * advisory lock against two at once.
 */
export async function migrate(
  databaseUrl: string,
  options: { onStep?: (sentence: string) => void; count?: number } = {},
): Promise<string[]> {
  const { onStep = () => undefined, count = Number.POSITIVE_INFINITY } = options;
  const quiet = () => undefined;
  const applied = await runner({
    databaseUrl,
    dir: FOLDER,
    direction: 'up',
    migrationsTable: 'schema_migrations',
    count,
    singleTransaction: false,
    logger: { debug: quiet, info: quiet, warn: onStep, error: onStep },
  });
  return applied.map((step) => step.name);
}
