import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import type { KEY_PLACES } from '../messages/weather-view.ts';

/** The key of OpenWeather and where it was found. Never to be written anywhere. */
export type ApiKey = { value: string; place: (typeof KEY_PLACES)[number] };

const NO_KEY: ApiKey = { value: '', place: 'NONE' };

/** The environment wins, then `api_key.txt`, then `.env` (S-WEA-04). Files are read at each call: a new key needs no restart. */
export function findApiKey(options: { fromEnvironment: string; folder: string }): ApiKey {
  if (options.fromEnvironment !== '') return { value: options.fromEnvironment, place: 'ENVIRONMENT' };
  const [line = ''] = contentOf(join(options.folder, 'api_key.txt')).trim().split('\n');
  if (line.trim() !== '') return { value: line.trim(), place: 'API_KEY_TXT' };
  const { OPENWEATHER_API_KEY: named = '' } = parseEnv(contentOf(join(options.folder, '.env')));
  return named === '' ? NO_KEY : { value: named, place: 'DOT_ENV' };
}

/** A file that cannot be read holds no key. */
function contentOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
