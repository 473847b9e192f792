import { fileURLToPath } from 'node:url';
import { runner } from 'node-pg-migrate';

/** Brings the schema forward to this version: plain SQL files, forward only, one transaction each, an advisory lock against two at once. */
export async function migrate(
  databaseUrl: string,
  onStep: (sentence: string) => void = () => undefined,
): Promise<string[]> {
  const quiet = () => undefined;
  const applied = await runner({
    databaseUrl,
    dir: fileURLToPath(new URL('../../../migrations', import.meta.url)),
    direction: 'up',
    migrationsTable: 'schema_migrations',
    count: Number.POSITIVE_INFINITY,
    singleTransaction: false,
    logger: { debug: quiet, info: quiet, warn: onStep, error: onStep },
  });
  return applied.map((step) => step.name);
}
