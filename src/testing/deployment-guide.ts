import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

const GUIDE = join('docs', 'deployment.md');
const PROJECT_FOLDER = resolve(import.meta.dirname, '..', '..');
/** The addresses of the guide begin with this. */
const PREFIX_OF_GUIDE = '192.168.1.';

/** What docs/deployment.md says to type, so that what a reader types is what is tested. */
export type DeploymentGuide = {
  /** Its command lines in their order. */
  lines: string[];
  /** The first of them that is like this, with the join code of the line like it in what Central's start has printed. */
  says: (like: RegExp, printed?: string) => string;
};

/** Reads what the guide says under these headings; its addresses become those of the test's network. */
export async function readGuide(prefix: string, ...headings: string[]): Promise<DeploymentGuide> {
  const page = await readFile(join(PROJECT_FOLDER, GUIDE), 'utf8');
  const lines = headings.flatMap((heading) => commandsUnder(page, heading, prefix));
  return {
    lines,
    says(like, printed = '') {
      const line = lines.find((one) => like.test(one));
      assert.ok(line, `${GUIDE} has no command like ${like}`);
      const withCode = printed.split('\n').find((one) => like.test(one));
      return line.replace('<code>', /EV_JOIN=(\S+)/.exec(withCode ?? '')?.[1] ?? '');
    },
  };
}

/** The command lines of a page's section, at the addresses of the test's network. */
export function commandsUnder(page: string, heading: string, prefix: string): string[] {
  const section = page.split(/^## /m).find((one) => one.startsWith(`${heading}\n`)) ?? '';
  const blocks = [...section.matchAll(/^```\n([\s\S]*?)^```$/gm)];
  const lines = blocks.flatMap(([, text = '']) => text.trim().split('\n'));
  return lines.map((line) => line.replaceAll(PREFIX_OF_GUIDE, `${prefix}.`));
}
