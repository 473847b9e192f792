import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DirectoryEntry } from '../../io/postgres/service-instances.ts';
import { fallsBetween, placeOf } from './watch-services.ts';

const at = new Date(0);
const entry = (url: string, isAlive: boolean): DirectoryEntry => ({
  ...{ kind: 'driver', url, version: '1', startedAt: at, heartbeatAt: at, isAlive },
});

test('S-REG-12: a fall is told once, a return once; what was lost before the first look, or stopped in order, is neither', () => {
  const before = new Map(
    [entry('a', true), entry('b', false), entry('c', true), entry('e', false)].map((one) => [placeOf(one), one]),
  );
  const { lost, back } = fallsBetween(before, [
    entry('a', false),
    entry('b', true),
    entry('d', false),
    entry('e', false),
  ]);
  assert.deepEqual(
    lost.map((one) => one.url),
    ['a'],
  );
  assert.deepEqual(
    back.map((one) => one.url),
    ['b'],
  );
});
