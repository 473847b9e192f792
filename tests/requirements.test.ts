import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { REQUIREMENTS_PAGE, requirementRows, wrongRows } from '../src/local/check/requirements.ts';

const projectFolder = resolve(import.meta.dirname, '..');
const rows = requirementRows(readFileSync(join(projectFolder, REQUIREMENTS_PAGE), 'utf8'));

test('docs/requirements.md has every id once', () => {
  const counts = new Map<string, number>();
  for (const { id } of rows) {
    const family = id.split('-')[0] ?? '';
    counts.set(family, (counts.get(family) ?? 0) + 1);
  }
  assert.deepEqual(Object.fromEntries(counts), { D: 20, S: 274, R1: 47, R2: 46, F: 68 });
  assert.equal(new Set(rows.map(({ id }) => id)).size, rows.length);
});

test('each test, document and section that docs/requirements.md names exists', () => {
  assert.deepEqual(wrongRows(rows, projectFolder), []);
});
