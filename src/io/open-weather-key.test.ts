import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { findApiKey } from './open-weather-key.ts';

const folder = mkdtempSync(join(tmpdir(), 'ev-key-'));
after(() => rmSync(folder, { recursive: true }));

test('S-WEA-04, S-CFG-02: the environment wins over api_key.txt, that over .env; a file may come while it runs', () => {
  const find = (fromEnvironment = '') => findApiKey({ fromEnvironment, folder });
  assert.deepEqual(find(), { value: '', place: 'NONE' });
  writeFileSync(join(folder, '.env'), 'OTHER=1\nOPENWEATHER_API_KEY="of .env"\n');
  assert.deepEqual(find(), { value: 'of .env', place: 'DOT_ENV' });
  writeFileSync(join(folder, 'api_key.txt'), '\n  of the file \nsecond line\n');
  assert.deepEqual(find(), { value: 'of the file', place: 'API_KEY_TXT' });
  assert.deepEqual(find('of the environment'), { value: 'of the environment', place: 'ENVIRONMENT' });
});
