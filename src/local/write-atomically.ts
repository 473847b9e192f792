import { rename, writeFile } from 'node:fs/promises';

let writes = 0;

/** Writes a file so that a reader sees the old or the new content, never a part. */
export async function writeAtomically(file: string, content: string, mode: number): Promise<void> {
  writes += 1;
  const fresh = `${file}.${process.pid}.${writes}`;
  await writeFile(fresh, content, { mode });
  await rename(fresh, file);
}
