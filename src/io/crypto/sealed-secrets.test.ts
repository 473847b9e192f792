import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { createMasterKeyFile, loadMasterKey } from './master-key.ts';
import { createSealedSecrets } from './sealed-secrets.ts';
import { equalsConstantTime, hmacOfParts, isTokenOfHash, newToken, sha256 } from './tokens.ts';

const folder = mkdtempSync(join(tmpdir(), 'ev-master-key-'));
after(() => rmSync(folder, { recursive: true }));

describe('sealed secrets', () => {
  const masterKey = loadMasterKey({ value: newToken() });
  const secrets = createSealedSecrets(masterKey);
  const place = { purpose: 'cp-secret', rowId: 'CP001' };

  it('opens what it sealed, and never seals the same way twice', () => {
    const sealed = secrets.seal('secret', place);
    assert.equal(secrets.open(sealed, place).toString(), 'secret');
    assert.notDeepEqual(sealed, secrets.seal('secret', place));
    assert.equal(sealed.includes('secret'), false);
  });

  it('refuses another row, another purpose, another master key and any changed byte', () => {
    const sealed = secrets.seal('secret', place);
    const stranger = createSealedSecrets(loadMasterKey({ value: newToken() }));
    assert.throws(() => secrets.open(sealed, { ...place, rowId: 'CP002' }), { code: 'SEAL_BROKEN' });
    assert.throws(() => secrets.open(sealed, { ...place, purpose: 'encryption-key' }), { code: 'SEAL_BROKEN' });
    assert.throws(() => stranger.open(sealed, place), { code: 'SEAL_BROKEN' });
    for (let at = 0; at < sealed.length; at++) {
      const changed = Buffer.from(sealed);
      changed[at] = changed[at]! ^ 1;
      assert.throws(() => secrets.open(changed, place), { code: 'SEAL_BROKEN' }, `byte ${at}`);
    }
    assert.throws(() => secrets.open(Buffer.alloc(5), place), { code: 'SEAL_BROKEN' });
  });
});

describe('master key', () => {
  it('is made once in a file that only its owner reads, and is found again', () => {
    const path = join(folder, 'master.key');
    const made = createMasterKeyFile(path);
    assert.equal(statSync(path).mode & 0o777, 0o600);
    const loaded = loadMasterKey({ path });
    assert.deepEqual([loaded.id, loaded.checkValue], [made.id, made.checkValue]);
    assert.ok(made.id >= 1 && made.id <= 32_767, 'fits the smallint column');
    assert.throws(() => createMasterKeyFile(path), { code: 'EEXIST' });
  });

  it('refuses a file that others can read', () => {
    const path = join(folder, 'open.key');
    createMasterKeyFile(path);
    chmodSync(path, 0o640);
    assert.throws(() => loadMasterKey({ path }), { code: 'MASTER_KEY_UNSAFE' });
  });

  it('refuses keys of a wrong length or that are not random', () => {
    const path = join(folder, 'short.key');
    writeFileSync(path, 'abcd', { mode: 0o600 });
    assert.throws(() => loadMasterKey({ path }), { code: 'MASTER_KEY_INVALID' });
    for (const value of ['', '00'.repeat(32), 'ab'.repeat(31), 'ab'.repeat(33), 'x'.repeat(64)]) {
      assert.throws(() => loadMasterKey({ value }), { code: 'MASTER_KEY_INVALID' });
    }
  });

  it('reads hex and base64 of the same bytes alike', () => {
    const bytes = sha256('any');
    const ids = [bytes.toString('hex'), bytes.toString('base64'), bytes.toString('base64url')].map(
      (value) => loadMasterKey({ value }).checkValue,
    );
    assert.equal(new Set(ids).size, 1);
  });
});

describe('tokens', () => {
  it('are 32 random bytes, recognised by their hash', () => {
    const token = newToken();
    assert.match(token, /^[\w-]{43}$/);
    assert.notEqual(token, newToken());
    assert.equal(isTokenOfHash(token, sha256(token)), true);
    assert.equal(isTokenOfHash(`${token}x`, sha256(token)), false);
    assert.equal(equalsConstantTime('a', 'ab'), false);
  });

  it('keep the parts of an HMAC apart', () => {
    assert.notDeepEqual(hmacOfParts('key', ['ab', 'c']), hmacOfParts('key', ['a', 'bc']));
  });
});
