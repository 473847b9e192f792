import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { openSecretLines } from '../../io/secret-lines.ts';
import { monitorArguments } from './config.ts';
import { type Credential, fileCredentialStore } from './credential.ts';

const folder = mkdtempSync(join(tmpdir(), 'ev-credential-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const credential: Credential = {
  ...{ cpId: 'CP001', secret: 's', certificatePem: 'c', privateKeyPem: 'k', caPem: 'a' },
  registeredAtMs: 1,
};

describe('the Monitor’s credential', () => {
  it('is written whole, readable by its owner only, and found again', () => {
    const home = join(folder, 'CP001');
    const store = fileCredentialStore(home, 'CP001');
    assert.equal(store.load(), undefined);
    store.save(credential);
    assert.deepEqual(fileCredentialStore(home, 'CP001').load(), credential);
    assert.equal(statSync(join(home, 'credential.json')).mode & 0o777, 0o600);
    assert.equal(statSync(home).mode & 0o777, 0o700);
    store.save({ ...credential, secret: 't' });
    assert.equal(store.load()?.secret, 't');
    store.remove();
    assert.equal(store.load(), undefined);
  });

  it('of another point is refused by name', () => {
    fileCredentialStore(folder, 'CP001').save(credential);
    assert.throws(() => fileCredentialStore(folder, 'CP002').load(), /belongs to CP001, not to CP002/);
  });

  it('a fleet’s lines survive a torn last one', async () => {
    const path = join(folder, 'fleet', 'credentials.ndjson');
    const lines = openSecretLines(path);
    lines.append({ cpId: 'A' });
    await lines.stop();
    writeFileSync(path, `${readFileSync(path, 'utf8')}{"cpId":"B","sec`);
    const again = openSecretLines(path);
    again.append({ cpId: 'C' });
    await again.stop();
    const third = openSecretLines(path);
    await third.stop();
    assert.deepEqual(third.values, [{ cpId: 'A' }, { cpId: 'C' }]);
    assert.equal(statSync(path).mode & 0o777, 0o600);
  });
});

describe('R1-21 EV_CP_M’s arguments', () => {
  it('engine ip:port, Central ip:port, id, together or apart', () => {
    const wanted = ['10.0.0.2', '8010', '10.0.0.1:8020', 'CP001'];
    assert.deepEqual(monitorArguments(['10.0.0.2:8010', '10.0.0.1:8020', 'CP001']), wanted);
    assert.deepEqual(monitorArguments(['10.0.0.2', '8010', '10.0.0.1', '8020', 'CP001']), wanted);
  });
});
