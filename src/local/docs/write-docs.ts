import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isPlainCall } from '../../io/command-line.ts';
import { configPage } from './config-page.ts';
import { messagesPage } from './messages-page.ts';

const PAGES: readonly [file: string, make: () => string][] = [
  ['docs/config.md', configPage],
  ['docs/messages.md', messagesPage],
];

const pathOf = (file: string) => fileURLToPath(new URL(`../../../${file}`, import.meta.url));

/** The generated pages whose text in the repository is no longer true. */
export function staleDocs(): string[] {
  return PAGES.filter(([file, make]) => {
    try {
      return readFileSync(pathOf(file), 'utf8') !== make();
    } catch {
      return true;
    }
  }).map(([file]) => file);
}

const USAGE = `ev docs

Writes the generated pages anew: ${PAGES.map(([file]) => file).join(' and ')}.`;

/** `ev docs`. */
export async function main(args: string[]): Promise<void> {
  if (!isPlainCall(args, USAGE)) return;
  for (const [file, make] of PAGES) {
    writeFileSync(pathOf(file), make());
    process.stdout.write(`${file} written\n`);
  }
}
