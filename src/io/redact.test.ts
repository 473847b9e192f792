import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createLog } from './log.ts';
import { isSecretName, redact, redactText } from './redact.ts';

const secretNames = [
  ...['password', 'newPassword', 'secret', 'cpSecret', 'enrolmentToken', 'issuedToken', 'session_token', 'api_key'],
  ...['key', 'privateKeyPem', 'private_key', 'masterKey', 'Authorization', 'cookie', 'set-cookie', 'joinCode', 'keys'],
];
const harmlessNames = ['keyId', 'key_id', 'tokenName', 'tokenCount', 'isTokenValid', 'code', 'cpId', 'passes', 'state'];

describe('redaction (F-48)', () => {
  it('knows names of secrets from names about secrets', () => {
    assert.deepEqual(
      secretNames.filter((name) => !isSecretName(name)),
      [],
    );
    assert.deepEqual(harmlessNames.filter(isSecretName), []);
  });

  it('hides secrets at any depth, and bytes altogether', () => {
    const given = { cpId: 'CP001', list: [{ secret: 'abc', keyId: 'k1' }], bytes: Buffer.from('abc'), isSecret: true };
    assert.deepEqual(redact(given), {
      cpId: 'CP001',
      list: [{ secret: '[redacted]', keyId: 'k1' }],
      bytes: '[3 bytes]',
      isSecret: true,
    });
  });

  it('cuts secrets out of free text and errors', () => {
    const pem = '-----BEGIN PRIVATE KEY-----\nMIGH\n-----END PRIVATE KEY-----';
    const text = `a ${pem} b Bearer abcdefgh1234 c $argon2id$v=19$m=1,t=1,p=1$abc$def d postgres://ev:pw@host/db`;
    assert.equal(redactText(text), 'a [redacted] b [redacted] c [redacted] d postgres://[redacted]@host/db');
    const error = new Error(`no: ${pem}`, { cause: Object.assign(new Error('inner'), { code: 'E1', token: 'abc' }) });
    const shown = JSON.stringify(redact({ err: error }));
    assert.match(shown, /"code":"E1"/);
    assert.doesNotMatch(shown, /MIGH|abc/);
  });

  it('ends on circles and bounds what is long', () => {
    const circle: Record<string, unknown> = { text: 'x'.repeat(10_000) };
    circle.self = circle;
    assert.ok(JSON.stringify(redact(circle)).length < 20_000);
  });
});

describe('log', () => {
  it('writes JSON with its component, without secrets, from its level on', () => {
    const output: string[] = [];
    const log = createLog('central', { level: 'warn', destination: { write: (text) => void output.push(text) } });
    log.info('not shown');
    log.warn({ cpId: 'CP001', secret: 'abc', err: new Error('broken') }, 'shown');
    log.child({ token: 'abc' }).error('also');
    const lines = output.map((line) => JSON.parse(line));
    assert.equal(lines.length, 2);
    assert.deepEqual(
      [lines[0].component, lines[0].level, lines[0].cpId, lines[0].secret, lines[0].err.message, lines[0].msg],
      ['central', 'warn', 'CP001', '[redacted]', 'broken', 'shown'],
    );
    assert.equal(JSON.stringify(lines).includes('abc'), false, 'not through a child either');
  });
});
