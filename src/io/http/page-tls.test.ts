import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { connect } from 'node:tls';
import { createAuthorityMaterial, openAuthority } from '../crypto/certificate-authority.ts';
import { fingerprintOf } from '../crypto/certificate-check.ts';
import { createLog } from '../log.ts';
import { followPageTls, readPageTls } from './page-tls.ts';
import { createHttpServer, listen } from './server.ts';

const folder = mkdtempSync(join(tmpdir(), 'ev-page-tls-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const servedBy = (port: number, ca: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, ca }, () => {
      resolve(socket.getPeerX509Certificate()?.fingerprint256.replaceAll(':', '').toLowerCase() ?? '');
      socket.destroy();
    });
    socket.once('error', reject);
  });

test('a renewed certificate of a page serves without a restart, certificate and key from one file', async () => {
  const ca = await openAuthority(await createAuthorityMaterial('test', Date.now()));
  const file = join(folder, 'page.pem');
  const issue = async (): Promise<string> => {
    const leaf = await ca.issueLeaf({ subject: 'pages', ipAddresses: ['127.0.0.1'] }, Date.now());
    writeFileSync(file, `${leaf.certificatePem}${leaf.privateKeyPem}`);
    return fingerprintOf(leaf.certificatePem);
  };
  const first = await issue();
  const files = { tlsCertFile: file, tlsKeyFile: file };
  const log = createLog('page-tls', { level: 'silent' });
  const app = await createHttpServer({ name: 'page', log, tls: readPageTls(files) });
  followPageTls(app, { ...files, lookEveryMs: 20 }, (error) => assert.ifError(error));
  const { port } = await listen(app, { host: '127.0.0.1', port: 0, hasTls: true });
  assert.equal(await servedBy(port, ca.certificatePem), first);
  const second = await issue();
  let served = first;
  while (served === first) served = await servedBy(port, ca.certificatePem);
  assert.equal(served, second);
  await app.close();
});
