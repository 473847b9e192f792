import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, test } from 'node:test';
import WebSocket, { WebSocketServer } from 'ws';
import { createSocketGate } from './socket-limit.ts';

const server = createServer();
const sockets = new WebSocketServer({ server, verifyClient: createSocketGate({ total: 3, perAddress: 2 }) });
server.listen(0, '127.0.0.1');
await once(server, 'listening');
after(() => {
  for (const socket of sockets.clients) socket.terminate();
  server.close();
});

async function dial(): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  await once(socket, 'open');
  return socket;
}

test('a live connection too many is refused with 503, and a place that becomes free is given again', async () => {
  const first = await dial();
  await dial();
  await assert.rejects(dial(), /503/);
  const [atServer] = sockets.clients;
  assert.ok(atServer);
  const isGone = once(atServer, 'close');
  first.terminate();
  await isGone;
  await dial();
  assert.equal(sockets.clients.size, 2);
});
