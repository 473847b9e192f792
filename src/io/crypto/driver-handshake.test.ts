import assert from 'node:assert/strict';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { createAuthorityMaterial, openAuthority } from './certificate-authority.ts';
import {
  agreeSessionKey,
  CENTRAL_IDENTITY_NAME,
  isSignedBy,
  lengthPrefixed,
  loadCentralIdentity,
  newEphemeral,
  signWithIdentity,
  verifyIdentityCertificate,
} from './driver-handshake.ts';

const DAY_MS = 86_400_000;
const nowMs = Date.now();
const authority = await openAuthority(await createAuthorityMaterial('test authority', nowMs));
const caPem = authority.certificatePem;

test('both sides agree the same key, and another transcript gives another key', () => {
  const client = newEphemeral();
  const central = newEphemeral();
  const transcript = randomBytes(40);
  const one = agreeSessionKey(client, central.publicKey, transcript);
  assert.deepEqual(one, agreeSessionKey(central, client.publicKey, transcript));
  assert.notDeepEqual(one, agreeSessionKey(central, client.publicKey, randomBytes(40)));
  assert.equal(one.length, 32);
});

test('a public key of low order is refused', () => {
  assert.throws(() => agreeSessionKey(newEphemeral(), Buffer.alloc(32), randomBytes(8)));
});

test("Central's identity is believed under its CA while its certificate lasts", async () => {
  const issued = await authority.issueIdentity(CENTRAL_IDENTITY_NAME, nowMs);
  const identity = loadCentralIdentity(issued);
  const verified = verifyIdentityCertificate(issued.certificatePem, caPem, nowMs);
  assert.ok(verified);
  assert.equal(verified.keyId, identity.keyId);
  const bytes = randomBytes(50);
  assert.ok(isSignedBy(verified, bytes, signWithIdentity(identity, bytes)));
  assert.equal(isSignedBy(verified, randomBytes(50), signWithIdentity(identity, bytes)), false);
  assert.equal(isSignedBy(verified, bytes, Buffer.alloc(3)), false);
  assert.equal(verifyIdentityCertificate(issued.certificatePem, caPem, nowMs + 91 * DAY_MS), undefined);
  assert.equal(verifyIdentityCertificate(issued.certificatePem, caPem, nowMs - DAY_MS), undefined);
});

test('nobody else is Central: another CA, another name, a TLS certificate of our CA, the CA itself, no certificate (F-50)', async () => {
  const other = await openAuthority(await createAuthorityMaterial('test authority', nowMs));
  const foreign = await other.issueIdentity(CENTRAL_IDENTITY_NAME, nowMs);
  const misnamed = await authority.issueIdentity('cp:CP001', nowMs);
  const leaf = await authority.issueLeaf({ subject: CENTRAL_IDENTITY_NAME }, nowMs);
  for (const pem of [foreign.certificatePem, misnamed.certificatePem, leaf.certificatePem, caPem, 'nothing']) {
    assert.equal(verifyIdentityCertificate(pem, caPem, nowMs), undefined);
  }
});

test('an identity key that does not belong to its certificate is refused at the start', async () => {
  const issued = await authority.issueIdentity(CENTRAL_IDENTITY_NAME, nowMs);
  const otherKey = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
  assert.throws(() => loadCentralIdentity({ ...issued, privateKeyPem: otherKey }));
});

test('lists of fields never look alike', () => {
  assert.notDeepEqual(lengthPrefixed(['ab', 'c']), lengthPrefixed(['a', 'bc']));
  assert.notDeepEqual(lengthPrefixed(['ab']), lengthPrefixed(['ab', '']));
});
