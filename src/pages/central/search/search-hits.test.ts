import assert from 'node:assert/strict';
import { test } from 'node:test';
import { panelPoint, panelSupply, testUuid } from '../../testing/scenes.ts';
import { hrefOf, joinedHits, type Live, localHits, serverQuestions } from './search-hits.ts';

const LIVE: Live = {
  points: [
    panelPoint('ALC1'),
    panelPoint('MAD10', { city: 'Madrid', zone: 'MAD', address: 'Calle de Alcalá 45' }),
    panelPoint('AVI1', { city: 'Ávila', zone: 'AVI' }),
  ],
  supplies: [panelSupply(7, { cpId: 'MAD10', driverId: 'USR007' })],
  drivers: [{ driverId: 'ANA', via: 'app', sinceMs: 0 }],
};
const found = (query: string) => localHits(query, LIVE).map(({ group, id }) => `${group} ${id}`);

test('the header search finds points by id, place and street without accents, cities, drivers and charges', () => {
  assert.deepEqual(found('alc'), ['POINT ALC1', 'POINT MAD10']);
  assert.deepEqual(found('avila'), ['POINT AVI1', 'CITY Ávila']);
  assert.deepEqual(found('alcala madrid'), ['POINT MAD10']);
  assert.deepEqual(found('usr007'), ['DRIVER USR007', `SUPPLY ${testUuid(7)}`]);
  assert.deepEqual(found('ana'), ['DRIVER ANA']);
  assert.deepEqual(found('  '), []);
  assert.deepEqual(found('alc9'), []);
});

test('Central is asked only what a page cannot know: other drivers, a ticket by its number, a charge by its id', () => {
  assert.deepEqual(Object.keys(serverQuestions('52')), ['drivers', 'supplies']);
  assert.deepEqual(Object.keys(serverQuestions('usr')), ['drivers']);
  assert.deepEqual(Object.keys(serverQuestions(testUuid(7))), ['supply']);
  for (const nothing of ['', 'a', 'C/ Italia', '%_', "'; DROP"]) assert.deepEqual(serverQuestions(nothing), {});
});

test('what the page and Central both found is listed once, and a point opens over the filtered points', () => {
  const local = localHits('usr007', LIVE);
  const again = { group: 'DRIVER', id: 'USR007', isConnected: false } as const;
  assert.deepEqual(joinedHits(local, [again]), local);
  const [point] = localHits('alc1', LIVE);
  assert.ok(point);
  assert.equal(hrefOf(point, { path: '/mapa', search: 'zone=ALC' }), '/mapa?zone=ALC&cp=ALC1');
  assert.equal(hrefOf(point, { path: '/recargas', search: 'cp=X' }), '/?cp=ALC1');
});
