import { createPrivateKey } from 'node:crypto';
import type { CertificateAuthority } from './certificate-authority.ts';
import { CENTRAL_IDENTITY_NAME, type CentralIdentity, loadCentralIdentity } from './driver-handshake.ts';
import type { MasterKey } from './master-key.ts';

/** What stands before the 32 bytes of an Ed25519 private key in PKCS#8. */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

/**
 * Central's identity: its key follows from the master key, so that every replica, and a restarted one, signs with the
 * same; whoever verified one certificate can go on verifying `Status_*`.
 */
export async function centralIdentity(
  ca: CertificateAuthority,
  masterKey: MasterKey,
  nowMs: number,
): Promise<CentralIdentity> {
  const seed = masterKey.keyFor('central-identity').export();
  const der = Buffer.concat([PKCS8_PREFIX, seed]);
  const keyPem = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }).export({ type: 'pkcs8', format: 'pem' });
  return loadCentralIdentity(await ca.issueIdentity(CENTRAL_IDENTITY_NAME, nowMs, keyPem.toString()));
}
