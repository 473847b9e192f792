import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Type } from 'typebox';
import { createLog } from '../log.ts';
import { noContent, problems } from './openapi.ts';
import { HttpProblem } from './problem.ts';
import { refuseForeignWrites } from './same-origin.ts';
import { createHttpServer, listen } from './server.ts';

async function setUp() {
  const app = await createHttpServer({
    name: 'test',
    log: createLog('test', { level: 'silent' }),
    readiness: () => ({ database: false }),
    maxBodyBytes: 1_000,
    openapi: { title: 'T', description: 'D' },
  });
  refuseForeignWrites(app);
  app.post(
    '/api/echo',
    { schema: { body: Type.Object({ n: Type.Integer({ minimum: 1 }) }, { additionalProperties: false }) } },
    (request) => request.body,
  );
  app.get('/api/no', () => {
    throw new HttpProblem(409, 'CP_EXISTS', { params: { cpId: 'CP001' } });
  });
  app.get('/api/away', () => {
    throw Object.assign(new Error('secret detail'), { code: 'DATABASE_UNAVAILABLE', canRetry: true });
  });
  app.get('/api/broken', () => {
    throw new Error('secret detail');
  });
  return app;
}

test('every refusal is problem+json with a closed code and the request id, and tells nothing of the inside', async () => {
  const app = await setUp();
  const cases = [
    [{ method: 'POST', url: '/api/echo', payload: { n: 0 } }, 400, 'INVALID_REQUEST'],
    [{ method: 'POST', url: '/api/echo', payload: { n: 1, surplus: 2 } }, 400, 'INVALID_REQUEST'],
    [
      { method: 'POST', url: '/api/echo', payload: '{"n":', headers: { 'content-type': 'application/json' } },
      400,
      'INVALID_REQUEST',
    ],
    [
      { method: 'POST', url: '/api/echo', payload: '<n/>', headers: { 'content-type': 'text/xml' } },
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    [{ method: 'POST', url: '/api/echo', payload: { n: 1, text: 'x'.repeat(2_000) } }, 413, 'BODY_TOO_LARGE'],
    [{ method: 'GET', url: '/api/no' }, 409, 'CP_EXISTS'],
    [{ method: 'GET', url: '/api/away' }, 503, 'DATABASE_UNAVAILABLE'],
    [{ method: 'GET', url: '/api/broken' }, 500, 'INTERNAL_ERROR'],
    [{ method: 'GET', url: '/nowhere' }, 404, 'NOT_FOUND'],
    [
      { method: 'POST', url: '/api/echo', payload: { n: 1 }, headers: { origin: 'https://elsewhere.example' } },
      403,
      'FOREIGN_ORIGIN',
    ],
  ] as const;
  for (const [request, status, code] of cases) {
    const answer = await app.inject(request);
    const body = answer.json() as Record<string, unknown>;
    assert.equal(answer.statusCode, status, `${request.method} ${request.url}: ${answer.body}`);
    assert.match(String(answer.headers['content-type']), /^application\/problem\+json/);
    assert.equal(body.code, code);
    assert.match(String(body.requestId), /^[0-9a-f-]{36}$/);
    assert.ok(!answer.body.includes('secret detail'));
  }
  await app.close();
});

test('health, readiness, metrics and OpenAPI are there', async () => {
  const app = await setUp();
  assert.equal((await app.inject('/healthz')).statusCode, 200);
  const ready = await app.inject('/readyz');
  assert.equal(ready.statusCode, 503);
  assert.deepEqual(ready.json().checks, { database: false });
  assert.match((await app.inject('/metrics')).body, /process_cpu_seconds_total/);
  assert.match((await app.inject('/docs/json')).body, /"\/api\/echo"/);
  await app.close();
});

test('plain HTTP on anything but loopback is refused', async () => {
  const app = await setUp();
  await assert.rejects(listen(app, { host: '0.0.0.0', port: 0, hasTls: false }), /TLS_CERT_FILE/);
  await app.close();
});

test('callers behind one address have a budget each, an unknown one shares the address’s, and the address has its bound', async () => {
  const app = await createHttpServer({
    ...{ name: 'test', log: createLog('test', { level: 'silent' }), ratePerMinute: 2, ratePerAddress: 6 },
    callerOf: (request) => request.headers['x-caller'] as string | undefined,
  });
  app.get('/one', () => 'ok');
  const ask = async (caller?: string) =>
    (await app.inject({ method: 'GET', url: '/one', headers: caller ? { 'x-caller': caller } : {} })).statusCode;
  const answers: number[] = [];
  for (const caller of ['ANA', 'ANA', 'ANA', 'BOB', undefined, undefined, 'EVE']) answers.push(await ask(caller));
  assert.deepEqual(answers, [200, 200, 429, 200, 200, 200, 429]);
  await app.close();
});

test('R2-14: a known path with a wrong method is 405 and names the right ones', async () => {
  const app = await setUp();
  const answer = await app.inject({ method: 'DELETE', url: '/api/echo' });
  assert.equal(answer.statusCode, 405);
  assert.equal(answer.headers.allow, 'POST');
  assert.equal(answer.json().code, 'METHOD_NOT_ALLOWED');
  assert.equal((await app.inject({ method: 'QUERY' as 'GET', url: '/api/echo' })).statusCode, 405);
  await app.close();
});

test('S-API-14: a polled answer has an ETag; asked for again with it, it is not sent again until it changes', async () => {
  const app = await createHttpServer({ name: 'test', log: createLog('test', { level: 'silent' }) });
  let total = 1;
  app.get('/api/points', { config: { isPolled: true } }, () => ({ total }));
  const first = await app.inject('/api/points');
  const tag = String(first.headers.etag);
  assert.match(tag, /^W\/"/);
  const again = await app.inject({ url: '/api/points', headers: { 'if-none-match': `"other", ${tag}` } });
  assert.deepEqual([again.statusCode, again.body], [304, '']);
  total = 2;
  const changed = await app.inject({ url: '/api/points', headers: { 'if-none-match': tag } });
  assert.deepEqual([changed.statusCode, changed.json()], [200, { total: 2 }]);
  await app.close();
});

test('S-API-13: over the limit is 429 with Retry-After; other origins are told nothing unless they are listed', async () => {
  const app = await createHttpServer({
    name: 'test',
    log: createLog('test', { level: 'silent' }),
    ratePerMinute: 2,
    corsOrigins: ['https://partner.example'],
  });
  app.get('/api/points', () => ({}));
  const ask = (origin: string) => app.inject({ url: '/api/points', headers: { origin } });
  assert.equal(
    (await ask('https://partner.example')).headers['access-control-allow-origin'],
    'https://partner.example',
  );
  assert.equal((await ask('https://other.example')).headers['access-control-allow-origin'], undefined);
  const limited = await ask('https://partner.example');
  assert.equal(limited.statusCode, 429);
  assert.ok(Number(limited.headers['retry-after']) > 0);
  assert.equal(limited.json().code, 'TOO_MANY_REQUESTS');
  await app.close();
});

test('S-API-14: the document names every answer of a route, also those that the server itself gives', async () => {
  const app = await createHttpServer({
    name: 'test',
    log: createLog('test', { level: 'silent' }),
    openapi: {
      title: 'T',
      description: 'D',
      security: { token: { type: 'http', scheme: 'bearer', description: 'a token' } },
    },
  });
  const params = Type.Object({ cpId: Type.String() });
  app.delete('/api/points/:cpId', { schema: { params, response: { ...noContent(), ...problems(401, 404) } } }, () => {
    throw new HttpProblem(404, 'CP_UNKNOWN');
  });
  app.get('/api/points', { schema: { response: problems(401), security: [{}] } }, () => ({}));
  const pair = Type.Tuple([Type.Integer(), Type.Integer()]);
  const body = Type.Union([Type.Object({ n: Type.Integer() }), Type.Null()]);
  app.post('/api/points', { schema: { body, response: { 200: Type.Object({ pair }) } } }, () => ({
    pair: [1, 2] as [number, number],
  }));
  const refused = await app.inject({ method: 'DELETE', url: '/api/points/CP001' });
  assert.deepEqual([refused.statusCode, refused.json().code], [404, 'CP_UNKNOWN']);
  const { paths, components } = (await app.inject('/docs/json')).json();
  const remove = paths['/api/points/{cpId}'].delete;
  assert.deepEqual(Object.keys(remove.responses), ['204', '400', '401', '403', '404', '413', '415', '429', '503']);
  assert.deepEqual(remove.security, [{ token: [] }]);
  assert.deepEqual(paths['/api/points'].get.security, [{}, { token: [] }]);
  assert.equal(remove.responses['404'].content['application/problem+json'].schema.$ref, '#/components/schemas/Problem');
  assert.ok(components.schemas.Problem.properties.code);
  const { requestBody, responses } = paths['/api/points'].post;
  assert.equal(requestBody.required, false, 'a body that may be null may be left out');
  const described = responses['200'].content['application/json'].schema.properties.pair;
  assert.deepEqual([described.prefixItems.length, described.items], [2, false], 'a tuple as OpenAPI 3.1 has it');
  assert.deepEqual((await app.inject({ method: 'POST', url: '/api/points' })).json(), { pair: [1, 2] });
  await app.close();
});
