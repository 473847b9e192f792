import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isSameAddress } from './ip-address.ts';

test('an address is the same however it is written, and a name is none', () => {
  assert.ok(isSameAddress('10.0.0.3', '10.0.0.3'));
  assert.ok(isSameAddress('fd00:0:0:0::13', 'FD00::13'));
  assert.ok(!isSameAddress('10.0.0.3', '10.0.0.30'));
  assert.ok(!isSameAddress('10.0.0.3', 'fd00::13'));
  assert.ok(!isSameAddress('pc3.lan', 'pc3.lan'));
});
