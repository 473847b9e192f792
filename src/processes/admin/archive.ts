import { once } from 'node:events';
import { createReadStream, createWriteStream, fstatSync, openSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { type Static, Type } from 'typebox';
import { BadArgument } from '../../io/command-line.ts';
import { openWithPassphrase, sealWithPassphrase } from '../../io/crypto/passphrase-stream.ts';
import type { DumpStep } from '../../io/postgres/dump.ts';
import { parser } from '../../messages/validators.ts';
import { CommandRefused } from './command.ts';

/*  An archive is lines, compressed, then encrypted:  M manifest | T table | R row ... | E end, with the number of rows */

const ManifestSchema = Type.Object({
  format: Type.Literal('evcharging-backup'),
  madeAt: Type.String(),
  databaseName: Type.String(),
  masterKey: Type.String(),
  shape: Type.Object({
    migrations: Type.Array(Type.String()),
    auditMonths: Type.Array(Type.String({ pattern: '^\\d{4}-\\d{2}-01$' })),
    sequences: Type.Record(Type.String(), Type.Number()),
  }),
});
/** What a restore needs beside the rows: also the master key, without which the rows' secrets are worth nothing. */
export type Manifest = Static<typeof ManifestSchema>;
const parseManifest = parser(ManifestSchema);

const MIN_PASSPHRASE = 12;

/** The passphrase in a file that only its owner can read. */
export function passphraseFrom(path: string): string {
  try {
    const file = openSync(path, 'r');
    if (process.platform !== 'win32' && (fstatSync(file).mode & 0o077) !== 0)
      throw new BadArgument(`${path} can be read by others: chmod 600 it`);
    const passphrase = readFileSync(file, 'utf8').trim();
    if (passphrase.length < MIN_PASSPHRASE)
      throw new BadArgument(`the passphrase in ${path} must have at least ${MIN_PASSPHRASE} characters`);
    return passphrase;
  } catch (error) {
    if (error instanceof BadArgument) throw error;
    throw new BadArgument(`--passphrase-file ${path} cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
}

/** Writes the archive whole or not at all; returns how many rows and bytes. */
export async function writeArchive(
  to: { path: string; passphrase: string },
  manifest: Manifest,
  steps: AsyncIterable<DumpStep>,
): Promise<{ rows: number; bytes: number }> {
  const beside = `${to.path}.part`;
  let rows = 0;
  async function* lines(): AsyncGenerator<string> {
    yield `M ${JSON.stringify(manifest)}\n`;
    for await (const step of steps) {
      if ('row' in step) rows += 1;
      yield 'row' in step ? `R ${step.row}\n` : `T ${step.table}\n`;
    }
    yield `E ${rows}\n`;
  }
  rmSync(beside, { force: true });
  const file = createWriteStream(beside, { flags: 'wx', mode: 0o600, flush: true });
  try {
    await pipeline(lines, createGzip(), sealWithPassphrase(to.passphrase), file);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
  renameSync(beside, to.path);
  return { rows, bytes: file.bytesWritten };
}

/** Opens an archive: its manifest at once, its rows as they are read. Throws ARCHIVE_UNREADABLE, or CommandRefused. */
export async function readArchive(from: {
  path: string;
  passphrase: string;
}): Promise<{ manifest: Manifest; steps: AsyncIterable<DumpStep>; close(): void }> {
  const file = createReadStream(from.path);
  await once(file, 'open').catch((error: NodeJS.ErrnoException) => {
    throw new BadArgument(`${from.path} cannot be read (${error.code})`);
  });
  const opened = createGunzip();
  const failed = pipeline(file, openWithPassphrase(from.passphrase), opened).then(() => undefined);
  // Told by the reader below, once it has read what came before.
  failed.catch(() => undefined);
  const reader = createInterface({ input: opened, crlfDelay: Number.POSITIVE_INFINITY })[Symbol.asyncIterator]();
  const nextLine = async (): Promise<string> => {
    const { value, done } = await reader.next().catch(() => ({ value: undefined, done: true }));
    if (!done && value !== undefined) return value;
    await failed;
    throw new CommandRefused(`${from.path} ends too early`);
  };
  const first = await nextLine();
  const manifest = first.startsWith('M ') ? parseManifest(JSON.parse(first.slice(2))) : undefined;
  if (!manifest) throw new CommandRefused(`${from.path} holds no backup of this program`);
  async function* steps(): AsyncGenerator<DumpStep> {
    let rows = 0;
    for (;;) {
      const line = await nextLine();
      const [kind, rest] = [line.slice(0, 2), line.slice(2)];
      if (kind === 'R ') yield { row: rest };
      else if (kind === 'T ') yield { table: rest };
      else if (kind === 'E ' && Number(rest) === rows) break;
      else throw new CommandRefused(`${from.path} is damaged after ${rows} rows`);
      if (kind === 'R ') rows += 1;
    }
    await failed;
  }
  return { manifest, steps: steps(), close: () => file.destroy() };
}
