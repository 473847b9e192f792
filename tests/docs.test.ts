import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { staleDocs } from '../src/local/docs/write-docs.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

test('docs/config.md and docs/messages.md say what the code says (./ev docs writes them)', () => {
  assert.deepEqual(staleDocs(), []);
});

for (const page of ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'src/README.md']) {
  test(`every link of ${page} leads somewhere`, () => {
    const text = readFileSync(join(root, page), 'utf8');
    const targets = [...text.matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)].map((match) => match[1] as string);
    const broken = targets.filter(
      (target) => !/^https?:/.test(target) && !existsSync(join(root, dirname(page), target)),
    );
    assert.deepEqual(broken, []);
  });
}
