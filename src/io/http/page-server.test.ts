import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { createAuthorityMaterial, openAuthority } from '../crypto/certificate-authority.ts';
import { createLog } from '../log.ts';
import { createPageServer } from './page-server.ts';

const folder = mkdtempSync(join(tmpdir(), 'ev-page-server-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const options = { name: 'page', log: createLog('page', { level: 'silent' }) };
const LOOPBACK = { host: '127.0.0.1', port: 0 };

test('a page on loopback is plain, and refuses what a foreign site or name asks of it', async () => {
  const { app, hasTls } = await createPageServer(LOOPBACK, options);
  app.post('/api/change', () => 'changed');
  app.get('/api/state', () => 'shown');
  const statusOf = async (method: 'GET' | 'POST', url: string, headers: Record<string, string>) =>
    (await app.inject({ method, url, headers })).statusCode;
  const host = '127.0.0.1:5000';
  assert.equal(hasTls, false);
  assert.equal(await statusOf('POST', '/api/change', { host }), 200);
  assert.equal(await statusOf('POST', '/api/change', { host, origin: 'https://elsewhere.example' }), 403);
  assert.equal(await statusOf('GET', '/api/state', { host, origin: 'https://elsewhere.example' }), 200);
  assert.equal(await statusOf('GET', '/api/state', { host: 'rebound.example' }), 403);
  await app.close();
});

test('with the files of a certificate it serves TLS; without them it listens nowhere but on loopback', async () => {
  const ca = await openAuthority(await createAuthorityMaterial('test', Date.now()));
  const leaf = await ca.issueLeaf({ subject: 'pages', ipAddresses: ['127.0.0.1'] }, Date.now());
  const file = join(folder, 'page.pem');
  writeFileSync(file, `${leaf.certificatePem}${leaf.privateKeyPem}`);
  const server = await createPageServer({ ...LOOPBACK, tlsCertFile: file, tlsKeyFile: file }, options);
  const { port } = await server.open(undefined);
  const status = await new Promise((resolve, reject) => {
    const asked = request({ ...{ host: '127.0.0.1', port, path: '/healthz' }, ca: ca.certificatePem, agent: false });
    asked.once('response', (answer) => resolve(answer.resume().statusCode)).once('error', reject);
    asked.end();
  });
  assert.deepEqual([server.hasTls, status], [true, 200]);
  await server.app.close();
  const plain = await createPageServer({ host: '0.0.0.0', port: 0 }, options);
  await assert.rejects(plain.open(undefined), /EV_HOST=0\.0\.0\.0 is not loopback: TLS_CERT_FILE/);
  await plain.app.close();
});
