import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UnknownAccountLocks } from './unknown-account-locks.ts';

test('D-15: an id that is no account is locked at each fifth try, as an account is, and opens again', () => {
  const locks = new UnknownAccountLocks({ maxFailures: 5, lockMs: 60_000 });
  const tries = Array.from({ length: 5 }, () => locks.noteFailure('NOBODY', 1_000));
  assert.deepEqual(tries, [false, false, false, false, true]);
  assert.equal(locks.lockedForMs('NOBODY', 1_000), 60_000);
  assert.equal(locks.lockedForMs('NOBODY', 61_000), 0);
  assert.equal(locks.lockedForMs('OTHER', 1_000), 0);
  assert.equal(locks.noteFailure('NOBODY', 61_000), false, 'it is counted anew');
});

test('its memory is bounded', () => {
  const locks = new UnknownAccountLocks({ maxFailures: 1, lockMs: 60_000 });
  for (let id = 0; id <= 10_000; id += 1) locks.noteFailure(`ID${id}`, 0);
  assert.equal(locks.lockedForMs('ID0', 0), 0);
  assert.equal(locks.lockedForMs('ID10000', 0), 60_000);
});
