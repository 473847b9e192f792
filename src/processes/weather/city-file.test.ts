import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createLog } from '../../io/log.ts';
import type { CpLocation } from '../../messages/weather-api.ts';
import { CityFile, readCities } from './city-file.ts';

const at = (city: string, ...cpIds: string[]): CpLocation => ({
  ...{ locationId: 1, city, country: 'ES', watched: { city, country: 'ES' }, cpIds },
});

test('R2-50: a file gives each point its city; lines that are none are told by number', () => {
  const text = '# cities\nCP001 San Sebastián, es\r\n\n  CP002\tOslo,NO\ncp003 Oslo,NO\nCP004 Oslo\nCP001 Elche,ES\n';
  assert.deepEqual(readCities(text), {
    cities: [
      { cpId: 'CP001', place: { city: 'Elche', country: 'ES' } },
      { cpId: 'CP002', place: { city: 'Oslo', country: 'NO' } },
    ],
    badLines: [5, 6],
  });
});

test('R2-50: a line counts once: what is changed elsewhere afterwards stays, a changed line counts again, a late point is waited for', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'ev-cities-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'cities.txt');
  const file = new CityFile(path, createLog('test', { level: 'silent' }));
  const moved = (...locations: CpLocation[]) =>
    file.due(locations).map((one) => {
      file.noteApplied(one);
      return `${one.cpId} ${one.place.city}`;
    });
  assert.deepEqual(moved(at('Elche', 'CP001')), [], 'there is no file yet');
  writeFileSync(path, 'CP001 Oslo,ES\nCP002 Oslo,ES\nCP003 Elche,ES\n');
  assert.deepEqual(moved(at('Elche', 'CP001', 'CP003')), ['CP001 Oslo'], 'CP002 is not there, CP003 stands there');
  assert.deepEqual(moved(at('Bergen', 'CP001'), at('Alcoy', 'CP003')), [], 'somebody moved them at the page');
  assert.deepEqual(moved(at('Elche', 'CP002')), ['CP002 Oslo']);
  writeFileSync(path, 'CP001 Cuenca,ES\n');
  assert.deepEqual(moved(at('Bergen', 'CP001')), ['CP001 Cuenca']);
});
