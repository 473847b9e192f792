import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Batch } from '../../../domain/batch.ts';
import { isUuid } from '../../../domain/ids.ts';
import { lockFile } from '../../../io/journal/file-lock.ts';
import type { Log } from '../../../io/log.ts';
import { writeWhole } from '../../../io/private-files.ts';
import { BatchViewSchema } from '../../../messages/batches.ts';
import { SessionTokenSchema } from '../../../messages/driver-central.ts';
import { parser } from '../../../messages/validators.ts';

/** A batch with the login it runs under; without one it waits for its driver to sign in. */
export type KeptBatch = { batch: Batch; sessionToken: string | undefined };

/** Batches on disk: one 0600 file each, whole or as it was before, so that a kill -9 at any moment loses none. */
export type BatchFiles = {
  load(): KeptBatch[];
  save(kept: KeptBatch): void;
  remove(batchId: string): void;
  /** Lets the folder go. */
  stop(): void;
};

const readBatch = parser(BatchViewSchema);
const readToken = parser(SessionTokenSchema);

/** Opens the folder (0700, made if missing). Throws FILE_LOCKED while another process runs its batches. */
export function openBatchFiles(folder: string, log: Log): BatchFiles {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const lock = lockFile(join(folder, 'lock'));
  const fileOf = (batchId: string) => join(folder, `${batchId}.json`);
  const loadOne = (file: string): KeptBatch | undefined => {
    try {
      const content: { batch?: unknown; sessionToken?: unknown } = JSON.parse(readFileSync(file, 'utf8'));
      const batch = readBatch(content.batch);
      if (batch) return { batch: batch as Batch, sessionToken: readToken(content.sessionToken) };
      log.error({ file }, 'a batch cannot be read: it is put aside');
    } catch (error) {
      log.error({ err: error, file }, 'a batch cannot be read: it is put aside');
    }
    renameSync(file, `${file}.bad`);
    return undefined;
  };
  return {
    load: () =>
      readdirSync(folder)
        .filter((name) => name.endsWith('.json') && isUuid(name.slice(0, -'.json'.length)))
        .map((name) => loadOne(join(folder, name)))
        .filter((kept) => kept !== undefined),
    save: (kept) => writeWhole(fileOf(kept.batch.batchId), JSON.stringify(kept)),
    remove: (batchId) => rmSync(fileOf(batchId), { force: true }),
    stop: () => lock.release(),
  };
}
