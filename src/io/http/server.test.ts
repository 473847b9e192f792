import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Type } from 'typebox';
import { createLog } from '../log.ts';
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
