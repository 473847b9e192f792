import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const PAGES = join(import.meta.dirname, '..');
/** Names, units and formats that are the same in every language. */
const SAME_EVERYWHERE =
  /^(EV Charging|Engine|Monitor|Central|Registry|OK|CSV|JSON|JSONL|HTML|TXT|PNG|API|ID|kWh?|kWh · €|ms|\/__states)$/;
/** A key of the texts, handed on to who looks it up. */
const KEY = /^[a-z]\w*(\.\w+)+$/;
const BETWEEN_TAGS = />([^<>{}]+)<\//g;
const SPOKEN = /(?:aria-label|title|alt|placeholder|label)="([^"]+)"/g;
const IS_WORDS = /\p{L}{2,}/u;

/** Words that stand in a component instead of in the files of texts. */
function literalsOf(source: string): string[] {
  const found = [...source.matchAll(BETWEEN_TAGS), ...source.matchAll(SPOKEN)].map(([, text = '']) => text.trim());
  return found.filter((text) => IS_WORDS.test(text) && !SAME_EVERYWHERE.test(text) && !KEY.test(text));
}

test('the search finds words in a component', () => {
  assert.deepEqual(literalsOf('<p title="Precio">Hola</p><b>{t("x")}</b><i>kWh</i>'), ['Hola', 'Precio']);
});

test('ux 9.9 no component has words of its own: they are in the texts, in both languages', () => {
  const files = globSync('**/*.tsx', { cwd: PAGES }).filter((file) => !file.endsWith('states.tsx'));
  assert.ok(files.length > 100);
  const found = files.flatMap((file) =>
    literalsOf(readFileSync(join(PAGES, file), 'utf8')).map((text) => `${file}: ${text}`),
  );
  assert.deepEqual(found, []);
});
