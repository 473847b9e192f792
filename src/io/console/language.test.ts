import assert from 'node:assert/strict';
import { test } from 'node:test';
import { consoleLanguage } from './language.ts';

test('a console speaks the language of EV_LANG, else of the terminal, else Spanish', () => {
  assert.equal(consoleLanguage({}), 'es');
  assert.equal(consoleLanguage({ LANG: 'C.UTF-8' }), 'es');
  assert.equal(consoleLanguage({ LANG: 'en_GB.UTF-8' }), 'en');
  assert.equal(consoleLanguage({ LANG: 'en_US.UTF-8', LC_ALL: 'ca_ES.UTF-8' }), 'es');
  assert.equal(consoleLanguage({ LANG: 'es_ES.UTF-8', EV_LANG: 'en' }), 'en');
  assert.equal(consoleLanguage({ LANG: 'de_DE.UTF-8' }), 'es');
});
