import { closeSync, fdatasyncSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { readFileIfThere } from './secret-file.ts';

/** Many secrets in one file (0600), one JSON value a line; a later line replaces an earlier one of its kind. */
export type SecretLines = {
  /** What the file held when it was opened, oldest first; a torn last line is left out. */
  readonly values: readonly unknown[];
  /** On disk when it returns. */
  append(value: unknown): void;
  stop(): Promise<void>;
};

/** Opens the file for appending; its folder is made 0700. */
export function openSecretLines(path: string): SecretLines {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const content = readFileIfThere(path) ?? '';
  const file = openSync(path, 'a', 0o600);
  // A line that a crash cut short must not swallow the next one.
  if (content !== '' && !content.endsWith('\n')) writeSync(file, '\n');
  return {
    values: content.split('\n').flatMap(parsed),
    append(value) {
      writeSync(file, `${JSON.stringify(value)}\n`);
      fdatasyncSync(file);
    },
    stop: async () => closeSync(file),
  };
}

function parsed(line: string): unknown[] {
  if (line === '') return [];
  try {
    return [JSON.parse(line)];
  } catch {
    // Torn: the registration it belonged to was never confirmed to anybody.
    return [];
  }
}
