import assert from 'node:assert/strict';
import { argon2Sync } from 'node:crypto';
import { describe, it } from 'node:test';
import { createPasswords } from './password.ts';
import { formatArgonHash, parseArgonHash } from './password-hash.ts';

const passwords = createPasswords();

describe('passwords', () => {
  it('accepts the right one and no other, and salts each hash', async () => {
    const [first, second] = await Promise.all([passwords.hash('correct horse'), passwords.hash('correct horse')]);
    assert.notEqual(first, second);
    assert.match(first, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    assert.deepEqual(await passwords.verify('correct horse', first), { isValid: true, needsRehash: false });
    assert.deepEqual(await passwords.verify('correct horsf', first), { isValid: false, needsRehash: false });
    assert.deepEqual(await passwords.verify('', first), { isValid: false, needsRehash: false });
  });

  it('takes the same password typed in another Unicode form', async () => {
    const hash = await passwords.hash('contrase\u00f1a');
    assert.equal((await passwords.verify('contrasen\u0303a', hash)).isValid, true);
  });

  it('asks for a new hash when the stored cost is not ours', async () => {
    const salt = Buffer.alloc(16, 7);
    const cost = { memoryKiB: 64, passes: 1, parallelism: 1 };
    const message = Buffer.from('old');
    const hash = argon2Sync('argon2id', { message, nonce: salt, memory: 64, passes: 1, parallelism: 1, tagLength: 32 });
    const stored = formatArgonHash({ ...cost, salt, hash });
    assert.deepEqual(await passwords.verify('old', stored), { isValid: true, needsRehash: true });
  });

  it('spends as much on an unknown user as on a wrong password', async () => {
    const hash = await passwords.hash('known');
    const spent = async (stored: string | undefined) => {
      const startedAtMs = performance.now();
      assert.equal((await passwords.verify('wrong', stored)).isValid, false);
      return performance.now() - startedAtMs;
    };
    const unknown = Math.min(await spent(undefined), await spent(undefined), await spent(undefined));
    const known = Math.min(await spent(hash), await spent(hash), await spent(hash));
    assert.ok(unknown > known / 3, `${unknown} ms against ${known} ms`);
  });

  it('computes two at once and refuses beyond its queue', async () => {
    const narrow = createPasswords({ maxAtOnce: 2, maxWaiting: 1 });
    const three = [narrow.hash('a'), narrow.hash('b'), narrow.hash('c')];
    await assert.rejects(narrow.hash('d'), { code: 'PASSWORD_QUEUE_FULL', canRetry: true });
    assert.equal((await Promise.all(three)).length, 3);
    assert.ok(await narrow.hash('e'), 'there is room again');
  });

  it('refuses stored texts that are no argon2id hash or would cost too much', async () => {
    const good = await passwords.hash('x');
    const bad = [
      '',
      'plain',
      good.replace('argon2id', 'argon2i'),
      good.replace('m=19456', 'm=9999999'),
      good.replace('t=2', 't=99'),
    ];
    for (const stored of bad) await assert.rejects(passwords.verify('x', stored), { code: 'PASSWORD_HASH_INVALID' });
    assert.equal(parseArgonHash(good).hash.length, 32);
  });
});
