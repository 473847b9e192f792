import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { describe, it } from 'node:test';
import { createAuthorityMaterial, openAuthority } from './certificate-authority.ts';
import { certificateFacts, isDueForRenewal, isUsableCertificate } from './certificate-check.ts';
import { createCertificateRequest } from './csr.ts';
import { CENTRAL_IDENTITY_NAME, loadCentralIdentity, verifyIdentityCertificate } from './driver-handshake.ts';

const DAY_MS = 86_400_000;
const nowMs = Date.UTC(2026, 10, 24);
const material = await createAuthorityMaterial('EV test network', nowMs);
const authority = await openAuthority(material);
const other = await openAuthority(await createAuthorityMaterial('EV test network', nowMs));

describe('certificate authority', () => {
  it('issues leaves for names and addresses that verify against it and against no other', async () => {
    const names = { subject: 'central', dnsNames: ['localhost', 'central'], ipAddresses: ['127.0.0.1', '::1'] };
    const leaf = await authority.issueLeaf(names, nowMs);
    const certificate = new X509Certificate(leaf.certificatePem);
    assert.equal(certificate.checkHost('central'), 'central');
    assert.equal(certificate.checkIP('127.0.0.1'), '127.0.0.1');
    assert.equal(certificate.checkHost('elsewhere'), undefined);
    assert.equal(certificate.ca, false);
    const pair = { ...leaf, caPem: authority.certificatePem };
    assert.equal(isUsableCertificate(pair), true);
    assert.equal(isUsableCertificate({ ...pair, caPem: other.certificatePem }), false, 'same name, other key');
    assert.equal(isUsableCertificate({ ...pair, certificatePem: 'nonsense' }), false);
    const stranger = await authority.issueLeaf(names, nowMs);
    assert.equal(isUsableCertificate({ ...pair, privateKeyPem: stranger.privateKeyPem }), false);
  });

  it('gives leaves 90 days and has them renewed at two thirds', async () => {
    const leaf = await authority.issueLeaf({ subject: 'central' }, nowMs);
    const { notAfterMs } = certificateFacts(leaf.certificatePem);
    assert.equal(notAfterMs, nowMs + 90 * DAY_MS);
    assert.equal(isDueForRenewal(leaf.certificatePem, nowMs + 59 * DAY_MS), false);
    assert.equal(isDueForRenewal(leaf.certificatePem, nowMs + 60 * DAY_MS), true);
  });

  it('signs the key of a request under the name that we choose', async () => {
    const request = await createCertificateRequest('cp:CP999');
    const certificatePem = await authority.signRequest(request.csrPem, { subject: 'cp:CP001' }, nowMs);
    assert.equal(certificateFacts(certificatePem).subject, 'cp:CP001');
    const pair = { certificatePem, privateKeyPem: request.privateKeyPem, caPem: authority.certificatePem };
    assert.equal(isUsableCertificate(pair), true);
  });

  it('refuses a request that is nonsense, too long, or whose signature is wrong', async () => {
    const { csrPem } = await createCertificateRequest('cp:CP001');
    const der = Buffer.from(csrPem.split('\n').slice(1, -2).join(''), 'base64');
    der[der.length - 5] = der[der.length - 5]! ^ 1;
    const forged = `-----BEGIN CERTIFICATE REQUEST-----\n${der.toString('base64')}\n-----END CERTIFICATE REQUEST-----\n`;
    for (const bad of ['', 'nonsense', forged, `${csrPem}${' '.repeat(9_000)}`, authority.certificatePem]) {
      await assert.rejects(authority.signRequest(bad, { subject: 'cp:CP001' }, nowMs), { code: 'CSR_INVALID' });
    }
  });

  it('issues an identity that drivers accept, and only from the pinned authority', async () => {
    const identity = await authority.issueIdentity(CENTRAL_IDENTITY_NAME, nowMs);
    assert.ok(loadCentralIdentity(identity));
    const { certificatePem } = identity;
    assert.ok(verifyIdentityCertificate(certificatePem, authority.certificatePem, nowMs));
    assert.equal(verifyIdentityCertificate(certificatePem, other.certificatePem, nowMs), undefined);
    assert.equal(verifyIdentityCertificate(certificatePem, authority.certificatePem, nowMs + 91 * DAY_MS), undefined);
    const leaf = await authority.issueLeaf({ subject: CENTRAL_IDENTITY_NAME }, nowMs);
    assert.equal(verifyIdentityCertificate(leaf.certificatePem, authority.certificatePem, nowMs), undefined);
  });

  it('has a fingerprint that anybody can compute from ca.pem', () => {
    const expected = new X509Certificate(material.certificatePem).fingerprint256.replaceAll(':', '').toLowerCase();
    assert.equal(authority.fingerprint, expected);
    assert.match(material.privateKeyPem, /^-----BEGIN PRIVATE KEY-----/, 'PKCS#8, which Kafka reads too');
  });
});
