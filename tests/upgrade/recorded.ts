import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TSchema } from 'typebox';
import { CONVERSATIONS } from '../../src/messages/conversations.ts';
import { WIRE_VERSION } from '../../src/messages/envelope.ts';

const FIXTURES = fileURLToPath(new URL('../fixtures', import.meta.url));
const MIGRATIONS = fileURLToPath(new URL('../../migrations', import.meta.url));
const CHECKSUMS = join(FIXTURES, 'migrations.json');

/** One direction of a conversation as an older version had it (ADR 0011). */
export type RecordedConversation = {
  wireVersion: number;
  /** Its newest migration. */
  schemaVersion: string;
  name: string;
  messages: Record<string, { schema: TSchema; example: unknown }>;
};

/** Text of each migration by its name, in order. */
export function migrations(): Map<string, string> {
  const names = readdirSync(MIGRATIONS).filter((file) => file.endsWith('.sql'));
  return new Map(names.sort().map((name) => [name, readFileSync(join(MIGRATIONS, name), 'utf8')]));
}

/** SHA-256 of a migration's text. */
export function checksum(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The checksums that were recorded, in order. */
export function recordedChecksums(): Record<string, string> {
  return existsSync(CHECKSUMS) ? JSON.parse(readFileSync(CHECKSUMS, 'utf8')) : {};
}

/** Every version of the messages that was recorded. */
export function recordedMessages(): Map<string, RecordedConversation[]> {
  const versions = readdirSync(FIXTURES).filter((name) => /^messages-v\d+$/.test(name));
  const read = (version: string) =>
    readdirSync(join(FIXTURES, version)).map((file) => JSON.parse(readFileSync(join(FIXTURES, version, file), 'utf8')));
  return new Map(versions.map((version) => [version, read(version)]));
}

/** Adds migrations that are not recorded yet; what is recorded stays as it is. */
export function recordMigrations(): void {
  const recorded = recordedChecksums();
  const all = [...migrations()].map(([name, text]) => [name, recorded[name] ?? checksum(text)]);
  writeFileSync(CHECKSUMS, `${JSON.stringify(Object.fromEntries(all), null, 2)}\n`);
}

/** Records the messages of this version; throws if that version was recorded before. */
export function recordMessages(version: string): void {
  const folder = join(FIXTURES, `messages-${version}`);
  mkdirSync(folder);
  const schemaVersion = [...migrations().keys()].at(-1)?.replace('.sql', '') ?? '';
  for (const { name, catalogue, bodies } of CONVERSATIONS) {
    const messages = Object.fromEntries(
      Object.entries(catalogue).map(([type, schema]) => [type, { schema, example: bodies[type] }]),
    );
    const recorded: RecordedConversation = { wireVersion: WIRE_VERSION, schemaVersion, name, messages };
    writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(recorded, null, 1)}\n`);
  }
}
