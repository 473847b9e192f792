import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { test } from 'node:test';
import { countingClock } from '../../testing/counting-clock.ts';
import { systemClock } from '../clock.ts';
import { createLog } from '../log.ts';
import { KafkaConnection } from './kafka.ts';

test('a reader that is closed while it joins its group leaves no watch behind: it kept its process for ever', async () => {
  // A broker that takes connections and never answers.
  const sockets = new Set<Socket>();
  const silent = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  silent.listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const { port } = silent.address() as AddressInfo;
  const counted = countingClock(systemClock);
  const log = createLog('test', { level: 'silent' });
  const kafka = new KafkaConnection({ brokers: [`127.0.0.1:${port}`], clientId: 'test', clock: counted.clock, log });
  const group = kafka.groupReader({
    ...{ groupId: 'test', groupInstanceId: 'one', topics: ['a-topic'], isOpen: () => true },
    ...{ onRecords: () => undefined, onRevoked: () => undefined },
  });
  const starting = group.start();
  starting.catch(() => undefined);
  await once(silent, 'connection');
  await group.close();
  await kafka.close();
  await assert.rejects(starting, { code: 'CLOSED' });
  assert.equal(counted.repeating, 0);
  for (const socket of sockets) socket.destroy();
  silent.close();
});
