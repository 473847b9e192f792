import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hostsOf, javaFlags } from './kafka-settings.ts';

test('F-04: a broker with a numeric address asks no DNS for its own name, on a network without one it would keep its clients waiting', () => {
  assert.equal(hostsOf({ host: '192.168.1.10' }), '127.0.0.1 localhost\n192.168.1.10 kafka\n');
  assert.equal(hostsOf({ host: '0.0.0.0' }), '127.0.0.1 localhost\n');
  assert.equal(hostsOf({ host: 'kafka.lan' }), undefined);
  const flags = javaFlags({ archive: 'a', log4jFile: 'l', hostsFile: '/k/hosts', isMakingArchive: false });
  assert.ok(flags.includes('-Djdk.net.hosts.file=/k/hosts'));
});
