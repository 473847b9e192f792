import assert from 'node:assert/strict';
import { test } from 'node:test';
import { firstLoadFiles } from './bundle-budget.ts';

test('the first load counts the entry, what it imports and one language, not what is loaded later', () => {
  const files = firstLoadFiles({
    'index.html': { file: 'a.js', css: ['a.css'], imports: ['_b.js'], isEntry: true },
    '_b.js': { file: 'b.js' },
    '../shared/texts/es.ts': { file: 'es.js' },
    '../shared/texts/en.ts': { file: 'en.js' },
    'later.tsx': { file: 'later.js' },
  });
  assert.deepEqual(files.sort(), ['a.css', 'a.js', 'b.js', 'es.js']);
});
