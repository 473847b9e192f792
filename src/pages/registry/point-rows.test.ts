import assert from 'node:assert/strict';
import { test } from 'node:test';
import { registryPoint } from '../testing/scenes.ts';
import { choiceFrom, countByStatus, pointRows, pointsCsv } from './point-rows.ts';

const points = [
  registryPoint('CP010', { registeredAtMs: 10 }),
  registryPoint('CP002', { registeredAtMs: 30, status: 'PENDING' }),
  registryPoint('MAD1', { city: 'Málaga', status: 'RETIRED' }),
  registryPoint('CP001', { registeredAtMs: 20 }),
];
const ids = (query: string) => pointRows(points, choiceFrom(new URLSearchParams(query))).map((point) => point.cpId);

test('points stand by id and number, without those that were retired', () => {
  assert.deepEqual(ids(''), ['CP001', 'CP002', 'CP010']);
  assert.deepEqual(ids('sort=cpId.desc'), ['CP010', 'CP002', 'CP001']);
  assert.deepEqual(ids('sort=created'), ['CP010', 'CP001', 'CP002']);
});

test('state and search find them, accents or not', () => {
  assert.deepEqual(ids('status=RETIRED&q=malaga'), ['MAD1']);
  assert.deepEqual(ids('status=PENDING'), ['CP002']);
  assert.deepEqual(ids('q=nowhere'), []);
  assert.equal(countByStatus(points).REGISTERED, 2);
});

test('nonsense in the address is the plain list', () => {
  assert.deepEqual(choiceFrom(new URLSearchParams('sort=x.y&status=z&page=-3')), {
    ...{ search: '', status: undefined, sort: 'cpId', isDescending: false, page: 1 },
  });
});

test('ux 3.4 the file has a line for each point that is shown, with times in UTC', () => {
  const [head = '', line = '', end] = pointsCsv([registryPoint('CP001', { registeredAtMs: 0 })]).split('\r\n');
  assert.equal(head.split(',').length, line.split(',').length);
  assert.match(line, /^CP001,ALC,C\/ Italia 5,Alicante,ES,,,2500,50000,REGISTERED,1970-01-01T00:00:00.000Z,/);
  assert.equal(end, '');
});
