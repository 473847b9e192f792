import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Something that must not lie about in the open, with the name under which a test reports it. */
export type Secret = { name: string; bytes: Buffer };

/** A secret in the forms in which it might be written: as it is, in hex, in base64 and base64url. */
export function formsOf(name: string, value: string | Buffer): Secret[] {
  const bytes = Buffer.from(value);
  const encoded = ['hex', 'base64', 'base64url'] as const;
  return [
    { name, bytes },
    ...encoded.map((encoding) => ({
      name: `${name} (${encoding})`,
      // Without padding, which is not there when more follows.
      bytes: Buffer.from(bytes.toString(encoding).replace(/=+$/, '')),
    })),
  ];
}

/** `place: name` for each secret that the bytes hold. */
export function secretsIn(place: string, content: Buffer, secrets: readonly Secret[]): string[] {
  return secrets.filter(({ bytes }) => content.includes(bytes)).map(({ name }) => `${place}: ${name}`);
}

/** The same for every file below a folder whose name ends so. */
export function secretsBelow(folder: string, ending: string, secrets: readonly Secret[]): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => join(entry.parentPath, entry.name))
    .flatMap((file) => secretsIn(file, readFileSync(file), secrets));
}
