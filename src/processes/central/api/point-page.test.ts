import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PanelPoint } from '../../../messages/live-stream.ts';
import { pageOfPoints } from './point-page.ts';

const point = (cpId: string, state: string, city: string) => ({ cpId, state, city, zone: 'ALC', address: 'Calle 1' });
const POINTS = [
  point('CP003', 'AVAILABLE', 'Málaga'),
  point('CP001', 'OUT_OF_SERVICE', 'Alicante'),
  point('CP002', 'AVAILABLE', 'Alicante'),
] as PanelPoint[];
const ids = (query: Parameters<typeof pageOfPoints>[1]) => pageOfPoints(POINTS, query).page.map(({ cpId }) => cpId);

test('S-API-01, D-02: points can be asked for by state in English or Spanish, zone, city and part of a name', () => {
  assert.deepEqual(ids({}), ['CP001', 'CP002', 'CP003']);
  assert.deepEqual(ids({ state: 'AVAILABLE' }), ['CP002', 'CP003']);
  assert.deepEqual(ids({ estado: 'FUERA_DE_SERVICIO' }), ['CP001']);
  assert.deepEqual(ids({ estado: 'ACTIVADO', city: 'malaga' }), ['CP003']);
  assert.deepEqual(ids({ search: 'ALIC' }), ['CP001', 'CP002']);
  assert.deepEqual(ids({ zone: 'MAD' }), []);
});

test('S-API-01: pages follow each other by the last id, and each tells how many there are in all', () => {
  const first = pageOfPoints(POINTS, { limit: 2 });
  assert.deepEqual([first.total, first.nextCursor], [3, 'CP002']);
  const second = pageOfPoints(POINTS, { limit: 2, cursor: first.nextCursor! });
  assert.deepEqual([second.page.map(({ cpId }) => cpId), second.total, second.nextCursor], [['CP003'], 3, undefined]);
});
