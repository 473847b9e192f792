import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseLanguage } from './language-choice.ts';
import { matchesSearch } from './search-text.ts';
import { supplyFigures } from './supply-figures.ts';

test('the address decides the language, then the saved choice, then the browser, then Spanish', () => {
  assert.equal(chooseLanguage({ search: '?lang=en', saved: 'es', preferred: ['es'] }), 'en');
  assert.equal(chooseLanguage({ search: '', saved: 'en', preferred: ['es'] }), 'en');
  assert.equal(chooseLanguage({ search: '', saved: null, preferred: ['fr', 'ca-ES', 'en'] }), 'es');
  assert.equal(chooseLanguage({ search: '?lang=xx', saved: 'xx', preferred: ['de', 'en-US'] }), 'en');
  assert.equal(chooseLanguage({ search: '', saved: null, preferred: ['de'] }), 'es');
});

test('a search forgives accents and case, and every word must be found', () => {
  assert.equal(matchesSearch('gran via alc', ['CP003', 'ALC', 'Gran Vía 22']), true);
  assert.equal(matchesSearch('gran madrid', ['CP003', 'ALC', 'Gran Vía 22']), false);
});

test('the figures of a supply never go back: the reading or the supply, whichever is further', () => {
  const supply = { powerW: 10, energyWh: 100, amountCents: 3 };
  const reading = { powerW: 20, energyWh: 120, amountCents: 4, receivedAtMs: 1_000 };
  assert.deepEqual(supplyFigures(supply, reading, 3_500), {
    powerW: 20,
    energyWh: 120,
    amountCents: 4,
    readingAgeMs: 2_500,
  });
  assert.equal(supplyFigures({ ...supply, energyWh: 130 }, reading, 3_500).energyWh, 130);
  assert.equal(supplyFigures(supply, undefined, 0).readingAgeMs, undefined);
});
