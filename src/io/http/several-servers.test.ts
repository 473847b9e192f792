import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, test } from 'node:test';
import { HttpUnreachable } from './client.ts';
import { createClientOfSeveral } from './several-servers.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** A server that answers with its name, or takes the request and hangs up. */
async function serve(name: string, options: { hangsUp?: boolean } = {}) {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    seen.push(`${request.method} ${request.url}`);
    if (options.hangsUp) return request.socket.destroy();
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(name));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { seen, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/** Nobody listens there any more. */
async function gone(): Promise<string> {
  const { url } = await serve('gone');
  await new Promise((resolve) => servers.pop()!.close(resolve));
  return url;
}

test('two Centrals: while one cannot be reached the next is asked, at once and from then on', async () => {
  const other = await serve('b');
  const client = createClientOfSeveral([await gone(), other.url], {});
  assert.equal((await client.send('POST', '/api/orders', { body: {} })).body, 'b');
  assert.equal((await client.send('GET', '/api')).body, 'b');
  assert.deepEqual(other.seen, ['POST /api/orders', 'GET /api']);
});

test('two Centrals: an order that one may have received is not given to the other by itself; a question is', async () => {
  const one = await serve('a', { hangsUp: true });
  const other = await serve('b');
  const client = createClientOfSeveral([one.url, other.url], {});
  await assert.rejects(client.send('POST', '/api/orders', { body: {} }), HttpUnreachable);
  assert.deepEqual([one.seen.length, other.seen.length], [1, 0]);
  assert.equal((await client.send('POST', '/api/orders', { body: {} })).body, 'b', 'the next one goes to the other');
  const asking = createClientOfSeveral([one.url, other.url], {});
  assert.equal((await asking.send('GET', '/api')).body, 'b');
});

test('two Centrals: when none can be reached that is told, after each was asked once', async () => {
  const client = createClientOfSeveral([await gone(), await gone()], {});
  await assert.rejects(client.send('GET', '/api'), HttpUnreachable);
});
