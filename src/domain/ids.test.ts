import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cpClientId, driverClientId, idOfClient, isClientId, isCpId, isDriverId, isUuid, isZone } from './ids.ts';

test('ids are upper case, of bounded length, and nothing else (F-32)', () => {
  assert.deepEqual(['CP001', 'C1', `C${'0'.repeat(19)}`].map(isCpId), [true, true, true]);
  assert.deepEqual(
    ['C', 'cp001', '1CP', 'CP 1', 'CP001\n', `C${'0'.repeat(20)}`, ''].map(isCpId),
    Array(7).fill(false),
  );
  assert.deepEqual([isDriverId('DRV001'), isDriverId('drv')], [true, false]);
  assert.deepEqual([isZone('ALC'), isZone('A'), isZone('ALICANTE1')], [true, false, false]);
  assert.deepEqual([isUuid('0197a000-0000-7000-8000-000000000001'), isUuid('x')], [true, false]);
});

test('a client id says what it is', () => {
  assert.equal(isClientId(cpClientId('CP001')), true);
  assert.equal(isClientId(driverClientId('DRV001')), true);
  assert.deepEqual(['cp:', 'CP001', 'web:CP001', 'cp:CP001:x', 'cp:cp1'].map(isClientId), Array(5).fill(false));
  assert.equal(idOfClient('driver:DRV001'), 'DRV001');
});
