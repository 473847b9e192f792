import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { type WebSocket, WebSocketServer } from 'ws';
import type { LiveHello } from '../messages/live-stream.ts';
import { openLivePage } from './live-page.ts';
import { until } from './until.ts';

function hello(feed: string, isCentralReachable: boolean): string {
  const upstream = { isCentralReachable };
  const said: LiveHello = {
    ...{ type: 'hello', feed, streamId: 'stream', seq: 0, serverTimeMs: 1, dataAtMs: 1, upstream },
    ...{ snapshot: { points: { CP001: { state: 'AVAILABLE' } } }, readings: [] },
  };
  return JSON.stringify(said);
}

test('a page is live only while each feed has been heard on its open socket: what it keeps from before a cut is not', async (t) => {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  t.after(() => server.close());
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const page = openLivePage({ baseUrl: `http://127.0.0.1:${port}` });
  t.after(() => page.close());
  const [first] = (await once(server, 'connection')) as [WebSocket];
  assert.equal(page.isLive('me'), false);
  first.send(hello('me', false));
  await until('it is heard', () => page.entity('me', 'points', 'CP001') !== undefined);
  assert.equal(page.isLive('me'), false, 'Central does not stand behind it');
  first.send(hello('me', true));
  await until('Central is there', () => page.isLive('me'));
  assert.equal(page.isLive('points'), false, 'another feed was not heard');

  const again = once(server, 'connection');
  first.terminate();
  await until('the cut is noticed', () => !page.isLive('me'));
  const [second] = (await again) as [WebSocket];
  second.send(hello('points', true));
  await until('another feed is heard', () => page.isLive('points'));
  assert.notEqual(page.entity('me', 'points', 'CP001'), undefined, 'it is still shown');
  assert.equal(page.isLive('me'), false, 'but it is from before');
  second.send(hello('me', true));
  await until('it is heard again', () => page.isLive('me'));
});
