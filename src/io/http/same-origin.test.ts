import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { createLog } from '../log.ts';
import { forwardApi } from './forward.ts';
import { refuseForeignHosts, refuseForeignWrites } from './same-origin.ts';
import { createHttpServer } from './server.ts';

async function setUp(listensOn: string) {
  const app = await createHttpServer({ name: 'test', log: createLog('test', { level: 'silent' }) });
  refuseForeignHosts(app, listensOn);
  refuseForeignWrites(app, (headers) => headers['x-ev-forwarder'] !== undefined);
  app.post('/api/fault', () => ({ isAccepted: true }));
  return app;
}

async function post(app: Awaited<ReturnType<typeof setUp>>, headers: Record<string, string>) {
  const { statusCode, body } = await app.inject({ method: 'POST', url: '/api/fault', headers });
  return `${statusCode} ${JSON.parse(body).code ?? 'accepted'}`;
}

test('a page of another port of this computer, which is the same site for cookies, cannot write', async () => {
  const app = await setUp('127.0.0.1');
  const host = '127.0.0.1:5000';
  assert.equal(await post(app, { host }), '200 accepted');
  assert.equal(await post(app, { host, origin: `http://${host}` }), '200 accepted');
  assert.equal(await post(app, { host, origin: 'http://127.0.0.1:9999' }), '403 FOREIGN_ORIGIN');
  assert.equal(await post(app, { host, origin: 'null' }), '403 FOREIGN_ORIGIN');
  assert.equal(await post(app, { host, origin: 'http://127.0.0.1:9999', 'x-ev-forwarder': 'a' }), '200 accepted');
  await app.close();
});

test('a site that lets its name point to 127.0.0.1 (DNS rebinding) is no origin of ours', async () => {
  const app = await setUp('127.0.0.1');
  const rebound = { host: 'evil.example:5050', origin: 'http://evil.example:5050' };
  assert.equal(await post(app, rebound), '403 FOREIGN_HOST');
  for (const host of ['localhost:5050', '[::1]:5050', '127.0.0.1:5050']) {
    assert.equal(await post(app, { host, origin: `http://${host}` }), '200 accepted', host);
  }
  await app.close();
  const onNetwork = await setUp('0.0.0.0');
  assert.equal(await post(onNetwork, rebound), '200 accepted', 'on a network the names are the administrator’s own');
  await onNetwork.close();
});

test('dot segments do not lead out of what a web forwards', async () => {
  const app = await createHttpServer({ name: 'test', log: createLog('test', { level: 'silent' }) });
  const asked: string[] = [];
  const client = {
    open: async (_method: string, path: string) => {
      asked.push(path);
      return { status: 200, headers: {}, body: Readable.from(['{}']) };
    },
  };
  forwardApi(app, { prefix: '/api/engine', target: '/api', client, unreachableCode: 'ENGINE_UNREACHABLE' });
  for (const url of ['/api/engine/../metrics', '/api/engine/%2e%2e/metrics', '/api/engine/a/../../docs']) {
    // As raw paths: a client that is not a browser does not fold them.
    assert.equal((await app.inject({ method: 'GET', url: { pathname: url } })).statusCode, 404, url);
  }
  assert.equal((await app.inject({ method: 'GET', url: '/api/engine/state' })).statusCode, 200);
  assert.deepEqual(asked, ['/api/state']);
  await app.close();
});

test('an address that cannot be decoded is refused in the same form as everything else', async () => {
  const app = await setUp('127.0.0.1');
  const answer = await app.inject({ method: 'GET', url: '/%', headers: { host: '127.0.0.1' } });
  assert.equal(answer.statusCode, 400);
  assert.match(String(answer.headers['content-type']), /^application\/problem\+json/);
  assert.equal(answer.json().code, 'INVALID_REQUEST');
  await app.close();
});
