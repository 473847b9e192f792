import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scaled, timeOf } from './bd-json.ts';
import { jsonLines } from './json-lines.ts';

test('every value of a JSON text is found at its line, whatever stands in its strings', () => {
  const text = '{\n "a": {"x:{": 1,\n  "y": [true,\n   {"z": "line\\nbreak, \\"quoted\\" }"}]},\n\n "b": null}\n';
  const lines = jsonLines(text);
  assert.deepEqual(Object.fromEntries(lines), {
    '': 1,
    '/a': 2,
    '/a/x:{': 2,
    '/a/y': 3,
    '/a/y/0': 3,
    '/a/y/1': 4,
    '/a/y/1/z': 4,
    '/b': 6,
  });
});

test('S-DB-13: decimals become integers only if nothing is lost; a time without a zone is UTC; a day must exist', () => {
  assert.equal(scaled(0.2999, 10_000), 2_999);
  assert.equal(scaled(1.005, 1_000), 1_005);
  assert.equal(scaled(0.29999, 10_000), undefined);
  assert.equal(timeOf('2025-11-02 10:00:00')?.toISOString(), '2025-11-02T10:00:00.000Z');
  assert.equal(timeOf('2025-11-02T10:00:00+01:00')?.toISOString(), '2025-11-02T09:00:00.000Z');
  assert.equal(timeOf('2025-02-30T10:00:00'), undefined);
});
