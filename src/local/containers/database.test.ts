import assert from 'node:assert/strict';
import { test } from 'node:test';
import { databaseRules, guestsIn } from './database.ts';

test('D-16 R2-70: a database in a container takes plain logins from its own network, and a guest over TLS by the login of its service', () => {
  const guests = guestsIn({ JOIN_GUESTS: 'registry@10.0.0.3,central@fd00::4' });
  assert.deepEqual(databaseRules(['172.20.0.3/16'], guests).trim().split('\n'), [
    'local all all scram-sha-256',
    'host all all 127.0.0.1/32 scram-sha-256',
    'host all all 172.20.0.3/16 scram-sha-256',
    'hostssl "ev_charging" "ev_charging_registry" "10.0.0.3/32" scram-sha-256',
    'hostssl "ev_charging" "ev_charging_central" "fd00::4/128" scram-sha-256',
  ]);
  assert.deepEqual([guestsIn({}), guestsIn({ JOIN_GUESTS: '' })], [[], []]);
});

test('F-06: a guest that is no address or name is refused, and writes no rule of its own', () => {
  for (const text of [
    'registry@"',
    'registry@a" "x',
    'registry@a\nhost all all all trust',
    'all@10.0.0.3',
    "central@'a'",
  ])
    assert.throws(() => guestsIn({ JOIN_GUESTS: text }), /EV_REGISTRY_HOST/, text);
});
