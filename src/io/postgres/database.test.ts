import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { test } from 'node:test';
import { createLog } from '../log.ts';
import { openDatabase } from './database.ts';

test('a server that takes the connection and says nothing holds neither who begins to listen nor who ends it', async () => {
  const sockets: Socket[] = [];
  const silent = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    socket.resume();
  });
  silent.listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const { port } = silent.address() as AddressInfo;
  const db = openDatabase({
    url: `postgres://ev@127.0.0.1:${port}/ev`,
    log: createLog('test', { level: 'silent' }),
    connectsWithinMs: 50,
  });
  const listening = await db.listen('a_channel', () => undefined);
  // The next try has begun.
  while (sockets.length < 2) await once(silent, 'connection');
  await listening.stop();
  await db.close();
  for (const socket of sockets) socket.destroy();
  silent.close();
});
