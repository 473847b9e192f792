import type { Queries } from './database.ts';

/** Keeps a record as it was received, still sealed (F-08). */
export async function insertDeadLetter(
  queries: Queries,
  letter: { source: string; code: string; record: Uint8Array },
): Promise<void> {
  await queries.run('INSERT INTO dead_letters (source, code, record) VALUES ($1, $2, $3)', [
    letter.source,
    letter.code,
    letter.record,
  ]);
}
