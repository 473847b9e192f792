import { join } from 'node:path';
import { BROKER_SUBJECT } from '../io/channels/kafka-users.ts';
import { systemClock } from '../io/clock.ts';
import type { CertificateAuthority } from '../io/crypto/certificate-authority.ts';
import { covers, isDueForRenewal, isUsableCertificate } from '../io/crypto/certificate-check.ts';
import type { MasterKey } from '../io/crypto/master-key.ts';
import { serviceNames } from '../io/crypto/service-leaf.ts';
import { createLog } from '../io/log.ts';
import { openDatabase } from '../io/postgres/database.ts';
import { openTrust } from '../io/postgres/network-trust.ts';
import { readIfThere } from '../io/private-files.ts';
import { writeSecretFile } from '../io/secret-file.ts';

/** Where a broker's certificate lies, and who signs it. */
export type BrokerCertificate = {
  folder: string;
  /** Names and addresses by which it is dialled. */
  names: readonly string[];
  /** Central's, which may read the authority's sealed key. */
  databaseUrl(): string;
  masterKey(): MasterKey;
};

/** The two PEM files that the broker reads: key, certificate and authority; and the authority alone. */
export function brokerCertificateFiles(folder: string): { keyFile: string; authorityFile: string } {
  return { keyFile: join(folder, 'broker.pem'), authorityFile: join(folder, 'authority.pem') };
}

/** True while the certificate can be used as it is: known names, less than two thirds of its life gone. */
export function isBrokerCertificateGood({ folder, names }: Pick<BrokerCertificate, 'folder' | 'names'>): boolean {
  const { keyFile, authorityFile } = brokerCertificateFiles(folder);
  const [pem, caPem] = [readIfThere(keyFile), readIfThere(authorityFile)];
  const [privateKeyPem, certificatePem] = pem?.match(/-----BEGIN[\s\S]+?-----END [A-Z ]+-----/g) ?? [];
  if (caPem === undefined || certificatePem === undefined || privateKeyPem === undefined) return false;
  const isOurs = isUsableCertificate({ certificatePem, privateKeyPem, caPem });
  return isOurs && !isDueForRenewal(certificatePem, systemClock.nowMs()) && covers(certificatePem, names);
}

/** Has the broker's certificate signed unless it is good: at each start of the broker, so it never lapses unseen. */
export async function ensureBrokerCertificate(wanted: BrokerCertificate): Promise<void> {
  if (isBrokerCertificateGood(wanted)) return;
  const log = createLog('kafka-certificate', { level: 'silent' });
  const database = openDatabase({ url: wanted.databaseUrl(), log, poolSize: 1, applicationName: 'ev kafka' });
  try {
    const { ca } = await openTrust(database, wanted.masterKey());
    await writeBrokerCertificate(ca, wanted);
  } finally {
    await database.close();
  }
}

/** Signs a certificate for a broker and writes its two files. */
export async function writeBrokerCertificate(
  ca: CertificateAuthority,
  { folder, names }: Pick<BrokerCertificate, 'folder' | 'names'>,
): Promise<void> {
  const leaf = await ca.issueLeaf(serviceNames(BROKER_SUBJECT, names), systemClock.nowMs());
  const { keyFile, authorityFile } = brokerCertificateFiles(folder);
  writeSecretFile(keyFile, `${leaf.privateKeyPem}${leaf.certificatePem}${ca.certificatePem}`);
  writeSecretFile(authorityFile, ca.certificatePem);
}
